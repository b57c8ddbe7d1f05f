//! `GET …/{attachment}/content` and `…/preview`. Whatever a file contains, it does not run in the application's origin:
//! a download is an attachment without a type, a preview is only of types that a browser draws, and both forbid
//! scripts, frames of other pages and guessing of types.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::describe::{self, FileVersion};
use super::holder::{self, Kind, OfAttachment, OfRecordPart};
use crate::content::{self, Binary};
use afpi_core::error::{Result, not_found};
use afpi_core::text::text;
use afpi_files::MediaType;
use afpi_http::input::Params;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// The number of a version. Default: the present one.
    number: Option<u32>,
}

/// Download a file.
#[utoipa::path(get, path = "/{kind}/{id}/{attachment}/content", operation_id = "downloadAttachment", tag = "attachments",
    params(("kind" = Kind, Path), ("id" = Uuid, Path), ("attachment" = Uuid, Path), Which),
    responses((status = 200, body = Binary, content_type = "application/octet-stream"), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
pub(super) async fn download(
    State(app): State<App>,
    caller: Caller,
    of: OfAttachment,
    Params(which): Params<Which>,
) -> ApiResult<Response> {
    let (name, version) = find(&app, &caller, of, which).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, content::attachment(&name)),
    ];
    Ok((headers, content::send(&app, &caller, &version.file.sha256).await?).into_response())
}

/// Show a PDF or a picture. Other types answer 404: download them.
#[utoipa::path(get, path = "/{kind}/{id}/{attachment}/preview", operation_id = "previewAttachment", tag = "attachments",
    params(("kind" = Kind, Path), ("id" = Uuid, Path), ("attachment" = Uuid, Path), Which),
    responses((status = 200, content((Binary = "application/pdf"), (Binary = "image/png"), (Binary = "image/jpeg"),
            (Binary = "image/webp"), (Binary = "image/gif"))),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
pub(super) async fn preview(
    State(app): State<App>,
    caller: Caller,
    of: OfAttachment,
    Params(which): Params<Which>,
) -> ApiResult<Response> {
    let (_, version) = find(&app, &caller, of, which).await?;
    let Some(media) = MediaType::of(&version.file.media_type).filter(|media| media.preview) else {
        let detail = text("Ce type de fichier n'a pas d'aperçu.", "Files of this type have no preview.");
        return Err(not_found().detail(detail).into());
    };
    Ok(shown(&app, &caller, media, &version.file.sha256).await?)
}

/// Shows the content of a file of a type that a browser draws.
pub(super) async fn shown(app: &App, caller: &Caller, media: &MediaType, sha256: &str) -> Result<Response> {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media.mime)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("inline")),
    ];
    Ok((headers, content::send(app, caller, sha256).await?).into_response())
}

/// The name of the file and the version that was asked for.
async fn find(app: &App, caller: &Caller, of: OfAttachment, which: Which) -> Result<(String, FileVersion)> {
    let OfRecordPart(kind, id, attachment) = of;
    kind.require_read(caller)?;
    let mut conn = app.db.read().await?;
    let holder = holder::load(&mut conn, &caller.scope(), kind, id).await?;
    let found = describe::one(&mut conn, &holder, attachment).await?;
    let wanted = which.number.map(i64::from);
    let version = found.versions.into_iter().find(|version| wanted.is_none_or(|number| version.number == number));
    Ok((found.name, version.ok_or_else(not_found)?))
}
