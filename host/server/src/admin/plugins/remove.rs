//! `DELETE /api/plugins/{id}`: removes a plugin, and optionally its data.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use afpi_core::rights::Action;
use afpi_http::input::Params;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::journal::Author;
use afpi_platform::state::App;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Options {
    /// Also delete its settings, secrets, notes and files.
    #[serde(default)]
    purge: bool,
}

/// Remove a plugin from all sites. Records that use its words stay readable. Settings and notes stay until they are
/// purged.
#[utoipa::path(delete, path = "/{id}", operation_id = "removePlugin", tag = "plugins", params(("id" = String, Path), Options),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Path(id): Path<String>,
    Params(options): Params<Options>,
) -> ApiResult<StatusCode> {
    caller.require(Action::PluginsInstall)?;
    afpi_db::retry(|| app.plugins.remove(&id, options.purge, Author::of(&caller, request.as_str()))).await?;
    tracing::info!(plugin.id = id, purge = options.purge, actor = %caller.id, "plugin removed");
    Ok(StatusCode::NO_CONTENT)
}
