//! `/auth/devices`: the open sessions of the signed-in person, and their end.

use afpi_db::sql;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::caller::Caller;
use crate::auth::session;
use crate::bus::BusEvent;
use crate::journal::{Activity, Change, Subject};
use crate::state::App;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, not_found};
use afpi_http::input::Id;
use afpi_http::paging::All;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;

/// An open session of the signed-in person.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    pub id: Uuid,
    pub started_at: Instant,
    /// To within the lifetime of an access token.
    pub last_used_at: Instant,
    /// What the browser said about itself (`User-Agent`) when the session began.
    #[schema(required = true)]
    pub agent: Option<String>,
    /// The network address where it began.
    #[schema(required = true)]
    pub address: Option<String>,
    /// Is it the session that asks?
    pub current: bool,
}

/// List my open sessions, the last used first.
#[utoipa::path(get, path = "/devices", operation_id = "listDevices", tag = "auth",
    responses((status = 200, body = All<Device>), (status = 401, body = ProblemBody)))]
pub async fn list(State(app): State<App>, caller: Caller) -> ApiResult<Json<All<Device>>> {
    let now = Instant::now();
    let mut query =
        sql("SELECT family, MIN(created_at), MAX(created_at), MAX(agent), MAX(address) FROM refresh_tokens \
         WHERE user_id = ? AND family_expires_at > ? GROUP BY family HAVING MAX(expires_at) > ?");
    query.arg(caller.id).arg(now).arg(now).push(" ORDER BY 3 DESC, family");
    let mut conn = app.db.read().await?;
    let rows = query.all::<(Uuid, Instant, Instant, Option<String>, Option<String>)>(&mut conn).await?;
    let data = rows.into_iter().map(|(id, started_at, last_used_at, agent, address)| Device {
        current: id == caller.session,
        id,
        started_at,
        last_used_at,
        agent,
        address,
    });
    Ok(Json(All { data: data.collect() }))
}

/// End one of my sessions. Its tokens stop working at once.
#[utoipa::path(delete, path = "/devices/{id}", operation_id = "endDevice", tag = "auth", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn end(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<Uuid>,
) -> ApiResult<StatusCode> {
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        if !session::end_own(&mut tx, caller.id, id).await? {
            return Err(not_found());
        }
        told(&caller, &request).record(&mut tx, Activity::SessionsEnded, vec![]).await?;
        Ok(tx.commit().await?)
    })
    .await?;
    app.bus.publish(BusEvent::Account { user: caller.id });
    Ok(StatusCode::NO_CONTENT)
}

/// End all my sessions but this one.
#[utoipa::path(delete, path = "/devices", operation_id = "endOtherDevices", tag = "auth",
    responses((status = 204), (status = 401, body = ProblemBody)))]
pub async fn end_others(State(app): State<App>, caller: Caller, request: RequestId) -> ApiResult<StatusCode> {
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        session::end_all(&mut tx, caller.id, Some(caller.session)).await?;
        told(&caller, &request).record(&mut tx, Activity::SessionsEnded, vec![]).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    app.bus.publish(BusEvent::Account { user: caller.id });
    Ok(StatusCode::NO_CONTENT)
}

fn told<'a>(caller: &Caller, request: &'a RequestId) -> Change<'a> {
    Change::by(caller, request.as_str(), Subject::User(caller.id), None)
}
