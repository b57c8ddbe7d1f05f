//! `PUT /api/sessions/{id}/attendance`: notes many cells at once.

use std::collections::BTreeMap;

use afpi_db::{Conn, dialect, sql};
use axum::Json;
use axum::extract::State as Extracted;
use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use validator::Validate;

use super::State;
use super::grid::{self, AttendanceGrid};
use crate::sessions::half_days::Half;
use crate::sessions::read::load;
use crate::stagiaires::rights;
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Error, FieldProblem, Result, field, forbidden, invalid};
use afpi_core::id::{LocalisationId, SessionId, StagiaireId};
use afpi_core::text::text;
use afpi_http::bounds::{Int, List};
use afpi_http::input::{Body, Id};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{self, Activity, Change, Subject};
use afpi_platform::state::App;

/// What to note.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AttendanceMarks {
    #[validate(nested)]
    pub cells: AttendanceCells,
}

/// All cells of one request.
pub type AttendanceCells = List<AttendanceMark, 2000>;

/// What to note of a trainee on a half-day.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AttendanceMark {
    #[schema(value_type = Uuid)]
    pub stagiaire_id: StagiaireId,
    pub day: NaiveDate,
    pub half: Half,
    /// `null` opens the cell again.
    pub state: Option<State>,
    /// Minutes missed by somebody who comes late. Default: 15 for `late`.
    #[validate(nested)]
    pub late_minutes: Option<Int<1, 600>>,
}

/// Minutes that somebody is late when nobody says how many.
const LATE: i64 = 15;

/// State and minutes missed.
type Cell = (State, i64);

/// Note the attendance of several trainees and half-days. Changes of what was noted are kept in the journal.
#[utoipa::path(put, path = "/{id}/attendance", operation_id = "putAttendance", tag = "sessions", params(("id" = Uuid, Path)),
    request_body = AttendanceMarks,
    responses((status = 200, body = AttendanceGrid), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn mark(
    Extracted(app): Extracted<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<SessionId>,
    Body(input): Body<AttendanceMarks>,
) -> ApiResult<Json<AttendanceGrid>> {
    caller.require(rights::WRITE)?;
    let scope = caller.scope();
    let act = Act::begin(&app, &caller, request.as_str());
    let files = {
        let mut conn = app.db.read().await?;
        load(&mut conn, &scope, id).await?;
        rights::of_session(&mut conn, &scope, id).await?
    };
    let editable = rights::editable(&app, &caller, files).await?;
    let after = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let site = load(&mut tx, &scope, id).await?.localisation_id;
        let before = grid::read(&mut tx, &scope, id, &editable).await?;
        check(&before, &input.cells)?;
        let changed = write(&mut tx, act, id, &before, &input.cells).await?;
        let count: usize = changed.values().map(Vec::len).sum();
        for (stagiaire, changes) in changed {
            Change::by(&caller, act.correlation_id, Subject::Stagiaire(stagiaire), Some(site))
                .record(&mut tx, Activity::Edited, changes)
                .await?;
        }
        if count > 0 {
            tell(&mut tx, act, id, site, count).await?;
        }
        let after = grid::read(&mut tx, &scope, id, &editable).await?;
        idempotency::done(&mut tx, StatusCode::OK, Some(format!("/api/sessions/{id}/attendance"))).await?;
        tx.commit().await?;
        Ok::<_, Error>(after)
    })
    .await?;
    app.jobs.wake();
    Ok(Json(after))
}

