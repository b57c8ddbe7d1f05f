//! `GET /api/dashboard/inbox`: the records that wait for the caller.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::wire::{Inbox, InboxCounts};
use crate::opportunites::handover::{under_way, unowned};
use crate::opportunites::item::{self, ItemRow, show_items};
use crate::opportunites::sent_back;
use afpi_core::clock::Instant;
use afpi_core::id::LocalisationId;
use afpi_core::rights::Action;
use afpi_http::input::Params;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::reads::Reads;
use afpi_platform::state::App;

const WAITING: u32 = 50;
const RECENT: u32 = 10;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Narrowed {
    /// Only files of this site.
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
}

/// Read my relay inbox.
#[utoipa::path(get, path = "/inbox", operation_id = "getInbox", tag = "dashboard", params(Narrowed),
    responses((status = 200, body = Inbox), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
pub(super) async fn inbox(
    State(app): State<App>,
    Reads(reads): Reads,
    caller: Caller,
    Params(narrowed): Params<Narrowed>,
) -> ApiResult<Json<Inbox>> {
    let now = Instant::now();
    let waiting = app.plugins.statuses_waiting_for(caller.kind().id()).await;
    let awaited = app.plugins.statuses_awaited().await;
    let scope = caller.scope();
    let mut conn = reads.read().await?;

    let within = |columns: &'static str, joins: &'static str| {
        let mut query = scope.opportunites(columns, joins);
        if let Some(site) = narrowed.localisation_id {
            query.push(" AND o.localisation_id = ?").arg(site);
        }
        query
    };
    let mut count = within("COUNT(*)", "");
    waiting.push(count.push(" AND "), "o.status");
    let mut overdue = count.clone();
    overdue.push(" AND o.due_at < ?").arg(now);
    let (waiting_count, late) = (count.scalar(&mut conn).await?, overdue.scalar(&mut conn).await?);
    let mut mine = within("COUNT(*)", "");
    under_way(&mut mine, &awaited);
    let mine = mine.scalar(&mut conn).await?;
    let (unowned_count, unowned_rows) = if caller.may(Action::UsersWrite) {
        let mut count = within("COUNT(*)", "");
        under_way(&mut count, &awaited);
        unowned(&mut count);
        let mut query = within(item::COLUMNS, item::JOINS);
        under_way(&mut query, &awaited);
        unowned(&mut query);
        query.push(" ORDER BY o.section_since, o.id").limit(WAITING);
        (count.scalar(&mut conn).await?, query.all::<ItemRow>(&mut conn).await?)
    } else {
        (0, vec![])
    };

    let mut query = within(item::COLUMNS, item::JOINS);
    waiting.push(query.push(" AND "), "o.status");
    query.push(" ORDER BY CASE WHEN o.due_at < ? THEN 0 ELSE 1 END, o.section_since, o.id").arg(now).limit(WAITING);
    let waiting_rows: Vec<ItemRow> = query.all(&mut conn).await?;
    let mut query = within(item::COLUMNS, item::JOINS);
    query.push(" ORDER BY o.updated_at DESC, o.id DESC").limit(RECENT);
    let recent_rows: Vec<ItemRow> = query.all(&mut conn).await?;
    drop(conn);

    let mut waiting = show_items(&app, waiting_rows).await?;
    sent_back::mark(&app, &mut waiting).await?;
    Ok(Json(Inbox {
        waiting,
        late,
        counts: InboxCounts { waiting: waiting_count, mine, late, unowned: unowned_count },
        unowned: show_items(&app, unowned_rows).await?,
        recent: show_items(&app, recent_rows).await?,
    }))
}
