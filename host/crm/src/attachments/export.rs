//! `GET /api/attachments/{kind}/{id}/export`: all files of a record as a ZIP.

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::describe;
use super::holder::{self, Kind, OfRecord};
use crate::content::{self, attachment};
use afpi_core::error::Error;
use afpi_files::{Content, Entry};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::journal::{Activity, Change, field};
use afpi_platform::state::App;

/// Download the present versions of all files of a record as a ZIP. Files of a section are in a folder of its name.
#[utoipa::path(get, path = "/{kind}/{id}/export", operation_id = "exportAttachments", tag = "attachments",
    params(("kind" = Kind, Path), ("id" = Uuid, Path)),
    responses((status = 200, body = String, content_type = "application/zip"), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
pub(super) async fn export(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    OfRecord(kind, id): OfRecord,
) -> ApiResult<Response> {
    kind.require_read(&caller)?;
    let mut conn = app.db.read().await?;
    let holder = holder::load(&mut conn, &caller.scope(), kind, id).await?;
    let all = describe::all(&mut conn, &holder).await?;
    let keys = content::keys(&mut conn, all.iter().map(|attachment| attachment.file.sha256.as_str())).await?;
    drop(conn);
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let change = Change::by(&caller, request.as_str(), holder.subject.clone(), Some(holder.site));
        change.record(&mut tx, Activity::Exported, vec![field("attachments", None::<i64>, all.len() as i64)]).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    let entries = all.into_iter().filter_map(|attachment| {
        // Two attachments may be the same file.
        let content = Content::Kept(keys.get(&attachment.file.sha256)?.clone());
        Some(Entry { folder: attachment.section, name: attachment.name, content })
    });
    let archive = app.files.archive(entries.collect());
    let name = afpi_files::tidy(&format!("{}.zip", holder.label));
    let headers =
        [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, attachment(&name))];
    Ok((headers, Body::from_stream(archive)).into_response())
}
