//! `GET` and `PUT /api/plugins/{id}/sites/{localisationId}/config`: a plugin's settings on a site.

use axum::Json;
use axum::extract::State;
use axum::http::header::ETAG;
use axum::response::{AppendHeaders, IntoResponse};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::may_configure;
use afpi_core::error::{Error, Result, internal, not_found, stale};
use afpi_core::id::LocalisationId;
use afpi_http::input::{AnyBody, IfMatch, NamedId};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::journal::{Change, Subject};
use afpi_platform::settings::{self, SecretSlot, SecretValues};
use afpi_platform::state::App;

/// Settings of a plugin on a site.
#[derive(Serialize, ToSchema)]
pub struct PluginConfig {
    #[schema(value_type = Object)]
    pub config: Map<String, Value>,
    pub secrets: Vec<SecretSlot>,
    pub version: i64,
}

/// New settings. An absent secret stays, `null` removes it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PluginConfigUpdate {
    #[schema(value_type = Object)]
    pub config: Map<String, Value>,
    #[schema(schema_with = settings::secrets_schema)]
    pub secrets: Option<SecretValues>,
}

async fn load(app: &App, id: &str, site: LocalisationId) -> Result<PluginConfig> {
    let plugin = app.plugins.registry().plugin(id).ok_or_else(not_found)?;
    let mut conn = app.db.read().await?;
    let settings = settings::read(&mut conn, id, site).await?;
    Ok(PluginConfig {
        config: settings.config,
        secrets: settings::slots(&mut conn, &plugin, site).await?,
        version: settings.version,
    })
}

fn answer(config: PluginConfig) -> impl IntoResponse {
    (AppendHeaders([(ETAG, format!("\"{}\"", config.version))]), Json(config))
}

/// Read the settings on a site.
#[utoipa::path(get, path = "/{id}/sites/{localisationId}/config", operation_id = "getPluginConfig", tag = "plugins",
    params(("id" = String, Path), ("localisationId" = Uuid, Path)),
    responses((status = 200, body = PluginConfig), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    NamedId(id, site): NamedId<LocalisationId>,
) -> ApiResult<impl IntoResponse> {
    may_configure(&caller, site)?;
    Ok(answer(load(&app, &id, site).await?))
}

/// Change the settings. The plugin's schema checks them first, then the plugin itself.
#[utoipa::path(put, path = "/{id}/sites/{localisationId}/config", operation_id = "putPluginConfig", tag = "plugins", request_body = PluginConfigUpdate,
    params(("id" = String, Path), ("localisationId" = Uuid, Path), ("If-Match" = String, Header, description = "The version seen")),
    responses((status = 200, body = PluginConfig), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub(super) async fn put(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    NamedId(id, site): NamedId<LocalisationId>,
    IfMatch(seen): IfMatch,
    AnyBody(input): AnyBody<PluginConfigUpdate>,
) -> ApiResult<impl IntoResponse> {
    may_configure(&caller, site)?;
    let now = load(&app, &id, site).await?;
    let changed = settings::differences(&now.config, &input.config);
    if now.version != seen {
        return Err(stale(now, changed).into());
    }
    let plugin = app.plugins.registry().plugin(&id).ok_or_else(not_found)?;
    let wanted =
        settings::Wanted { plugin: &plugin, site, before: &now.config, config: input.config, secrets: input.secrets };
    let new = settings::accept(&app, wanted, request.as_str()).await?;
    let written = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let change = Change::by(&caller, request.as_str(), Subject::Plugin(id.clone()), Some(site));
        let written = settings::write(&app, &mut tx, &new, seen, change).await?;
        if written {
            tx.commit().await?;
        }
        Ok::<_, Error>(written)
    });
    if !written.await? {
        return Err(stale(load(&app, &id, site).await?, changed).into());
    }
    tracing::info!(plugin.id = id, site = %site, actor = %caller.id, "plugin settings changed");
    app.plugins.refresh().await.map_err(internal)?;
    Ok(answer(load(&app, &id, site).await?))
}
