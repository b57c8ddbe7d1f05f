//! `GET /api/opportunites/kanban`: the totals of each column of the board. The cards come from the list.

use std::collections::{BTreeMap, HashMap, HashSet};

use afpi_db::sql;
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
use afpi_core::collation;
use afpi_core::error::Result;
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
    /// A column for each site.
    Localisation,
    /// A column for each owner.
    Commercial,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Kanban {
    columns: Vec<KanbanColumn>,
}

/// A column. Amounts in cents; `weighted` uses the probability of the statuses.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct KanbanColumn {
    /// The section, the status, or the id of the site or of the owner.
    id: String,
    /// The name of the site or of the owner. Sections and statuses have theirs in the workflow.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    label: Option<String>,
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

    let by = q.group_by.unwrap_or(GroupBy::Section);
    let mut columns: BTreeMap<String, KanbanColumn> = BTreeMap::new();
    for ((site, section, status, commercial), group) in groups {
        // A status may have another probability in another site's workflow.
        let definition = app.plugins.definition(book.site(site)).await;
        let probability = definition.as_ref().and_then(|d| d.status(book.words().text(status)));
        let percent = probability.map_or(0, |status| i64::from(status.probability));
        let id = match by {
            GroupBy::Section => book.words().text(section).to_owned(),
            GroupBy::Status => book.words().text(status).to_owned(),
            GroupBy::Localisation => book.site(site).to_string(),
            GroupBy::Commercial => book.person(commercial).to_string(),
        };
        let column = columns.entry(id.clone()).or_insert_with(|| KanbanColumn { id, ..Default::default() });
        column.count += group.count;
        column.amount += group.amount;
        column.weighted += Money::from_cents(group.amount.cents() * percent / 100);
        column.late += group.late;
    }
    let mut columns: Vec<KanbanColumn> = columns.into_values().collect();
    name(&app, by, &mut columns).await?;
    Ok(Json(Kanban { columns }))
}

/// Gives columns of sites and owners their names, and sorts them by these.
async fn name(app: &App, by: GroupBy, columns: &mut [KanbanColumn]) -> Result<()> {
    let mut query = match by {
        GroupBy::Section | GroupBy::Status => return Ok(()),
        GroupBy::Localisation => sql("SELECT id, name FROM localisations WHERE id IN "),
        GroupBy::Commercial => sql("SELECT id, name FROM users WHERE id IN "),
    };
    let ids: Vec<Uuid> = columns.iter().filter_map(|column| column.id.parse().ok()).collect();
    query.list(&ids);
    let names: HashMap<String, String> = if ids.is_empty() {
        HashMap::new()
    } else {
        let rows = query.all::<(Uuid, String)>(&mut app.db.read().await?).await?;
        rows.into_iter().map(|(id, name)| (id.to_string(), name)).collect()
    };
    for column in columns.iter_mut() {
        column.label = names.get(&column.id).cloned();
    }
    columns.sort_by_cached_key(|column| column.label.as_deref().map(collation::key));
    Ok(())
}

/// A column for each site, section, status and owner.
type Groups = HashMap<(u32, u32, u32, u32), KanbanColumn>;

fn grouped(book: &Snapshot, scope: &Scope, pick: &Pick, found: Option<&HashSet<Uuid>>) -> Groups {
    let now = Instant::now();
    let mut groups = Groups::new();
    for (_, row) in book.rows(scope) {
        if found.is_none_or(|found| found.contains(&row.id.uuid())) && pick.takes(row, now) {
            let group = groups.entry((row.site, row.section, row.status, row.commercial)).or_default();
            group.count += 1;
            group.amount += row.amount;
            group.late += i64::from(row.is_late(now));
        }
    }
    groups
}
