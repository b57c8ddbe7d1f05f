//! `POST /api/notifications/{id}/read` and `/read-all`. The caller's other windows are informed.

use afpi_db::sql;
use axum::extract::State;
use axum::http::StatusCode;

use super::list::of;
use afpi_core::clock::Instant;
use afpi_core::error::not_found;
use afpi_http::input::Id;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::bus::BusEvent;
use afpi_platform::state::App;

/// Mark a notification as read. A second call changes nothing.
#[utoipa::path(post, path = "/{id}/read", operation_id = "readNotification", tag = "notifications", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn read(State(app): State<App>, caller: Caller, Id(id): Id) -> ApiResult<StatusCode> {
    let mut tx = app.db.begin().await?;
    let mut known = of(caller.id, "n.id");
    known.push(" AND n.id = ?").arg(id);
    known.optional::<(uuid::Uuid,)>(&mut tx).await?.ok_or_else(not_found)?;
    let query = sql("UPDATE notifications SET read_at = ? WHERE id = ? AND user_id = ? AND read_at IS NULL");
    query.bind(Instant::now()).bind(id).bind(caller.id).execute(&mut tx).await?;
    tx.commit().await?;
    app.bus.publish(BusEvent::Notified { user: caller.id });
    Ok(StatusCode::NO_CONTENT)
}

/// Mark all my notifications as read.
#[utoipa::path(post, path = "/read-all", operation_id = "readAllNotifications", tag = "notifications",
    responses((status = 204), (status = 401, body = ProblemBody)))]
pub(super) async fn read_all(State(app): State<App>, caller: Caller) -> ApiResult<StatusCode> {
    let mut tx = app.db.begin().await?;
    let query = sql("UPDATE notifications SET read_at = ? WHERE user_id = ? AND read_at IS NULL");
    query.bind(Instant::now()).bind(caller.id).execute(&mut tx).await?;
    tx.commit().await?;
    app.bus.publish(BusEvent::Notified { user: caller.id });
    Ok(StatusCode::NO_CONTENT)
}
