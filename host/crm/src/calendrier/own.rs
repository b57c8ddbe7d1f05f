//! `/api/auth/calendar`: the signed-in person's calendar address, made, replaced and ended.

use afpi_db::sql;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use afpi_core::clock::Instant;
use afpi_core::error::{Error, not_found};
use afpi_http::input::Body;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::auth::links::Secret;
use afpi_platform::journal::{Activity, Change, Subject, field};
use afpi_platform::state::App;

/// The calendar of the signed-in person.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Calendar {
    /// Its secret address. Only in the answer that makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub url: Option<String>,
    /// Does it have the sessions that the person sees?
    pub sessions: bool,
    pub created_at: Instant,
    /// When a program read it last, to within an hour.
    #[schema(required = true)]
    pub read_at: Option<Instant>,
}

/// Whether the signed-in person has one.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnCalendar {
    #[schema(required = true)]
    calendar: Option<Calendar>,
}

/// What a new calendar has.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarPut {
    /// The sessions that the person sees, beside the person's tasks and meetings.
    #[serde(default)]
    sessions: bool,
}

/// Read whether I have a calendar address.
#[utoipa::path(get, path = "/", operation_id = "getCalendar", tag = "auth",
    responses((status = 200, body = OwnCalendar), (status = 401, body = ProblemBody)))]
pub(super) async fn read(State(app): State<App>, caller: Caller) -> ApiResult<Json<OwnCalendar>> {
    let mut conn = app.db.read().await?;
    let row = sql("SELECT sessions, created_at, read_at FROM calendriers WHERE user_id = ?")
        .bind(caller.id)
        .optional::<(bool, Instant, Option<Instant>)>(&mut conn)
        .await?;
    let calendar = row.map(|(sessions, created_at, read_at)| Calendar { url: None, sessions, created_at, read_at });
    Ok(Json(OwnCalendar { calendar }))
}

/// Make my calendar address. The one before ends.
#[utoipa::path(put, path = "/", operation_id = "putCalendar", tag = "auth", request_body = CalendarPut,
    responses((status = 200, body = Calendar), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn put(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Body(input): Body<CalendarPut>,
) -> ApiResult<Json<Calendar>> {
    let (secret, now) = (Secret::fresh(), Instant::now());
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        sql("DELETE FROM calendriers WHERE user_id = ?").bind(caller.id).execute(&mut tx).await?;
        let mut insert = sql("INSERT INTO calendriers (user_id, hash, sessions, created_at) VALUES ");
        insert.rows([[caller.id.into(), secret.hash().to_vec().into(), input.sessions.into(), now.into()]]);
        insert.execute(&mut tx).await?;
        told(&caller, &request).record(&mut tx, Activity::Edited, vec![field("calendar", false, true)]).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    let base = app.config.public_url.trim_end_matches('/');
    let url = format!("{base}/api/calendriers/{}.ics", secret.as_str());
    Ok(Json(Calendar { url: Some(url), sessions: input.sessions, created_at: now, read_at: None }))
}

/// End my calendar address. Programs that know it get nothing any more.
#[utoipa::path(delete, path = "/", operation_id = "endCalendar", tag = "auth",
    responses((status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn end(State(app): State<App>, caller: Caller, request: RequestId) -> ApiResult<StatusCode> {
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        if sql("DELETE FROM calendriers WHERE user_id = ?").bind(caller.id).execute(&mut tx).await? == 0 {
            return Err(not_found());
        }
        told(&caller, &request).record(&mut tx, Activity::Edited, vec![field("calendar", true, false)]).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn told<'a>(caller: &Caller, request: &'a RequestId) -> Change<'a> {
    Change::by(caller, request.as_str(), Subject::User(caller.id), None)
}
