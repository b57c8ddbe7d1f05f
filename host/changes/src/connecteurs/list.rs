//! `GET /api/connecteurs`: the installed connectors, each with its schedule and its last run.

use afpi_plugins::manifest::Kind;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::runs::{self, Run};
use super::schedule::{self, Schedule};
use afpi_core::id::LocalisationId;
use afpi_core::rights::Action;
use afpi_core::text::{Text, text};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::settings;
use afpi_platform::state::App;

/// A connector.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Connecteur {
    pub id: String,
    pub name: Text,
    /// Configured and switched on.
    pub enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub schedule: Option<Schedule>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub last_run: Option<Run>,
}

#[derive(Serialize, ToSchema)]
pub struct ConnecteurList {
    pub data: Vec<Connecteur>,
}

/// List all connectors.
#[utoipa::path(get, path = "/", operation_id = "listConnecteurs", tag = "connecteurs",
    responses((status = 200, body = ConnecteurList), (status = 403, body = ProblemBody)))]
pub(super) async fn list(State(app): State<App>, caller: Caller) -> ApiResult<Json<ConnecteurList>> {
    caller.require(Action::ConnecteursManage)?;
    let mut conn = app.db.read().await?;
    let mut data = Vec::new();
    for plugin in app.plugins.registry().plugins() {
        if plugin.manifest().kind != Kind::Connector {
            continue;
        }
        let (id, name) = (plugin.id(), &plugin.manifest().name);
        data.push(Connecteur {
            id: id.into(),
            name: text(&name.fr, &name.en),
            enabled: settings::read(&mut conn, id, LocalisationId::NETWORK).await?.enabled,
            schedule: schedule::read(&mut conn, id).await?,
            last_run: runs::last(&mut conn, id).await?,
        });
    }
    Ok(Json(ConnecteurList { data }))
}
