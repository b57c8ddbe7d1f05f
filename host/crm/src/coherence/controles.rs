//! `POST /api/anomalies/controles`.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::due;
use afpi_core::error::{Error, ErrorKind};
use afpi_core::id::LocalisationId;
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_http::input::Body;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::plugins::seat_name;
use afpi_platform::state::App;
use afpi_platform::{idempotency, localisations};

/// The site to audit.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = AnomalieControleCreate)]
pub struct Wanted {
    #[schema(value_type = Uuid)]
    localisation_id: LocalisationId,
}

/// Audit a site now. It happens by itself too: every day, and shortly after a change.
#[utoipa::path(post, path = "/controles", operation_id = "createAnomalieControle", tag = "anomalies", request_body = Wanted,
    responses((status = 202), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Body(wanted): Body<Wanted>,
) -> ApiResult<StatusCode> {
    caller.require(Action::AnomaliesAccept)?;
    let (site, scope) = (wanted.localisation_id, caller.scope());
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        localisations::writable(&mut tx, &scope, site).await?;
        if app.plugins.registry().auditors(&seat_name(site)).is_empty() {
            let title = text("Aucun contrôle possible", "Nothing to audit with");
            return Err(Error::new(ErrorKind::Conflict, title).detail(text(
                "Aucune extension de ce site ne contrôle la cohérence.",
                "No plugin of this site checks whether records fit together.",
            )));
        }
        due::enqueue(&mut tx, site).await?;
        idempotency::done(&mut tx, StatusCode::ACCEPTED, None).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    app.jobs.wake();
    Ok(StatusCode::ACCEPTED)
}
