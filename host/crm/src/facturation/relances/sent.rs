//! `POST /api/relances`: marks reminders as sent.

use std::collections::BTreeMap;

use afpi_db::{Conn, DbError, dialect, sql};
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::steps;
use crate::facturation::list::{COLUMNS, CreanceRow, JOINS};
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Error, ErrorKind, Result, field, invalid};
use afpi_core::id::{PieceId, UserId};
use afpi_core::money::Money;
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_http::bounds::{Int, List};
use afpi_http::input::Body;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{self, Activity, Change, Subject};
use afpi_platform::state::App;

/// Reminders that were sent.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RelancesSent {
    #[validate(nested)]
    pub pieces: SentPieces,
    /// Default: today. Not later.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub sent_on: Option<Day>,
}

/// The reminders of one request.
pub type SentPieces = List<RelanceSent, 200>;

/// A step of a piece.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RelanceSent {
    #[schema(value_type = Uuid)]
    pub piece_id: PieceId,
    #[validate(nested)]
    pub step: Int<1, 40>,
}

/// Mark reminders as sent, all or nothing. Each step of a piece once: otherwise 409 `duplicate`.
#[utoipa::path(post, path = "/", operation_id = "sendRelances", tag = "facturation", request_body = RelancesSent,
    responses((status = 204), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(in crate::facturation) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Body(input): Body<RelancesSent>,
) -> ApiResult<StatusCode> {
    caller.require(Action::CreancesWrite)?;
    let act = Act::begin(&app, &caller, request.as_str());
    let sent_on = input.sent_on.unwrap_or_else(|| act.now.day());
    if sent_on > act.now.day() {
        let message = text("Pas après aujourd'hui.", "Not after today.");
        return Err(invalid(vec![field("/sentOn", "out-of-range", message)]).into());
    }
    afpi_db::retry(|| write(act, &input, sent_on)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn write(act: Act<'_>, input: &RelancesSent, sent_on: Day) -> Result<()> {
    let mut tx = act.app.db.begin().await?;
    let steps = steps::load(&mut tx).await?;
    let mut found: BTreeMap<PieceId, CreanceRow> = BTreeMap::new();
    if !input.pieces.is_empty() {
        let mut query = act.caller.scope().opportunites(COLUMNS, JOINS);
        query.push(" AND c.piece_id IN ").list(input.pieces.iter().map(|piece| piece.piece_id));
        let rows: Vec<CreanceRow> = query.all(&mut tx).await?;
        found = rows.into_iter().filter_map(|row| Some((row.piece_id?, row))).collect();
    }
    let mut problems = Vec::new();
    for (at, asked) in input.pieces.iter().enumerate() {
        let place = |name: &str| format!("/pieces/{at}/{name}");
        let Some(row) = found.get(&asked.piece_id) else {
            problems.push(field(place("pieceId"), "unknown", text("Pièce inconnue.", "Unknown piece.")));
            continue;
        };
        let step = steps::of_payer(&steps, row.payer_kind.as_deref());
        let known = step.iter().any(|step| step.step == asked.step.get());
        if row.balance <= Money::ZERO || row.dispute.is_some() {
            let message = text("Soldée ou en litige : pas de relance.", "Settled or disputed: no reminder.");
            problems.push(field(place("pieceId"), "not-due", message));
        } else if !known {
            problems.push(field(place("step"), "unknown", text("Étape inconnue.", "Unknown step.")));
        }
    }
    if !problems.is_empty() {
        return Err(invalid(problems));
    }
    for asked in input.pieces.iter() {
        let Some(row) = found.get(&asked.piece_id) else { continue };
        let mut query = sql("INSERT INTO relances (piece_id, step, sent_on, recorded_at, recorded_by) VALUES ");
        query.rows([[asked.piece_id.into(), asked.step.into(), sent_on.into(), act.now.into(), act.caller.id.into()]]);
        match query.execute(&mut tx).await {
            Err(DbError::Unique(_)) => return Err(twice(&row.number)),
            done => done?,
        };
        let subject = Subject::Opportunite(row.opportunite_id);
        let line = Change::by(act.caller, act.correlation_id, subject, Some(row.localisation_id));
        let change = told(&row.number, asked.step.get(), sent_on);
        line.record(&mut tx, Activity::Edited, vec![change]).await?;
    }
    idempotency::done(&mut tx, StatusCode::NO_CONTENT, None).await?;
    Ok(tx.commit().await?)
}

/// Marks steps of pieces as sent today, in the transaction of their mail; how many were not marked yet.
pub async fn mark(
    tx: &mut Conn,
    steps: &[(PieceId, i64)],
    sending: Uuid,
    by: UserId,
    now: Instant,
) -> afpi_db::Result<usize> {
    let mut marked = 0;
    for &(piece, step) in steps {
        let mut query = dialect::insert_or_ignore(tx.backend());
        query.push(" INTO relances (piece_id, step, sent_on, recorded_at, recorded_by, sending_id) VALUES ");
        query.rows([[piece.into(), step.into(), now.day().into(), now.into(), by.into(), sending.into()]]);
        if query.execute(tx).await? == 1 {
            marked += 1;
        }
    }
    Ok(marked)
}

/// A mail did not reach anybody: the steps that were marked with it are due again.
pub async fn unmark(tx: &mut Conn, sending: Uuid) -> afpi_db::Result<()> {
    sql("DELETE FROM relances WHERE sending_id = ?").bind(sending).execute(tx).await.map(drop)
}

/// What the journal says of a reminder.
pub fn told(number: &str, step: i64, sent_on: Day) -> Value {
    journal::field(&format!("relance/{number}"), Value::Null, format!("{step} ({sent_on})"))
}

fn twice(number: &str) -> Error {
    Error::new(ErrorKind::Duplicate, text("Relance déjà envoyée", "Reminder already sent")).detail(text(
        format!("Cette étape de {number} est déjà marquée comme envoyée."),
        format!("This step of {number} is already marked as sent."),
    ))
}
