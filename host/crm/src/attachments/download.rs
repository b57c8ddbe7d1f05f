//! `GET …/{attachment}/content` and `…/preview`. Whatever a file contains, it does not run in the application's origin:
//! a download is an attachment without a type, a preview is only of types that a browser draws, and both forbid
//! scripts, frames of other pages and guessing of types.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::TryStreamExt;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

use super::describe::{self, FileVersion};
use super::holder::{self, Kind, OfAttachment};
use super::lost;
use afpi_core::error::{Result, not_found};
use afpi_core::text::text;
use afpi_files::MediaType;
use afpi_http::body::Holding;
use afpi_http::input::Params;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// Opened on its own, a file has no origin, runs no script and reaches nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// The number of a version. Default: the present one.
    number: Option<u32>,
}

/// The schema of a file in the OpenAPI document.
struct Content;

impl PartialSchema for Content {
    fn schema() -> RefOr<Schema> {
        let format = Some(SchemaFormat::KnownFormat(KnownFormat::Binary));
        ObjectBuilder::new().schema_type(Type::String).format(format).into()
    }
}

impl ToSchema for Content {}

/// Download a file.
#[utoipa::path(get, path = "/{kind}/{id}/{attachment}/content", operation_id = "downloadAttachment", tag = "attachments",
    params(("kind" = Kind, Path), ("id" = Uuid, Path), ("attachment" = Uuid, Path), Which),
    responses((status = 200, body = Content, content_type = "application/octet-stream"), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(super) async fn content(
    State(app): State<App>,
    caller: Caller,
    of: OfAttachment,
    Params(which): Params<Which>,
) -> ApiResult<Response> {
    let (name, version) = find(&app, &caller, of, which).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, attachment(&name)),
    ];
    Ok((headers, send(&app, &caller, &version.file.sha256).await?).into_response())
}

/// Show a PDF or a picture. Other types answer 404: download them.
#[utoipa::path(get, path = "/{kind}/{id}/{attachment}/preview", operation_id = "previewAttachment", tag = "attachments",
    params(("kind" = Kind, Path), ("id" = Uuid, Path), ("attachment" = Uuid, Path), Which),
    responses((status = 200, content((Content = "application/pdf"), (Content = "image/png"), (Content = "image/jpeg"),
            (Content = "image/webp"), (Content = "image/gif"))),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 429, body = ProblemBody)))]
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
    Ok((headers, send(app, caller, sha256).await?).into_response())
}

/// The name of the file and the version that was asked for.
async fn find(app: &App, caller: &Caller, of: OfAttachment, which: Which) -> Result<(String, FileVersion)> {
    let OfAttachment(kind, id, attachment) = of;
    kind.require_read(caller)?;
    let mut conn = app.db.read().await?;
    let holder = holder::load(&mut conn, &caller.scope(), kind, id).await?;
    let found = describe::one(&mut conn, &holder, attachment).await?;
    let wanted = which.number.map(i64::from);
    let version = found.versions.into_iter().find(|version| wanted.is_none_or(|number| version.number == number));
    Ok((found.name, version.ok_or_else(not_found)?))
}

/// The content, with the headers that keep it from running.
async fn send(app: &App, caller: &Caller, sha256: &str) -> Result<Response> {
    let permit = app.transfers.take(caller.id)?;
    let (key, size) = describe::kept(&mut app.db.read().await?, sha256).await?;
    let metrics = app.metrics.clone();
    let content = app.files.read(&key).await.map_err(lost)?.inspect_ok(move |bytes| {
        metrics.file_bytes.with_label_values(&["out"]).inc_by(bytes.len() as u64);
    });
    let headers = [
        (header::CONTENT_LENGTH, size.to_string()),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, Body::new(Holding::new(Body::from_stream(content), permit))).into_response())
}

/// `Content-Disposition` (RFC 6266) with the name for old clients, and in UTF-8 for the others (RFC 8187).
pub(super) fn attachment(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || " ._-()".contains(c) { c } else { '_' }).collect();
    let mut coded = String::new();
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-' => coded.push(char::from(byte)),
            _ => coded.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{coded}")
}

#[cfg(test)]
mod tests {
    use super::attachment;

    #[test]
    fn a_name_cannot_add_to_the_header() {
        assert_eq!(
            attachment("Devis \"é\";\r\nx.pdf"),
            "attachment; filename=\"Devis ______x.pdf\"; filename*=UTF-8''Devis%20%22%C3%A9%22%3B%0D%0Ax.pdf"
        );
    }
}
