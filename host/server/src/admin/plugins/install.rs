//! `POST /api/plugins`: uploads a plugin file. It is checked, compiled and stored. Nothing of it runs before consent.

use afpi_plugins::Effort;
use afpi_plugins::manifest::MAX_PLUGIN_BYTES;
use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use serde::Deserialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use super::versions::{self, PluginVersion};
use afpi_core::error::{Error, ErrorKind, too_large, too_late};
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_http::body::too_slow;
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
    /// For developers (`AFPI_PLUGIN_DEV`): the file replaces the active version at once, also with the same version
    /// number, if it asks for no more. Otherwise 409 `consent-required`.
    #[serde(default)]
    reload: bool,
}

/// The schema of a plugin file in the OpenAPI document.
struct PluginFile;

impl PartialSchema for PluginFile {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .max_length(Some(MAX_PLUGIN_BYTES))
            .into()
    }
}

impl ToSchema for PluginFile {}

/// Upload a plugin file (at most 12 MiB). The answer shows its content, its signer, what it may do after consent, and
/// what changed. Activate the version to consent.
#[utoipa::path(post, path = "/", operation_id = "installPlugin", tag = "plugins", params(Options),
    request_body(content = PluginFile, content_type = "application/wasm"),
    responses((status = 201, body = PluginVersion), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 413, body = ProblemBody), (status = 415, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn install(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Params(options): Params<Options>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::PluginsInstall)?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.eq_ignore_ascii_case("application/wasm") && !kind.eq_ignore_ascii_case("application/octet-stream") {
        let title = text(
            "Un fichier d'extension est attendu (Content-Type: application/wasm)",
            "A plugin file is expected (Content-Type: application/wasm)",
        );
        return Err(Error::new(ErrorKind::UnsupportedMediaType, title).into());
    }
    if options.reload && !app.plugins.dev() {
        let title = text(
            "Le rechargement demande le mode développeur (AFPI_PLUGIN_DEV)",
            "Reloading needs developer mode (AFPI_PLUGIN_DEV)",
        );
        return Err(Error::new(ErrorKind::DeveloperMode, title).into());
    }
    let read = to_bytes(body, MAX_PLUGIN_BYTES).await;
    let file = read.map_err(|error| if too_slow(&error) { too_late() } else { too_large() })?;
    let effort = if options.reload { Effort::Quick } else { Effort::Full };
    let candidate = app.plugins.inspect(file.into(), effort, caller.id).await?;
    let (id, version) = (candidate.manifest().id.clone(), candidate.manifest().version.to_string());
    let author = Author::of(&caller, request.as_str());
    if options.reload && app.plugins.registry().plugin(&id).is_some() {
        app.plugins.reload(&candidate, author).await?;
    } else {
        afpi_db::retry(|| app.plugins.stage(&candidate, author)).await?;
    }
    tracing::info!(plugin.id = id, plugin.version = version, actor = %caller.id, "plugin file taken in");
    let shown = versions::one(&mut app.db.read().await?, &id, &version).await?;
    Ok((StatusCode::CREATED, AppendHeaders([(header::LOCATION, format!("/api/plugins/{id}/versions"))]), Json(shown)))
}
