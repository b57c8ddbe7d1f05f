//! `GET /api/connecteurs/{plugin}/runs/{id}/changes`: the changes of a run, record by record.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::{connector, runs};
use crate::engine::list::{Filters, StagedChange};
use afpi_core::id::RunId;
use afpi_http::input::{NamedId, Params};
use afpi_http::paging::Page;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// A record of the other system, and the change that it causes here.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunChange {
    /// Its key in the other system.
    pub external_id: String,
    #[serde(flatten)]
    pub change: StagedChange,
}

/// List the run's changes.
#[utoipa::path(get, path = "/{plugin}/runs/{id}/changes", operation_id = "listRunChanges", tag = "connecteurs",
    params(("plugin" = String, Path), ("id" = Uuid, Path), Filters),
    responses((status = 200, body = Page<RunChange>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    NamedId(plugin, id): NamedId<RunId>,
    Params(filters): Params<Filters>,
) -> ApiResult<Json<Page<RunChange>>> {
    connector(&app, &caller, &plugin)?;
    let page = filters.request(id.uuid())?;
    let mut conn = app.db.read().await?;
    runs::load(&mut conn, &plugin, id).await?;
    let show = |external_id, change| RunChange { external_id, change };
    Ok(Json(page.read(&mut conn, id, show).await?))
}
