//! `/api/api-keys`: the keys with which other programs use the API. How a key is let in stands in
//! [`afpi_platform::auth::api_key`].

mod create;
mod renew;
mod store;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use afpi_core::clock::{Day, Instant};
use afpi_core::id::UserId;
use afpi_core::rights::Action;
use afpi_core::text::Text;
use afpi_http::input::Id;
use afpi_http::paging::All;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::api_key::Scope;
use afpi_platform::auth::caller::Caller;
use afpi_platform::journal::{Activity, Change, Subject};
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::state::App;

/// A key of the API. Its secret is shown once, when it is made or renewed.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    #[schema(value_type = Uuid)]
    pub id: UserId,
    pub name: String,
    pub role_id: String,
    pub role_name: Text,
    pub localisations: Vec<LocalisationRef>,
    pub scopes: Vec<Scope>,
    /// Where it may be used from, as CIDR. Empty: from everywhere.
    pub networks: Vec<String>,
    /// The last day on which it counts, in Paris. Without one it does not end by itself.
    #[schema(required = true)]
    pub expires_on: Option<Day>,
    /// The last four characters of the secret.
    pub hint: String,
    /// Until when the secret before still counts.
    #[schema(required = true)]
    pub previous_ends_at: Option<Instant>,
    pub created_at: Instant,
    /// The name of the person who made it.
    pub created_by: String,
    /// To within a minute.
    #[schema(required = true)]
    pub last_used_at: Option<Instant>,
    /// The network address from which it was used then.
    #[schema(required = true)]
    pub last_used_from: Option<String>,
    #[schema(required = true)]
    pub revoked_at: Option<Instant>,
}

/// A key with its secret, which is shown this one time.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeySecret {
    pub key: ApiKey,
    /// `afpi_` and 38 letters and digits. Sent as `Authorization: Bearer <secret>`.
    pub secret: String,
}

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create::create))
        .routes(routes!(get, revoke))
        .routes(routes!(renew::renew))
}

fn line<'a>(caller: &Caller, request: &'a RequestId, id: UserId) -> Change<'a> {
    Change::by(caller, request.as_str(), Subject::ApiKey(id), None)
}

/// List the keys, the newest first. Revoked ones stay in the list.
#[utoipa::path(get, path = "/", operation_id = "listApiKeys", tag = "api-keys",
    responses((status = 200, body = All<ApiKey>), (status = 403, body = ProblemBody)))]
async fn list(State(app): State<App>, caller: Caller) -> ApiResult<Json<All<ApiKey>>> {
    caller.require(Action::IntegrationsManage)?;
    Ok(Json(All { data: store::all(&mut app.db.read().await?).await? }))
}

/// Read a key.
#[utoipa::path(get, path = "/{id}", operation_id = "getApiKey", tag = "api-keys", params(("id" = Uuid, Path)),
    responses((status = 200, body = ApiKey), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn get(State(app): State<App>, caller: Caller, Id(id): Id<UserId>) -> ApiResult<Json<ApiKey>> {
    caller.require(Action::IntegrationsManage)?;
    Ok(Json(store::load(&mut app.db.read().await?, id).await?))
}

/// Revoke a key. It stops working at once, everywhere, and for good.
#[utoipa::path(delete, path = "/{id}", operation_id = "revokeApiKey", tag = "api-keys", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn revoke(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<UserId>,
) -> ApiResult<StatusCode> {
    caller.require(Action::IntegrationsManage)?;
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let key = store::load(&mut tx, id).await?;
        if key.revoked_at.is_none() {
            store::revoke(&mut tx, id, Instant::now()).await?;
            line(&caller, &request, id).record(&mut tx, Activity::Revoked, vec![]).await?;
        }
        Ok::<_, afpi_core::error::Error>(tx.commit().await?)
    })
    .await?;
    tracing::info!(key.id = %id, user.id = %caller.id, "API key revoked");
    Ok(StatusCode::NO_CONTENT)
}
