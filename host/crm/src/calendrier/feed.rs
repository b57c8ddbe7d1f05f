//! `GET /api/calendriers/{secret}.ics`.

use std::time::Duration;

use afpi_db::sql;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;

use super::events;
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Result, not_found};
use afpi_core::id::UserId;
use afpi_core::text::Locale;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::links::Secret;
use afpi_platform::state::App;

/// How often a read is noted.
const NOTED: Duration = Duration::from_secs(3600);

/// Read a calendar by its secret address, as iCalendar. It has the person's open tasks that have a day, the meetings
/// that the person noted or is mentioned in, and perhaps sessions; the last 30 days and all that follows.
#[utoipa::path(get, path = "/{file}", operation_id = "readCalendar", tag = "calendriers", security(()),
    params(("file" = String, Path, description = "The secret and `.ics`")),
    responses((status = 200, content_type = "text/calendar", body = String), (status = 404, body = ProblemBody)))]
pub(super) async fn read(State(app): State<App>, Path(file): Path<String>) -> ApiResult<impl IntoResponse> {
    let secret = Secret::from(file.strip_suffix(".ics").ok_or_else(not_found)?);
    let mut conn = app.db.read().await?;
    let found = sql(
        "SELECT c.user_id, c.sessions, c.read_at, u.locale FROM calendriers c JOIN users u ON u.id = c.user_id WHERE c.hash = ?",
    )
    .bind(secret.hash().to_vec())
    .optional::<(UserId, bool, Option<Instant>, String)>(&mut conn)
    .await?;
    let (user, sessions, read_at, locale) = found.ok_or_else(not_found)?;
    drop(conn);
    // Who is no longer active has no calendar.
    let active = app.people.active(&app.db).await?;
    let person = active.iter().find(|person| person.id == user).ok_or_else(not_found)?;
    let mut conn = app.db.read().await?;
    let base = app.config.public_url.trim_end_matches('/');
    let locale = Locale::parse(&locale);
    let calendar = events::calendar(&mut conn, person, sessions, Day::today(), locale, base).await?;
    drop(conn);
    if read_at.is_none_or(|read| Instant::now().since(read) > NOTED)
        && let Err(error) = note(&app, user).await
    {
        // The reader gets the calendar all the same.
        tracing::warn!(error.cause = %error, "the read of a calendar was not noted");
    }
    Ok(([(CONTENT_TYPE, "text/calendar; charset=utf-8"), (CACHE_CONTROL, "private, no-store")], calendar))
}

/// Notes that somebody read the calendar, so that its owner sees whether the address is in use.
async fn note(app: &App, user: UserId) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let update = sql("UPDATE calendriers SET read_at = ? WHERE user_id = ?");
    update.bind(Instant::now()).bind(user).execute(&mut tx).await?;
    Ok(tx.commit().await?)
}
