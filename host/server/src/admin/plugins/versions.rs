//! `/api/plugins/{id}/versions`: the uploaded versions, what they may do and what changed; and the consent that
//! activates one.

use afpi_db::Conn;
use afpi_plugins::manifest::Manifest;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::read;
use super::wire::{self, KeyRef, PluginCapability, PluginKind};
use afpi_core::clock::Instant;
use afpi_core::error::{Result, not_found};
use afpi_core::rights::Action;
use afpi_core::text::Text;
use afpi_http::input::Body;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Exact;
use afpi_platform::auth::caller::Caller;
use afpi_platform::journal::Author;
use afpi_platform::plugins::keys::Level;
use afpi_platform::plugins::versions::{self, Standing, Version};
use afpi_platform::plugins::{Switched, consent};
use afpi_platform::settings::SettingChange;
use afpi_platform::state::App;

/// An uploaded version of a plugin.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PluginVersion {
    pub plugin_id: String,
    pub name: Text,
    pub description: Text,
    pub kind: PluginKind,
    pub version: String,
    pub state: VersionState,
    /// Who answers for it.
    pub level: Level,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub key: Option<KeyRef>,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Bytes of the file.
    pub size: i64,
    pub installed_at: Instant,
    /// Everything that it may do after consent, in sentences.
    pub capabilities: Vec<PluginCapability>,
    /// Identifies exactly this file, its signer and its requests. Send it back to consent to them.
    pub consent: String,
    /// Compared with the active version. Absent for the active one itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub changes: Option<VersionChanges>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = PluginVersionState)]
pub enum VersionState {
    Active,
    /// Kept for a rollback.
    Previous,
    /// Waits for consent.
    Staged,
}

/// How a version differs from the active one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PluginVersionChanges)]
pub struct VersionChanges {
    /// The active version, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub from: Option<String>,
    /// Whether an administrator must consent before it runs.
    pub consent_required: bool,
    pub capabilities_added: Vec<PluginCapability>,
    pub capabilities_removed: Vec<PluginCapability>,
    /// What it asks for beyond the active version, as pointers into the manifest, e.g. `/capabilities/http/hosts`.
    pub more: Vec<String>,
    pub limits: Limits,
    /// Limits of the active version.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub limits_before: Option<Limits>,
    /// Does it have another signer than the version that is or was last active? The secrets and notes of the earlier
    /// signer do not pass to it.
    pub signer_changed: bool,
    /// Level of the active version, if it differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub level_before: Option<Level>,
}

/// Limits of one call. An absent value is the host's default.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PluginLimits)]
pub struct Limits {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub memory_mib: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub call_ms: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PluginVersionList {
    pub data: Vec<PluginVersion>,
}

/// The result of activating or rolling back.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Activation {
    pub version: PluginVersion,
    /// The version that was active before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub from: Option<String>,
    /// Settings that are new, gone or of another shape.
    pub settings: Vec<SettingChange>,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PluginConsent)]
pub struct Consent {
    /// The `consent` of the version that was read. Not needed for a version that asks for no more than the active one.
    #[validate(nested)]
    pub consent: Option<Exact<64, 64>>,
}

/// List the versions of a plugin, newest first.
#[utoipa::path(get, path = "/{id}/versions", operation_id = "listPluginVersions", tag = "plugins", params(("id" = String, Path)),
    responses((status = 200, body = PluginVersionList), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> ApiResult<Json<PluginVersionList>> {
    caller.require(Action::PluginsInstall)?;
    let mut conn = app.db.read().await?;
    let standing = versions::standing(&mut conn, &id).await?.ok_or_else(not_found)?;
    let mut data = Vec::new();
    for row in versions::of(&mut conn, &id).await? {
        data.push(show(&mut conn, &standing, row).await?);
    }
    Ok(Json(PluginVersionList { data }))
}

/// Consent to a version and activate it. First its settings are migrated at every site. If the settings of one site are
/// invalid, nothing changes.
#[utoipa::path(post, path = "/{id}/versions/{version}/activate", operation_id = "activatePluginVersion", tag = "plugins",
    params(("id" = String, Path), ("version" = String, Path)), request_body = Consent,
    responses((status = 200, body = Activation), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody), (status = 502, body = ProblemBody)))]
