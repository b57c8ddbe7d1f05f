//! `GET /api/imports/{id}/changes`: the changes of a preview, line by line, and their results.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::{own, store};
use crate::engine::list::{Filters, StagedChange};
use afpi_core::id::{ImportId, RunId};
use afpi_http::input::{Id, Params};
use afpi_http::paging::Page;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// The change that a line of the file causes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportChange {
    /// The line of the file, from 1. A record over several lines has the number of its first one.
    pub line: i64,
    #[serde(flatten)]
    pub change: StagedChange,
}

/// List the changes of the newest preview, or their results. In the order of the file; companies come before their
/// contacts.
#[utoipa::path(get, path = "/{id}/changes", operation_id = "listImportChanges", tag = "imports",
    params(("id" = Uuid, Path), Filters),
    responses((status = 200, body = Page<ImportChange>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<ImportId>,
    Params(filters): Params<Filters>,
) -> ApiResult<Json<Page<ImportChange>>> {
    let page = filters.request(id.uuid())?;
    let mut conn = app.db.read().await?;
    own(&mut conn, &caller, id).await?;
    // Without a run there are no changes: a new id has none either.
    let run = store::last_run(&mut conn, id).await?.map_or_else(RunId::generate, |(run, ..)| run);
    let show = |line: String, change| ImportChange { line: line.parse().unwrap_or_default(), change };
    Ok(Json(page.read(&mut conn, run, show).await?))
}
