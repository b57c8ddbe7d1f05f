//! `GET /api/entreprises/fusions`: the merges that can be taken back.

use afpi_core::clock::Instant;
use afpi_core::id::{EntrepriseId, FusionId};
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_http::paging::All;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// The most merges of an answer.
const SHOWN: u32 = 50;

/// A merge that was made and not taken back.
#[derive(Debug, Serialize, ToSchema)]
pub struct FusionItem {
    #[schema(value_type = Uuid)]
    id: FusionId,
    survivor: FusionEntreprise,
    /// The company that went.
    absorbed: FusionEntreprise,
    by: String,
    at: Instant,
}

/// A company of a merge.
#[derive(Debug, Serialize, ToSchema)]
pub struct FusionEntreprise {
    #[schema(value_type = Uuid)]
    id: EntrepriseId,
    name: String,
}

afpi_db::row! {
    struct Row {
        id: FusionId, survivor_id: EntrepriseId, survivor_name: String, absorbed_id: EntrepriseId, absorbed_name: String, person: String,
        merged_at: Instant,
    }
}

/// List the newest merges that can be taken back, at most 50.
#[utoipa::path(get, path = "/fusions", operation_id = "listFusions", tag = "entreprises",
    responses((status = 200, body = All<FusionItem>), (status = 403, body = ProblemBody)))]
pub async fn list(State(app): State<App>, caller: Caller) -> ApiResult<Json<All<FusionItem>>> {
    caller.require(Action::EntreprisesMerge)?;
    let scope = caller.scope();
    let columns = "x.id, e.id AS survivor_id, e.name AS survivor_name, x.absorbed_id, x.absorbed_name, u.name AS person, x.merged_at";
    let mut query =
        scope.entreprises(columns, "JOIN fusions x ON x.survivor_id = e.id JOIN users u ON u.id = x.merged_by");
    query.push(" AND x.undone_at IS NULL");
    if let Scope::Sites(sites) | Scope::Own { sites, .. } = &scope {
        query.push(" AND x.localisation_id IN ").list(sites.iter());
        query.push(" AND e.localisation_id IN ").list(sites.iter());
    }
    query.push(" ORDER BY x.merged_at DESC, x.id DESC").limit(SHOWN);
    let rows = query.all::<Row>(&mut app.db.read().await?).await?;
    let item = |row: Row| FusionItem {
        id: row.id,
        survivor: FusionEntreprise { id: row.survivor_id, name: row.survivor_name },
        absorbed: FusionEntreprise { id: row.absorbed_id, name: row.absorbed_name },
        by: row.person,
        at: row.merged_at,
    };
    Ok(Json(All { data: rows.into_iter().map(item).collect() }))
}
