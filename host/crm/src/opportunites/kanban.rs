//! `GET /api/opportunites/kanban`: the totals of each column of the board. The cards come from the list.

use std::collections::{BTreeMap, HashMap, HashSet};

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::list::with_filters;
use super::pick::Pick;
use crate::book::{self, Snapshot};
use crate::search;
use afpi_core::clock::Instant;
use afpi_core::money::Money;
use afpi_core::scope::Scope;
use afpi_http::input::Params;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

with_filters! {
    pub struct Query {
        /// Default `section`.
        group_by: Option<GroupBy>,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum GroupBy {
    Section,
    Status,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Kanban {
    columns: Vec<KanbanColumn>,
}

/// A column. Amounts in cents; `weighted` uses the probability of the statuses.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct KanbanColumn {
    id: String,
    count: i64,
    #[schema(value_type = i64)]
    amount: Money,
    #[schema(value_type = i64)]
    weighted: Money,
    late: i64,
}

/// Read the columns of the board.
#[utoipa::path(get, path = "/kanban", operation_id = "getKanban", tag = "opportunites", params(Query),
    responses((status = 200, body = Kanban), (status = 400, body = ProblemBody)))]
pub(super) async fn kanban(
    State(app): State<App>,
    caller: Caller,
    Params(q): Params<Query>,
) -> ApiResult<Json<Kanban>> {
    let which = q.which();
    let scope = caller.scope();
    let waiting = which.statuses(&app, &caller).await;
    let found = which.found_by_q(&app, &scope).await?;
    let book = book::read(&app).await?;
    let pick = Pick::new(&which, &book, waiting.as_ref());
    let mut groups = grouped(&book, &scope, &pick, found.as_ref());
    // The list does the same.
    if groups.is_empty() && found.is_some() {
        let nearly =
            search::nearly(&app, search::Kind::Opportunite, which.q.as_deref()).into_iter().flatten().collect();
        groups = grouped(&book, &scope, &pick, Some(&nearly));
    }

    let by_section = q.group_by != Some(GroupBy::Status);
    let mut columns: BTreeMap<String, KanbanColumn> = BTreeMap::new();
    for ((site, section, status), group) in groups {
        // A status may have another probability in another site's workflow.
        let definition = app.plugins.definition(book.site(site)).await;
        let probability = definition.as_ref().and_then(|d| d.status(book.words().text(status)));
        let percent = probability.map_or(0, |status| i64::from(status.probability));
        let id = book.words().text(if by_section { section } else { status }).to_owned();
        let column = columns.entry(id.clone()).or_insert_with(|| KanbanColumn { id, ..Default::default() });
        column.count += group.count;
        column.amount += group.amount;
        column.weighted += Money::from_cents(group.amount.cents() * percent / 100);
        column.late += group.late;
    }
    Ok(Json(Kanban { columns: columns.into_values().collect() }))
}

/// A column for each site, section and status.
type Groups = HashMap<(u32, u32, u32), KanbanColumn>;

fn grouped(book: &Snapshot, scope: &Scope, pick: &Pick, found: Option<&HashSet<Uuid>>) -> Groups {
    let now = Instant::now();
    let mut groups = Groups::new();
    for (_, row) in book.rows(scope) {
        if found.is_none_or(|found| found.contains(&row.id.uuid())) && pick.takes(row, now) {
            let group = groups.entry((row.site, row.section, row.status)).or_default();
            group.count += 1;
            group.amount += row.amount;
            group.late += i64::from(row.is_late(now));
        }
    }
    groups
}
