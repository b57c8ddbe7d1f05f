//! `GET /api/plugins/{id}/versions/{version}/icon`: the picture a version is shown with. It was checked to only draw
//! when it came in; whoever opens it by itself is also told to run nothing of it.

use afpi_plugins::manifest;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use afpi_core::rights::Action;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::plugins::versions;
use afpi_platform::state::App;

/// As a document of its own it has no origin, no script and reaches nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// The icon of a version; 204 when it has none that can be shown.
#[utoipa::path(get, path = "/{id}/versions/{version}/icon", operation_id = "getPluginIcon", tag = "plugins",
    params(("id" = String, Path), ("version" = String, Path)),
    responses((status = 200, body = String, content_type = "image/svg+xml"), (status = 204), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path((id, version)): Path<(String, String)>,
) -> ApiResult<Response> {
    caller.require(Action::PluginsRead)?;
    let mut conn = app.db.read().await?;
    versions::get(&mut conn, &id, &version).await?;
    let file = versions::file(&mut conn, &id, &version).await?;
    drop(conn);
    Ok(match manifest::icon(&file) {
        // One that came in before icons were judged, and does not pass, is none.
        Err(_) | Ok(None) => StatusCode::NO_CONTENT.into_response(),
        Ok(Some(svg)) => {
            ([(header::CONTENT_TYPE, "image/svg+xml"), (header::CONTENT_SECURITY_POLICY, POLICY)], svg.to_owned())
                .into_response()
        }
    })
}
