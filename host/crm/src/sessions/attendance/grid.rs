//! `GET /api/sessions/{id}/attendance`: half-days × trainees.

use std::collections::BTreeSet;

use afpi_db::{Conn, sql};
use axum::Json;
use axum::extract::State as Extracted;
use serde::Serialize;
use utoipa::ToSchema;

use super::State;
use crate::sessions::half_days::Half;
use crate::sessions::hours::{self, Noted};
use crate::sessions::places::{self, HalfDay};
use crate::sessions::read::load;
use crate::stagiaires::rights;
use afpi_core::clock::{Day, Instant};
use afpi_core::error::Result;
use afpi_core::id::{OpportuniteId, SessionId, StagiaireId, UserId};
use afpi_core::scope::Scope;
use afpi_http::input::Id;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// The attendance at a session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttendanceGrid {
    pub half_days: Vec<HalfDay>,
    /// The trainees in the caller's scope who take part, by name.
    pub stagiaires: Vec<AttendanceRow>,
}

/// A trainee's row.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttendanceRow {
    #[schema(value_type = Uuid)]
    pub id: StagiaireId,
    #[schema(value_type = Uuid)]
    pub opportunite_id: OpportuniteId,
    pub name: String,
    pub company: Option<String>,
    /// May the caller note the attendance?
    pub editable: bool,
    /// What is noted. A half-day without a cell is still open.
    pub cells: Vec<AttendanceCell>,
    pub minutes_planned: i64,
    pub minutes_done: i64,
}

/// What is noted of a trainee on a half-day.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttendanceCell {
    pub day: Day,
    pub half: Half,
    pub state: State,
    /// Minutes missed by somebody who came late; otherwise 0.
    pub late_minutes: i64,
    pub marked_at: Instant,
    /// Who noted it. Absent for somebody whom the caller does not work with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub marked_by: Option<String>,
}

afpi_db::row! {
    struct Mark { stagiaire_id: StagiaireId, day: Day, half: Half, state: State, late_minutes: i64, marked_at: Instant, marked_by: UserId }
}

/// Read the attendance at a session.
#[utoipa::path(get, path = "/{id}/attendance", operation_id = "getAttendance", tag = "sessions", params(("id" = Uuid, Path)),
    responses((status = 200, body = AttendanceGrid), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn grid(
    Extracted(app): Extracted<App>,
    caller: Caller,
    Id(id): Id<SessionId>,
) -> ApiResult<Json<AttendanceGrid>> {
    let scope = caller.scope();
    let files = {
        let mut conn = app.db.read().await?;
        load(&mut conn, &scope, id).await?;
        rights::of_session(&mut conn, &scope, id).await?
    };
    let editable = rights::editable(&app, &caller, files).await?;
    Ok(Json(read(&mut app.db.read().await?, &scope, id, &editable).await?))
}

/// The grid of a session that was found in scope.
pub(super) async fn read(
    conn: &mut Conn,
    scope: &Scope,
    id: SessionId,
    editable: &BTreeSet<OpportuniteId>,
) -> Result<AttendanceGrid> {
    let (half_days, _) = places::of(conn, id).await?;
    let mut query = scope
        .stagiaires("t.id, t.opportunite_id, t.name, t.company", "JOIN session_stagiaires p ON p.stagiaire_id = t.id");
    query.push(" AND p.session_id = ?").arg(id).push(" ORDER BY t.name_key, t.id");
    let people = query.all::<(StagiaireId, OpportuniteId, String, Option<String>)>(conn).await?;
    let marks = sql("SELECT stagiaire_id, day, half, state, late_minutes, marked_at, marked_by FROM attendance \
         WHERE session_id = ? ORDER BY day, half")
    .bind(id)
    .all::<Mark>(conn)
    .await?;
    let mut query = scope.colleagues("u.id, u.name", "");
    query.push(" AND u.id IN ").list(marks.iter().map(|mark| mark.marked_by).collect::<BTreeSet<_>>());
    let names: std::collections::HashMap<UserId, String> =
        query.all::<(UserId, String)>(conn).await?.into_iter().collect();
    let noted: Vec<Noted> = hours::noted(conn, people.iter().map(|(id, ..)| *id))
        .await?
        .into_iter()
        .filter(|noted| noted.session_id == id)
        .collect();
    let row = |(person, opportunite_id, name, company): (StagiaireId, OpportuniteId, String, Option<String>)| {
        let own = || noted.iter().filter(|noted| noted.stagiaire_id == person);
        let cells = marks.iter().filter(|mark| mark.stagiaire_id == person).map(|mark| AttendanceCell {
            day: mark.day,
            half: mark.half,
            state: mark.state,
            late_minutes: mark.late_minutes,
            marked_at: mark.marked_at,
            marked_by: names.get(&mark.marked_by).cloned(),
        });
        AttendanceRow {
            id: person,
            opportunite_id,
            name,
            company,
            editable: editable.contains(&opportunite_id),
            cells: cells.collect(),
            minutes_planned: own().map(Noted::planned).sum(),
            minutes_done: own().map(Noted::done).sum(),
        }
    };
    Ok(AttendanceGrid { half_days, stagiaires: people.into_iter().map(row).collect() })
}
