//! `GET /api/plugins/{id}/versions/{version}/icon`: the icon of a version. It was checked at upload and can only draw.
//! A header also forbids scripts when somebody opens it by itself.

use afpi_plugins::manifest;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use afpi_core::rights::Action;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::plugins::versions;
use afpi_platform::state::App;

/// Opened on its own, the icon has no origin, runs no script and reaches nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// Read the icon of a version. 204 without a displayable one.
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
        // An old icon that was never checked and does not pass counts as missing.
        Err(_) | Ok(None) => StatusCode::NO_CONTENT.into_response(),
        Ok(Some(svg)) => {
            ([(header::CONTENT_TYPE, "image/svg+xml"), (header::CONTENT_SECURITY_POLICY, POLICY)], svg.to_owned())
                .into_response()
        }
    })
}
