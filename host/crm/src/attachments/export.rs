//! `GET /api/attachments/{kind}/{id}/export`: all files of a record as a ZIP.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::describe::{self, Attachment};
use super::holder::{self, Kind, OfRecord};
use crate::antivirus::FileState;
use crate::content::{self, attachment};
use afpi_core::error::Error;
use afpi_core::text::{Locale, text};
use afpi_files::{Content, Entry};
use afpi_http::language::Language;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::journal::{Activity, Change, field};
use afpi_platform::state::App;

/// Download the present versions of all files of a record as a ZIP. Files of a section are in a folder of its name.
/// A text lists those that wait for the virus scanner or are quarantined: they are left out.
#[utoipa::path(get, path = "/{kind}/{id}/export", operation_id = "exportAttachments", tag = "attachments",
    params(("kind" = Kind, Path), ("id" = Uuid, Path)),
    responses((status = 200, body = String, content_type = "application/zip"), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
pub(super) async fn export(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Language(locale): Language,
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
    let missing: Vec<String> = all.iter().filter_map(|attachment| left_out(attachment, locale)).collect();
    let entries = all.into_iter().filter_map(|attachment| {
        // Two attachments may be the same file.
        let content = Content::Kept(keys.get(&attachment.file.sha256)?.clone());
        Some(Entry { folder: attachment.section, name: attachment.name, content })
    });
    let mut entries: Vec<Entry> = entries.collect();
    if !missing.is_empty() {
        let content = Content::Made(Bytes::from(missing.concat()));
        entries.push(Entry {
            folder: None,
            name: text("fichiers-absents.txt", "missing-files.txt").get(locale).to_owned(),
            content,
        });
    }
    let archive = app.files.archive(entries);
    let name = afpi_files::tidy(&format!("{}.zip", holder.label));
    let headers =
        [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, attachment(&name))];
    Ok((headers, Body::from_stream(archive)).into_response())
}

/// The line about a file that cannot be read.
fn left_out(attachment: &Attachment, locale: Locale) -> Option<String> {
    let why = match attachment.file.state {
        FileState::Ready => return None,
        FileState::Waiting => text("attend l'antivirus", "waits for the virus scanner"),
        FileState::Quarantined => text("en quarantaine", "quarantined"),
    };
    Some(format!("{} : {}\n", attachment.name, why.get(locale)))
}
