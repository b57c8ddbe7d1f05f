//! `GET /api/notifications` and `/api/notifications/unread-count`: the caller's own notifications, newest first.

use afpi_db::{Conn, Sql, sql};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::openapi::Object;
use utoipa::{IntoParams, ToSchema};

use super::{COLUMNS, Notification, NotificationRow, show};
use afpi_core::error::Result;
use afpi_core::id::UserId;
use afpi_http::input::Params;
use afpi_http::paging::{Count, Key, Page, PageRequest, SortKey, Sorts};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    limit: Option<u32>,
    cursor: Option<String>,
    #[param(schema_with = sorts)]
    sort: Option<String>,
    count: Option<Count>,
    /// `true`: only unread ones; `false`: only read ones.
    unread: Option<bool>,
}

/// The number of unread notifications.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnreadCount {
    pub unread: i64,
}

static SORTS: Sorts<NotificationRow> = Sorts {
    default: "-createdAt",
    keys: &[SortKey { name: "createdAt", column: "n.created_at", key: |r| Key::Int(r.created_at.millis()) }],
};

fn sorts() -> Object {
    SORTS.schema()
}

/// `SELECT <columns> FROM notifications n` for this person: those shown in the app.
pub(super) fn of(user: UserId, columns: &'static str) -> Sql {
    let mut query = sql("SELECT ");
    query.push(columns).push(" FROM notifications n WHERE n.user_id = ?").arg(user).push(" AND n.app = ?").arg(true);
    query
}

/// The number of unread notifications of this person.
pub(super) async fn unread(conn: &mut Conn, user: UserId) -> Result<i64> {
    let mut query = of(user, "COUNT(*)");
    query.push(" AND n.read_at IS NULL");
    Ok(query.scalar(conn).await?)
}

fn filter(query: &mut Sql, f: &Filters) {
    match f.unread {
        Some(true) => query.push(" AND n.read_at IS NULL"),
        Some(false) => query.push(" AND n.read_at IS NOT NULL"),
        None => query,
    };
}

/// List my notifications.
#[utoipa::path(get, path = "/", operation_id = "listNotifications", tag = "notifications", params(Filters),
    responses((status = 200, body = Page<Notification>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(f): Params<Filters>,
) -> ApiResult<Json<Page<Notification>>> {
    let page = PageRequest::new(f.limit, f.sort.as_deref(), f.cursor.as_deref(), f.count, &SORTS, &f.unread)?;
    let mut conn = app.db.read().await?;
    let mut matching = of(caller.id, "1");
    filter(&mut matching, &f);
    let total = page.total(&mut conn, matching).await?;
    let mut query = of(caller.id, COLUMNS);
    filter(&mut query, &f);
    page.apply(&mut query, "n.id");
    Ok(Json(page.page(query.all(&mut conn).await?, total, |r: &NotificationRow| r.id, show)))
}

/// Count my unread notifications.
#[utoipa::path(get, path = "/unread-count", operation_id = "getUnreadCount", tag = "notifications",
    responses((status = 200, body = UnreadCount), (status = 401, body = ProblemBody)))]
pub(super) async fn unread_count(State(app): State<App>, caller: Caller) -> ApiResult<Json<UnreadCount>> {
    let mut conn = app.db.read().await?;
    Ok(Json(UnreadCount { unread: unread(&mut conn, caller.id).await? }))
}
