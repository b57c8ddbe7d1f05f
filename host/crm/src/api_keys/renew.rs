//! `POST /api/api-keys/{id}/renewal`: another secret for the same key.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{ApiKeySecret, line, store};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind};
use afpi_core::id::UserId;
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_http::bounds::Int;
use afpi_http::input::{Body, Id};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::api_key::Secret;
use afpi_platform::auth::caller::Caller;
use afpi_platform::journal::Activity;
use afpi_platform::state::App;

/// How a secret is replaced.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApiKeyRenewal {
    /// How long the secret before still counts, in hours; 0: it ends at once.
    #[validate(nested)]
    pub grace_hours: Int<0, 168>,
}

/// Give a key another secret. The one before counts for a while, so that its program can change over without a pause.
#[utoipa::path(post, path = "/{id}/renewal", operation_id = "renewApiKey", tag = "api-keys", request_body = ApiKeyRenewal,
    params(("id" = Uuid, Path)),
    responses((status = 200, body = ApiKeySecret), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn renew(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<UserId>,
    Body(input): Body<ApiKeyRenewal>,
) -> ApiResult<Json<ApiKeySecret>> {
    caller.require(Action::IntegrationsManage)?;
    let secret = Secret::generate();
    let grace = Duration::from_secs(3600 * u64::try_from(input.grace_hours.get()).unwrap_or_default());
    let key = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        if store::load(&mut tx, id).await?.revoked_at.is_some() {
            return Err(Error::new(ErrorKind::Conflict, text("Cette clé est révoquée", "This key is revoked")));
        }
        let now = Instant::now();
        store::end_secrets(&mut tx, id, now, now + grace).await?;
        store::add_secret(&mut tx, id, &secret, now).await?;
        line(&caller, &request, id).record(&mut tx, Activity::SecretRenewed, vec![]).await?;
        let key = store::load(&mut tx, id).await?;
        tx.commit().await?;
        Ok(key)
    })
    .await?;
    tracing::info!(key.id = %id, user.id = %caller.id, "secret of an API key renewed");
    Ok(Json(ApiKeySecret { key, secret: secret.expose().to_owned() }))
}
