//! `GET /api/opportunites/kanban`: the totals of each column of the board. The cards come from the list.

use std::collections::BTreeMap;

use afpi_db::Conn;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::list::with_filters;
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::id::LocalisationId;
use afpi_core::money::Money;
use afpi_core::scope::ScopedSql;
use afpi_http::input::Params;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::reads::Reads;
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
    Reads(reads): Reads,
    caller: Caller,
    Params(q): Params<Query>,
) -> ApiResult<Json<Kanban>> {
    let which = q.which();
    let waiting = which.statuses(&app, &caller).await;
    let mut counts = caller
        .scope()
        .opportunites("o.localisation_id, o.section, o.status, COUNT(*), CAST(SUM(o.amount) AS SIGNED)", "");
    which.apply(&mut counts, waiting.as_ref());
    let mut lates = caller
        .scope()
        .opportunites("o.localisation_id, o.section, o.status, COUNT(*), CAST(SUM(o.amount) AS SIGNED)", "");
    which.apply(&mut lates, waiting.as_ref());
    lates.push(" AND o.due_at < ?").arg(Instant::now());
    let (counts, lates) = {
        let mut conn = reads.read().await?;
        (groups(counts, &mut conn).await?, groups(lates, &mut conn).await?)
    };

    let by_section = q.group_by != Some(GroupBy::Status);
    let mut columns: BTreeMap<String, KanbanColumn> = BTreeMap::new();
    for (site, section, status, count, amount) in counts {
        // A status may have another probability in another site's workflow.
        let definition = app.plugins.definition(site).await;
        let percent = definition.as_ref().and_then(|d| d.status(&status)).map_or(0, |s| i64::from(s.probability));
        let id = if by_section { section } else { status };
        let column = columns.entry(id.clone()).or_insert_with(|| KanbanColumn { id, ..Default::default() });
        column.count += count;
        column.amount += amount;
        column.weighted += Money::from_cents(amount.cents() * percent / 100);
    }
    for (_, section, status, count, _) in lates {
        if let Some(column) = columns.get_mut(if by_section { &section } else { &status }) {
            column.late += count;
        }
    }
    Ok(Json(Kanban { columns: columns.into_values().collect() }))
}

type Group = (LocalisationId, String, String, i64, Money);

async fn groups(mut query: ScopedSql, conn: &mut Conn) -> Result<Vec<Group>> {
    query.push(" GROUP BY o.localisation_id, o.section, o.status");
    Ok(query.all(conn).await?)
}
