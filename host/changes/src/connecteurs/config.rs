//! A connector's settings, secrets and schedule, and the test of its connection.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::ETAG;
use axum::response::{AppendHeaders, IntoResponse};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use validator::Validate;

use super::connector;
use super::owners;
use super::schedule::{self, Schedule};
use crate::engine::owners::Owner;
use afpi_core::error::{Error, ErrorKind, Result, internal, not_found, stale};
use afpi_core::id::LocalisationId;
use afpi_core::text::{Text, text};
use afpi_http::input::{Body, IfMatch, stated};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::journal::{self, Change, Subject};
use afpi_platform::plugins::{context, failure};
use afpi_platform::settings::{self, SecretSlot, SecretValues};
use afpi_platform::state::App;

/// The settings of a connector.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConnecteurConfig {
    #[schema(value_type = Object)]
    pub config: Map<String, Value>,
    /// JSON Schema of `config`.
    #[schema(value_type = Object)]
    pub config_schema: Map<String, Value>,
    pub secrets: Vec<SecretSlot>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub schedule: Option<Schedule>,
    /// Which side owns each field that a run can fill: `entreprise.name`, `contact.email`, ….
    pub owners: BTreeMap<String, Owner>,
    pub version: i64,
}

/// New settings. An absent secret or schedule stays, `null` removes it.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnecteurConfigUpdate {
    #[schema(value_type = Object)]
    pub config: Map<String, Value>,
    #[schema(schema_with = settings::secrets_schema)]
    pub secrets: Option<SecretValues>,
    #[serde(default, deserialize_with = "stated")]
    #[validate(nested)]
    #[schema(value_type = Option<Schedule>)]
    pub schedule: Option<Option<Schedule>>,
    /// Absent owners stay. A field that is not named belongs to both sides.
    pub owners: Option<BTreeMap<String, Owner>>,
}

/// A tested address.
#[derive(Serialize, ToSchema)]
pub struct Check {
    pub name: String,
    pub ok: bool,
    pub message: Text,
}

#[derive(Serialize, ToSchema)]
pub struct Checks {
    pub checks: Vec<Check>,
}

async fn load(app: &App, id: &str, correlation_id: &str) -> Result<ConnecteurConfig> {
    let plugin = app.plugins.registry().plugin(id).ok_or_else(not_found)?;
    let config_schema = app.plugins.schema(&plugin, correlation_id).await?;
    let mut conn = app.db.read().await?;
    let settings = settings::read(&mut conn, id, LocalisationId::NETWORK).await?;
    Ok(ConnecteurConfig {
        config: settings.config,
        config_schema,
        secrets: settings::slots(&mut conn, &plugin, LocalisationId::NETWORK).await?,
        schedule: schedule::read(&mut conn, id).await?,
        owners: owners::load(&mut conn, id).await?.shown(),
        version: settings.version,
    })
}

fn answer(config: ConnecteurConfig) -> impl IntoResponse {
    (AppendHeaders([(ETAG, format!("\"{}\"", config.version))]), Json(config))
}

/// Read the settings of a connector.
#[utoipa::path(get, path = "/{plugin}/config", operation_id = "getConnecteurConfig", tag = "connecteurs", params(("plugin" = String, Path)),
    responses((status = 200, body = ConnecteurConfig), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Path(id): Path<String>,
) -> ApiResult<impl IntoResponse> {
    connector(&app, &caller, &id)?;
    Ok(answer(load(&app, &id, request.as_str()).await?))
}

/// Change the settings of a connector. Accepted settings switch it on.
#[utoipa::path(put, path = "/{plugin}/config", operation_id = "putConnecteurConfig", tag = "connecteurs", request_body = ConnecteurConfigUpdate,
    params(("plugin" = String, Path), ("If-Match" = String, Header, description = "The version seen")),
    responses((status = 200, body = ConnecteurConfig), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub(super) async fn put(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Path(id): Path<String>,
    IfMatch(seen): IfMatch,
    Body(input): Body<ConnecteurConfigUpdate>,
) -> ApiResult<impl IntoResponse> {
    let plugin = connector(&app, &caller, &id)?;
    let now = load(&app, &id, request.as_str()).await?;
    let changed = settings::differences(&now.config, &input.config);
    if now.version != seen {
        return Err(stale(now, changed).into());
    }
    if let Some(Some(schedule)) = &input.schedule {
        schedule::check(schedule)?;
    }
    if let Some(owners) = &input.owners {
        owners::check(owners)?;
    }
    let wanted = settings::Wanted {
        plugin: &plugin,
        site: LocalisationId::NETWORK,
        before: &now.config,
        config: input.config,
        secrets: input.secrets,
    };
    let new = settings::accept(&app, wanted, request.as_str()).await?.and_switch_on();
    let beside = beside(&now, input.schedule.as_ref(), input.owners.as_ref());
    let written = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let change =
            Change::by(&caller, request.as_str(), Subject::Connecteur(id.clone()), None).beside(beside.clone());
        if !settings::write(&app, &mut tx, &new, seen, change).await? {
            return Ok(false);
        }
        if let Some(schedule) = &input.schedule {
            schedule::write(&mut tx, &id, schedule.as_ref()).await?;
        }
        if let Some(owners) = &input.owners {
            owners::write(&mut tx, &id, owners).await?;
        }
        tx.commit().await?;
        Ok::<_, Error>(true)
    });
    if !written.await? {
        return Err(stale(load(&app, &id, request.as_str()).await?, changed).into());
    }
    tracing::info!(plugin.id = id, actor = %caller.id, "connector set up");
    app.plugins.refresh().await.map_err(internal)?;
    Ok(answer(load(&app, &id, request.as_str()).await?))
}

/// The differences in the schedule and the owners, for the journal.
fn beside(
    now: &ConnecteurConfig,
    schedule: Option<&Option<Schedule>>,
    owners: Option<&BTreeMap<String, Owner>>,
) -> Vec<Value> {
    let mut after = now.owners.clone();
    after.extend(owners.into_iter().flatten().map(|(name, owner)| (name.clone(), *owner)));
    let before = json!({"schedule": now.schedule, "owners": now.owners});
    let after = json!({"schedule": schedule.unwrap_or(&now.schedule), "owners": after});
    journal::differences(Some(&before), Some(&after))
}

/// Test each address that the connector needs. Changes nothing on either side.
#[utoipa::path(post, path = "/{plugin}/check", operation_id = "checkConnecteur", tag = "connecteurs", params(("plugin" = String, Path)),
    responses((status = 200, body = Checks), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 502, body = ProblemBody)))]
pub(super) async fn check(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Path(id): Path<String>,
) -> ApiResult<Json<Checks>> {
    connector(&app, &caller, &id)?;
    let running = app.plugins.registry().connector(&id).ok_or_else(not_set_up)?;
    let probes = running.check(&context(caller.locale, request.as_str())).await.map_err(failure)?;
    let check = |p: afpi_plugins::contract::connector::Probe| Check {
        name: p.name,
        ok: p.ok,
        message: text(p.message.fr, p.message.en),
    };
    Ok(Json(Checks { checks: probes.into_iter().map(check).collect() }))
}

/// 409 for a connector that is not configured, or is switched off.
pub(super) fn not_set_up() -> afpi_core::error::Error {
    Error::new(
        ErrorKind::Conflict,
        text("Ce connecteur n'est pas configuré ou est désactivé", "This connector is not set up or is switched off"),
    )
}
