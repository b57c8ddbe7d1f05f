//! `GET /api/workflow`: the declaration of a site's workflow plugin.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use afpi_core::error::{bad_parameter, internal, not_found};
use afpi_core::id::LocalisationId;
use afpi_http::input::{Params, required};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;
use afpi_platform::workflow::Workflow;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// Default: the caller's first localisation.
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
}

/// Read the workflow of a site: sections with their forms, statuses, transitions.
#[utoipa::path(get, path = "/", operation_id = "getWorkflow", tag = "opportunites", params(Query),
    responses((status = 200, body = Workflow), (status = 404, body = ProblemBody), (status = 503, body = ProblemBody)))]
pub(super) async fn get(State(app): State<App>, caller: Caller, Params(q): Params<Query>) -> ApiResult<Json<Value>> {
    let scope = caller.scope();
    let sites = afpi_platform::localisations::all(&mut app.db.read().await?).await?;
    let mut seen = sites.into_iter().map(|localisation| localisation.id).filter(|id| scope.covers_site(*id));
    let site = match q.localisation_id {
        Some(wanted) => seen.find(|id| *id == wanted).ok_or_else(not_found)?,
        None => seen.next().ok_or_else(|| bad_parameter("localisationId", required("localisationId").message))?,
    };
    let (_, definition) = app.plugins.workflow(site).await?;
    Ok(Json(serde_json::to_value(&definition.workflow).map_err(internal)?))
}