pub(super) async fn activate(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Path((id, version)): Path<(String, String)>,
    Body(input): Body<Consent>,
) -> ApiResult<Json<Activation>> {
    caller.require(Action::PluginsInstall)?;
    let switched =
        app.plugins.activate(&id, &version, input.consent.as_deref(), Author::of(&caller, request.as_str())).await?;
    tracing::info!(plugin.id = id, plugin.version = version, actor = %caller.id, consented = input.consent.is_some(), "plugin version activated");
    Ok(answer(&app, &id, switched).await.map(Json)?)
}

/// Return to the previous version, with its settings and grants.
#[utoipa::path(post, path = "/{id}/rollback", operation_id = "rollbackPlugin", tag = "plugins", params(("id" = String, Path)),
    responses((status = 200, body = Activation), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn rollback(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Path(id): Path<String>,
) -> ApiResult<Json<Activation>> {
    caller.require(Action::PluginsInstall)?;
    let switched = app.plugins.rollback(&id, Author::of(&caller, request.as_str())).await?;
    tracing::info!(plugin.id = id, plugin.version = switched.to, actor = %caller.id, "plugin rolled back");
    Ok(answer(&app, &id, switched).await.map(Json)?)
}

/// Delete a version that waits for consent.
#[utoipa::path(delete, path = "/{id}/versions/{version}", operation_id = "deletePluginVersion", tag = "plugins",
    params(("id" = String, Path), ("version" = String, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn discard(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Path((id, version)): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    caller.require(Action::PluginsInstall)?;
    afpi_db::retry(|| app.plugins.discard(&id, &version, Author::of(&caller, request.as_str()))).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn answer(app: &App, id: &str, switched: Switched) -> Result<Activation> {
    let version = one(&mut app.db.read().await?, id, &switched.to).await?;
    Ok(Activation { version, from: Some(switched.from).filter(|v| !v.is_empty()), settings: switched.settings })
}

/// The present state of a version.
pub(super) async fn one(conn: &mut Conn, id: &str, version: &str) -> Result<PluginVersion> {
    let standing = versions::standing(conn, id).await?.ok_or_else(not_found)?;
    let row = versions::get(conn, id, version).await?;
    show(conn, &standing, row).await
}

async fn show(conn: &mut Conn, standing: &Standing, row: Version) -> Result<PluginVersion> {
    let manifest = row.manifest(conn).await?;
    let state = match row.version.as_str() {
        version if version == standing.version => VersionState::Active,
        version if version == standing.previous => VersionState::Previous,
        _ => VersionState::Staged,
    };
    let changes = match state {
        VersionState::Active => None,
        _ => Some(changes(conn, standing, &row, &manifest).await?),
    };
    Ok(PluginVersion {
        name: wire::label(&manifest.name),
        description: wire::label(&manifest.description),
        kind: PluginKind::of(manifest.kind),
        state,
        level: Level::parse(&row.level),
        key: read::key(conn, &row.key_id).await?,
        capabilities: wire::capabilities(&manifest),
        consent: consent::digest(&row, &manifest),
        changes,
        plugin_id: row.plugin_id,
        version: row.version,
        sha256: row.sha256,
        size: row.size,
        installed_at: row.installed_at,
    })
}

async fn changes(conn: &mut Conn, standing: &Standing, row: &Version, new: &Manifest) -> Result<VersionChanges> {
    let signer_changed = standing.is_foreign(row.signer());
    let limits = |m: &Manifest| Limits { memory_mib: m.limits.memory_mib, call_ms: m.limits.call_ms };
    if standing.version.is_empty() {
        return Ok(VersionChanges {
            from: None,
            consent_required: true,
            capabilities_added: wire::capabilities(new),
            capabilities_removed: vec![],
            more: vec![],
            limits: limits(new),
            limits_before: None,
            signer_changed,
            level_before: None,
        });
    }
    let active = versions::get(conn, &standing.id, &standing.version).await?;
    let old = active.manifest(conn).await?;
    let more = consent::growth(&old, new);
    let beyond = |a: &Manifest, b: &Manifest| {
        let known = wire::capabilities(b);
        wire::capabilities(a).into_iter().filter(|c| !known.iter().any(|k| k.id == c.id)).collect()
    };
    Ok(VersionChanges {
        from: Some(standing.version.clone()),
        consent_required: signer_changed || !more.is_empty(),
        capabilities_added: beyond(new, &old),
        capabilities_removed: beyond(&old, new),
        more,
        limits: limits(new),
        limits_before: Some(limits(&old)),
        signer_changed,
        level_before: Some(Level::parse(&active.level)).filter(|level| *level != Level::parse(&row.level)),
    })
}