/// Each cell must be one of the grid, and one that the caller may edit.
fn check(grid: &AttendanceGrid, cells: &[AttendanceMark]) -> Result<()> {
    let mut problems: Vec<FieldProblem> = Vec::new();
    for (at, cell) in cells.iter().enumerate() {
        let Some(row) = grid.stagiaires.iter().find(|row| row.id == cell.stagiaire_id) else {
            let message = text("Ce stagiaire n'est pas dans la session.", "This trainee is not in the session.");
            problems.push(field(format!("/cells/{at}/stagiaireId"), "unknown", message));
            continue;
        };
        if !row.editable {
            return Err(forbidden());
        }
        let day = Day::from(cell.day);
        let Some(half_day) = grid.half_days.iter().find(|known| (known.day, known.half) == (day, cell.half)) else {
            let message = text("La session n'a pas cette demi-journée.", "The session does not have this half-day.");
            problems.push(field(format!("/cells/{at}/day"), "unknown", message));
            continue;
        };
        let late = cell.late_minutes.map(Int::get);
        if late.is_some_and(|late| cell.state != Some(State::Late) || late >= half_day.minutes) {
            let message = text(
                "Le retard est plus court que la demi-journée, et ne concerne que les retards.",
                "Lateness is shorter than the half-day, and goes with late only.",
            );
            problems.push(field(format!("/cells/{at}/lateMinutes"), "range", message));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(invalid(problems)) }
}

/// Writes the cells that differ. Returns the changed fields of each trainee.
async fn write(
    tx: &mut Conn,
    act: Act<'_>,
    session: SessionId,
    before: &AttendanceGrid,
    cells: &[AttendanceMark],
) -> Result<BTreeMap<StagiaireId, Vec<Value>>> {
    // The last one counts when a cell is sent twice.
    let wanted: BTreeMap<(StagiaireId, Day, Half), Option<Cell>> = cells
        .iter()
        .map(|cell| {
            let late = cell.late_minutes.map_or(LATE, Int::get);
            let to = cell.state.map(|state| (state, if state == State::Late { late } else { 0 }));
            ((cell.stagiaire_id, Day::from(cell.day), cell.half), to)
        })
        .collect();
    let mut changed: BTreeMap<StagiaireId, Vec<Value>> = BTreeMap::new();
    for ((stagiaire, day, half), to) in wanted {
        let row = before.stagiaires.iter().find(|row| row.id == stagiaire);
        let known = row.and_then(|row| row.cells.iter().find(|cell| (cell.day, cell.half) == (day, half)));
        let from = known.map(|cell| (cell.state, cell.late_minutes));
        if from == to {
            continue;
        }
        match to {
            Some(cell) => set(tx, act, (session, stagiaire, day, half), cell).await?,
            None => clear(tx, (session, stagiaire, day, half)).await?,
        }
        let name = format!("attendance/{day} {}", half.as_str());
        changed.entry(stagiaire).or_default().push(journal::field(&name, word(from), word(to)));
    }
    Ok(changed)
}

type Key = (SessionId, StagiaireId, Day, Half);

async fn set(tx: &mut Conn, act: Act<'_>, key: Key, (state, late): Cell) -> Result<()> {
    let (session, stagiaire, day, half) = key;
    let at: Instant = act.now;
    let mut query = sql(
        "INSERT INTO attendance (session_id, stagiaire_id, day, half, state, late_minutes, marked_by, marked_at) VALUES ",
    );
    query.rows([[
        session.into(),
        stagiaire.into(),
        day.into(),
        half.into(),
        state.as_str().into(),
        late.into(),
        act.caller.id.into(),
        at.into(),
    ]]);
    let key = ["session_id", "stagiaire_id", "day", "half"];
    dialect::upsert(&mut query, tx.backend(), &key, &["state", "late_minutes", "marked_by", "marked_at"]);
    query.execute(tx).await?;
    Ok(())
}

async fn clear(tx: &mut Conn, (session, stagiaire, day, half): Key) -> Result<()> {
    sql("DELETE FROM attendance WHERE session_id = ? AND stagiaire_id = ? AND day = ? AND half = ?")
        .bind(session)
        .bind(stagiaire)
        .bind(day)
        .bind(half)
        .execute(tx)
        .await?;
    Ok(())
}

/// `late 15` for the journal.
fn word(cell: Option<Cell>) -> Option<String> {
    cell.map(|(state, late)| match state {
        State::Late => format!("{} {late}", state.as_str()),
        _ => state.as_str().to_owned(),
    })
}

/// Tells plugins that attendance was noted, and of nobody.
async fn tell(tx: &mut Conn, act: Act<'_>, id: SessionId, site: LocalisationId, count: usize) -> Result<()> {
    act.emit(tx, "attendance.marked", site, None, json!({"session": id, "cells": count})).await
}
