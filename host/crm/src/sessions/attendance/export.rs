//! `GET /api/sessions/{id}/attendance/export`: the grid as a file, a row per trainee.

use std::collections::BTreeSet;

use afpi_db::Conn;
use axum::extract::State as Extracted;
use axum::response::Response;

use super::State;
use super::grid::{self, AttendanceGrid, AttendanceRow};
use crate::exports::{self, Asked};
use crate::sessions::half_days::Half;
use crate::sessions::hours::hundredths;
use crate::sessions::read::load;
use afpi_core::error::Result;
use afpi_core::id::{SessionId, StagiaireId};
use afpi_core::money::Money;
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_core::text::{Locale, Text, text};
use afpi_http::input::Id;
use afpi_http::language::Language;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::sheet::{self, Cell, Format};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// Export the attendance at a session as a file. `Accept` chooses CSV or XLSX.
#[utoipa::path(get, path = "/{id}/attendance/export", operation_id = "exportAttendance", tag = "sessions", params(("id" = Uuid, Path)),
    responses((status = 200, content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn export(
    Extracted(app): Extracted<App>,
    caller: Caller,
    Language(locale): Language,
    format: Format,
    asked: Asked,
    Id(id): Id<SessionId>,
) -> ApiResult<Response> {
    caller.require(Action::StagiairesExport)?;
    let scope = caller.scope();
    let grid = {
        let mut conn = app.db.read().await?;
        load(&mut conn, &scope, id).await?;
        grid::read(&mut conn, &scope, id, &BTreeSet::new()).await?
    };
    let mut count = scope.stagiaires("COUNT(*)", "JOIN session_stagiaires p ON p.stagiaire_id = t.id");
    count.push(" AND p.session_id = ?").arg(id);
    exports::tell(&app, &caller, "attendance", &asked, count).await?;
    let head = head(&grid);
    let mut lines: Vec<sheet::Line> =
        grid.stagiaires.iter().map(|row| (row.id.uuid(), cells(&grid, row, locale))).collect();
    lines.sort_by_key(|(id, _)| *id);
    Ok(sheet::download(format, locale, "attendance", &head, move |after| {
        let batch = lines.iter().position(|(id, _)| after.is_none_or(|after| *id > after));
        let rest = batch.map_or_else(Vec::new, |at| lines.split_off(at));
        async move { Ok::<_, afpi_core::error::Error>(rest) as Result<_> }
    })
    .await?)
}

/// The attendance of these trainees at a session as a CSV file, by name. `None` when nobody takes part in a half-day.
pub(crate) async fn csv(
    conn: &mut Conn,
    scope: &Scope,
    session: SessionId,
    people: impl Fn(StagiaireId) -> bool,
    locale: Locale,
) -> Result<Option<String>> {
    let grid = grid::read(conn, scope, session, &BTreeSet::new()).await?;
    let rows: Vec<Vec<Cell>> =
        grid.stagiaires.iter().filter(|row| people(row.id)).map(|row| cells(&grid, row, locale)).collect();
    if rows.is_empty() || grid.half_days.is_empty() {
        return Ok(None);
    }
    sheet::csv(locale, &head(&grid), &rows).map(Some)
}

fn head(grid: &AttendanceGrid) -> Vec<Text> {
    let half_day = |(day, half): (String, Half)| match half {
        Half::Am => text(format!("{day} matin"), format!("{day} morning")),
        Half::Pm => text(format!("{day} après-midi"), format!("{day} afternoon")),
    };
    [text("Stagiaire", "Trainee"), text("Entreprise", "Company")]
        .into_iter()
        .chain(grid.half_days.iter().map(|known| half_day((known.day.to_string(), known.half))))
        .chain([text("Heures prévues", "Hours planned"), text("Heures réalisées", "Hours done")])
        .collect()
}

fn cells(grid: &AttendanceGrid, row: &AttendanceRow, locale: Locale) -> Vec<Cell> {
    let noted = |(day, half)| row.cells.iter().find(|cell| (cell.day, cell.half) == (day, half));
    let half_days = grid.half_days.iter().map(|known| {
        let cell = noted((known.day, known.half));
        Cell::Text(cell.map_or_else(String::new, |cell| shown(cell.state, cell.late_minutes).get(locale).to_owned()))
    });
    // An amount is a number with two decimals, as hours in hundredths are.
    let hours = |minutes| Cell::Amount(Money::from_cents(hundredths(minutes)));
    [Cell::Text(row.name.clone()), Cell::from(row.company.clone())]
        .into_iter()
        .chain(half_days)
        .chain([hours(row.minutes_planned), hours(row.minutes_done)])
        .collect()
}

fn shown(state: State, late: i64) -> Text {
    match state {
        State::Present => text("Présent", "Present"),
        State::Absent => text("Absent", "Absent"),
        State::Excused => text("Excusé", "Excused"),
        State::Late => text(format!("Retard {late} min"), format!("Late {late} min")),
    }
}
