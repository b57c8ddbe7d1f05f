//! `PUT /api/plugins/{id}/sites/{localisationId}`: switching a plugin on or off on a site.

use afpi_db::sql;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::wire::PluginSite;
use super::{may_configure, read};
use crate::auth::caller::Caller;
use crate::http::input::{Body, NamedId};
use crate::http::problem::{ApiResult, ProblemBody, internal};
use crate::http::request_id::RequestId;
use crate::platform::events::{self, Event};
use crate::platform::settings;
use crate::state::App;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PluginSiteUpdate {
    pub enabled: bool,
}

/// Switch it on or off here. Switching on wants settings that fit.
#[utoipa::path(put, path = "/{id}/sites/{localisationId}", operation_id = "setPluginSite", tag = "plugins", request_body = PluginSiteUpdate,
    params(("id" = String, Path), ("localisationId" = Uuid, Path)),
    responses((status = 200, body = PluginSite), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn set(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    NamedId(id, site): NamedId,
    Body(input): Body<PluginSiteUpdate>,
) -> ApiResult<Json<PluginSite>> {
    may_configure(&caller, site)?;
    let now = {
        let mut conn = app.db.read().await?;
        settings::read(&mut conn, &id, site).await?
    };
    if input.enabled && !now.enabled {
        settings::check(&app, &id, &now.config, request.as_str()).await?;
    }
    if input.enabled != now.enabled {
        switch(&app, &caller, &id, site, input.enabled, request.as_str()).await?;
    }
    let mut conn = app.db.read().await?;
    Ok(Json(read::seat(&app, &mut conn, &id, site).await?))
}

/// Switches it, and tells the notifiers in the same transaction.
async fn switch(app: &App, caller: &Caller, id: &str, site: Uuid, enabled: bool, correlation_id: &str) -> ApiResult<()> {
    let now = crate::clock::now();
    let mut tx = app.db.begin().await?;
    sql("UPDATE plugin_sites SET enabled = ?, updated_at = ?, version = version + 1 WHERE plugin_id = ? AND localisation_id = ?")
        .bind(enabled).bind(now).bind(id).bind(site).execute(&mut tx).await?;
    let code = sql("SELECT code FROM localisations WHERE id = ?").bind(site).optional::<(String,)>(&mut tx).await?;
    let name = app.plugins.registry().plugin(id).map(|p| p.manifest().name.clone());
    let state = if enabled { "active" } else { "disabled" };
    let data = json!({"plugin": id, "name": name, "state": state, "siteCode": code.map(|(code,)| code)});
    let event = Event { name: "plugin.state".into(), at: now, site_id: site, actor_id: Some(caller.id), opportunite_id: None, data };
    events::emit(&mut tx, &event, correlation_id).await?;
    tx.commit().await?;
    app.jobs.wake();
    tracing::info!(plugin.id = id, site = %site, enabled, actor = %caller.id, "plugin switched");
    app.plugins.refresh(&app.db).await.map_err(internal)
}
