//! `PUT` and `DELETE /api/anomalies/{id}/acceptation`: a finding is as it should be, and the way back.

use afpi_db::{Conn, sql};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::read::{Anomalie, Row, load, show};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result};
use afpi_core::id::AnomalieId;
use afpi_core::rights::Action;
use afpi_core::scope::Loaded;
use afpi_http::input::{Body, Id};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Line;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{Activity, Change, Subject, field};
use afpi_platform::state::App;

/// Why a finding is as it should be.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = AnomalieAccept)]
pub struct Accepted {
    #[validate(nested)]
    reason: Line<300>,
}

/// Accept a finding with a reason. It stays accepted when later audits find it again.
#[utoipa::path(put, path = "/{id}/acceptation", operation_id = "acceptAnomalie", tag = "anomalies", request_body = Accepted,
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Anomalie), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub(super) async fn put(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<AnomalieId>,
    Body(input): Body<Accepted>,
) -> ApiResult<Json<Anomalie>> {
    set(&app, &caller, &request, id, Some(input.reason.as_str())).await
}

/// Open an accepted finding again.
#[utoipa::path(delete, path = "/{id}/acceptation", operation_id = "reopenAnomalie", tag = "anomalies", params(("id" = Uuid, Path)),
    responses((status = 200, body = Anomalie), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<AnomalieId>,
) -> ApiResult<Json<Anomalie>> {
    set(&app, &caller, &request, id, None).await
}

async fn set(
    app: &App,
    caller: &Caller,
    request: &RequestId,
    id: AnomalieId,
    reason: Option<&str>,
) -> ApiResult<Json<Anomalie>> {
    caller.require(Action::AnomaliesAccept)?;
    let scope = caller.scope();
    let after = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let before = load(&mut tx, &scope, id).await?;
        let now = Instant::now();
        sql("UPDATE anomalies SET accepted_at = ?, accepted_by = ?, reason = ? WHERE id = ?")
            .bind(reason.map(|_| now))
            .bind(reason.map(|_| caller.id))
            .bind(reason)
            .bind(id)
            .execute(&mut tx)
            .await?;
        told(&mut tx, caller, request, &before, reason).await?;
        let after = load(&mut tx, &scope, id).await?;
        idempotency::done(&mut tx, StatusCode::OK, None).await?;
        tx.commit().await?;
        Ok::<_, Error>(after)
    })
    .await?;
    Ok(Json(show(after.into_inner())))
}

/// Writes the journal of the record at fault; of one without a journal here that of the site.
async fn told(
    tx: &mut Conn,
    caller: &Caller,
    request: &RequestId,
    finding: &Loaded<Row>,
    reason: Option<&str>,
) -> Result<()> {
    let subject = finding.subjects.0.first();
    let id = subject.map(|subject| subject.uuid()).unwrap_or_default();
    let subject = match subject.map_or("", |subject| subject.kind.as_str()) {
        "opportunite" => Subject::Opportunite(id.into()),
        "session" => Subject::Session(id.into()),
        "formateur" => Subject::Formateur(id.into()),
        "salle" => Subject::Salle(id.into()),
        _ => Subject::Localisation(finding.site_id),
    };
    let (said, why) = (Value::from(finding.message_fr.as_str()), finding.reason.as_deref());
    let changes = match reason {
        Some(reason) => vec![field("anomalyAccepted", Value::Null, said), field("reason", why, reason)],
        None => vec![field("anomalyAccepted", said, Value::Null), field("reason", why, Value::Null)],
    };
    let change = Change::by(caller, request.as_str(), subject, Some(finding.site_id));
    Ok(change.record(tx, Activity::Edited, changes).await?)
}
