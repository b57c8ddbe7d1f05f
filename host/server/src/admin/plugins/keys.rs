//! `/api/plugin-keys`: the trusted keys.

use afpi_plugins::manifest::PublicKey;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use validator::Validate;

use afpi_core::clock::Instant;
use afpi_core::error::{Error, field, internal, invalid};
use afpi_core::id::UserId;
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_http::input::Body;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Exact;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{self, Activity, Change, Subject};
use afpi_platform::plugins::keys::{self, Key, KeyLevel, Level};
use afpi_platform::state::App;

pub fn key_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(add)).routes(routes!(revoke))
}

/// A key that is or was trusted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PluginKey {
    /// The first half of the SHA-256 of the key, in hexadecimal.
    pub id: String,
    pub name: String,
    pub level: Level,
    /// The line of its `.pub` file.
    pub public_key: String,
    pub added_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Uuid>, required = false)]
    pub added_by: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub revoked_at: Option<Instant>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PluginKeyList {
    pub data: Vec<PluginKey>,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PluginKeyCreate {
    /// The line of a `.pub` file: `afpi-key-v1 public <digits> <name>`.
    #[validate(nested)]
    pub public_key: Exact<1, 400>,
    pub level: KeyLevel,
}

fn show(key: Key) -> PluginKey {
    PluginKey {
        level: Level::parse(&key.level),
        id: key.id,
        name: key.name,
        public_key: key.public_key,
        added_at: key.added_at,
        added_by: key.added_by,
        revoked_at: key.revoked_at,
    }
}

/// List the keys, newest first.
#[utoipa::path(get, path = "/", operation_id = "listPluginKeys", tag = "plugins",
    responses((status = 200, body = PluginKeyList), (status = 403, body = ProblemBody)))]
async fn list(State(app): State<App>, caller: Caller) -> ApiResult<Json<PluginKeyList>> {
    caller.require(Action::PluginsInstall)?;
    let data = keys::all(&mut app.db.read().await?).await?.into_iter().map(show).collect();
    Ok(Json(PluginKeyList { data }))
}

/// Trust a key. A revoked key is trusted again.
#[utoipa::path(post, path = "/", operation_id = "addPluginKey", tag = "plugins", request_body = PluginKeyCreate,
    responses((status = 201, body = PluginKey), (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn add(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Body(input): Body<PluginKeyCreate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::PluginsInstall)?;
    let key: PublicKey = input.public_key.parse().map_err(|e| {
        invalid(vec![field(
            "/publicKey",
            "key",
            text(format!("Clé illisible : {e}."), format!("Unreadable key: {e}.")),
        )])
    })?;
    let id = key.id().to_string();
    let stored = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        keys::add(&mut tx, &key, input.level, caller.id).await?;
        let stored = keys::get(&mut tx, &id).await?.ok_or_else(|| internal("a key that was just written is gone"))?;
        let told = vec![
            journal::field("name", Value::Null, stored.name.as_str()),
            journal::field("level", Value::Null, stored.level.as_str()),
        ];
        let key = Change::by(&caller, request.as_str(), Subject::PluginKey(id.clone()), None);
        key.record(&mut tx, Activity::Trusted, told).await?;
        idempotency::done(&mut tx, StatusCode::CREATED, None).await?;
        tx.commit().await?;
        Ok::<_, Error>(stored)
    })
    .await?;
    tracing::info!(key.id = id, level = Level::from(input.level).as_str(), actor = %caller.id, "plugin key trusted");
    Ok((StatusCode::CREATED, AppendHeaders([(header::LOCATION, format!("/api/plugin-keys/{id}"))]), Json(show(stored))))
}

/// Stop trusting a key. Plugins that it signed keep running, but no version that it signed can be activated any more.
#[utoipa::path(delete, path = "/{id}", operation_id = "revokePluginKey", tag = "plugins", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn revoke(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    caller.require(Action::PluginsInstall)?;
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        if keys::revoke(&mut tx, &id, caller.id).await? {
            let key = Change::by(&caller, request.as_str(), Subject::PluginKey(id.clone()), None);
            key.record(&mut tx, Activity::Revoked, vec![]).await?;
        }
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    tracing::info!(key.id = id, actor = %caller.id, "plugin key revoked");
    Ok(StatusCode::NO_CONTENT)
}
