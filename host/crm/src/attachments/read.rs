//! `GET /api/attachments/{kind}/{id}` and `…/{attachment}`.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, header::ETAG};
use axum::response::{AppendHeaders, IntoResponse};

use super::MOST;
use super::describe::{self, Attachment};
use super::holder::{self, Kind, OfAttachment, OfRecord, OfRecordPart};
use afpi_http::paging::{ListMeta, Page};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// List the files of a record, the oldest first.
#[utoipa::path(get, path = "/{kind}/{id}", operation_id = "listAttachments", tag = "attachments",
    params(("kind" = Kind, Path), ("id" = Uuid, Path)),
    responses((status = 200, body = Page<Attachment>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    OfRecord(kind, id): OfRecord,
) -> ApiResult<Json<Page<Attachment>>> {
    kind.require_read(&caller)?;
    let mut conn = app.db.read().await?;
    let holder = holder::load(&mut conn, &caller.scope(), kind, id).await?;
    let data = describe::all(&mut conn, &holder).await?;
    let meta = ListMeta::whole(data.len(), MOST as u32);
    Ok(Json(Page { data, meta }))
}

/// Read one file's description with its versions.
#[utoipa::path(get, path = "/{kind}/{id}/{attachment}", operation_id = "getAttachment", tag = "attachments",
    params(("kind" = Kind, Path), ("id" = Uuid, Path), ("attachment" = Uuid, Path)),
    responses((status = 200, body = Attachment), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    OfRecordPart(kind, id, attachment): OfAttachment,
) -> ApiResult<impl IntoResponse> {
    kind.require_read(&caller)?;
    let mut conn = app.db.read().await?;
    let holder = holder::load(&mut conn, &caller.scope(), kind, id).await?;
    Ok(answer(describe::one(&mut conn, &holder, attachment).await?))
}

/// An attachment with its version as `ETag`.
pub(super) fn answer(attachment: Attachment) -> (AppendHeaders<[(HeaderName, String); 1]>, Json<Attachment>) {
    (AppendHeaders([(ETAG, format!("\"{}\"", attachment.version))]), Json(attachment))
}
