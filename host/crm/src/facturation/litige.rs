//! `PUT` and `DELETE /api/pieces/{id}/litige`: the payer disputes the piece, or no longer does. Nobody is reminded of a
//! disputed piece.

use afpi_db::{Conn, dialect, sql};
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::list::JOINS;
use afpi_core::error::{Error, Result, not_found};
use afpi_core::id::{LocalisationId, OpportuniteId, PieceId};
use afpi_core::rights::Action;
use afpi_http::input::{Body, Id};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Prose;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{Activity, Change, Subject, field};
use afpi_platform::state::App;

/// Why the payer disputes it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dispute {
    #[validate(nested)]
    pub reason: Prose<2000>,
}

afpi_db::row! {
    struct Subjected {
        number: String, opportunite_id: OpportuniteId, localisation_id: LocalisationId, dispute: Option<String>,
    }
}

/// The payer disputes the piece. A second call replaces the reason.
#[utoipa::path(put, path = "/{id}/litige", operation_id = "putDispute", tag = "facturation", params(("id" = Uuid, Path)), request_body = Dispute,
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn put(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<PieceId>,
    Body(input): Body<Dispute>,
) -> ApiResult<StatusCode> {
    caller.require(Action::CreancesWrite)?;
    change(Act::begin(&app, &caller, request.as_str()), id, Some(input.reason.as_str())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The dispute is over.
#[utoipa::path(delete, path = "/{id}/litige", operation_id = "deleteDispute", tag = "facturation", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<PieceId>,
) -> ApiResult<StatusCode> {
    caller.require(Action::CreancesWrite)?;
    change(Act::begin(&app, &caller, request.as_str()), id, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn change(act: Act<'_>, id: PieceId, reason: Option<&str>) -> Result<()> {
    afpi_db::retry(|| async {
        let mut tx = act.app.db.begin().await?;
        let mut query = act
            .caller
            .scope()
            .opportunites("c.number, o.id AS opportunite_id, o.localisation_id, t.reason AS dispute", JOINS);
        query.push(" AND c.piece_id = ?").arg(id);
        let of: Subjected = query.optional(&mut tx).await?.ok_or_else(not_found)?;
        write(&mut tx, act, id, reason).await?;
        let subject = Subject::Opportunite(of.opportunite_id);
        let line = Change::by(act.caller, act.correlation_id, subject, Some(of.localisation_id));
        let told = field(&format!("dispute/{}", of.number), of.dispute.map_or(Value::Null, Value::from), reason);
        line.record(&mut tx, Activity::Edited, vec![told]).await?;
        idempotency::done(&mut tx, StatusCode::NO_CONTENT, None).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await
}

async fn write(tx: &mut Conn, act: Act<'_>, id: PieceId, reason: Option<&str>) -> Result<()> {
    let Some(reason) = reason else {
        sql("DELETE FROM litiges WHERE piece_id = ?").bind(id).execute(tx).await?;
        return Ok(());
    };
    let mut query = sql("INSERT INTO litiges (piece_id, reason, since, recorded_by) VALUES ");
    query.rows([[id.into(), reason.into(), act.now.into(), act.caller.id.into()]]);
    dialect::upsert(&mut query, tx.backend(), &["piece_id"], &["reason"]);
    query.execute(tx).await?;
    Ok(())
}
