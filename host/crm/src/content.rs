//! Content in the store of files: received content gets its place unless the same content is there, and kept content is
//! served so that it cannot run in the application's origin. One way for uploads, attachments and documents. Nothing is
//! read of a content that waits for the virus scanner, or in which it found something.

use std::collections::HashMap;

use afpi_db::{Conn, DbError, sql};
use afpi_files::{Key, Lost, Received};
use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures::TryStreamExt;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::antivirus::{self, FileState, Scan};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result, internal, unavailable};
use afpi_http::body::Holding;
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// What the row of a content says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Noted {
    /// There is an object already.
    Known,
    /// The new object is its object.
    New,
    /// There is no object, and none was made for it.
    Absent,
}

/// Writes the row that refers to a content.
pub trait Referrer: Sync {
    /// Did a person bring the content? Then the virus scanner looks at it, if there is one.
    const UPLOADED: bool = false;

    /// Runs in the transaction that notes the content, perhaps several times.
    fn refer(&self, tx: &mut Conn, sha256: &str) -> impl Future<Output = Result<()>> + Send;
}

/// Keeps received content with the row that refers to it.
///
/// # Errors
/// Those of the referrer, of the database and of the store. Nothing is kept then.
pub async fn keep(app: &App, received: &Received, referrer: &impl Referrer) -> Result<()> {
    let now = Instant::now();
    let noted = try_with(app, received, None, referrer, now).await;
    if !matches!(noted, Ok(Noted::Absent)) {
        app.files.discard(received).await;
        return noted.map(drop);
    }
    let key = app.files.keep(received).await.map_err(lost)?;
    let noted = try_with(app, received, Some(&key), referrer, now).await;
    if !matches!(noted, Ok(Noted::New)) {
        // Somebody else was faster, or the database failed. An object that stays is collected.
        if let Err(error) = app.files.remove(&key).await {
            tracing::debug!(error.cause = %error, "an object that nothing refers to stays until it is collected");
        }
    }
    noted.map(drop)
}

async fn try_with<R: Referrer>(
    app: &App,
    received: &Received,
    key: Option<&Key>,
    referrer: &R,
    now: Instant,
) -> Result<Noted> {
    let scanned = R::UPLOADED && app.clamd.is_some();
    let noted = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let noted = note(&mut tx, received, key, scanned.then_some(Scan::Waiting), now).await?;
        if noted != Noted::Absent {
            referrer.refer(&mut tx, &received.sha256).await?;
            if scanned {
                antivirus::request(&mut tx, &received.sha256).await?;
            }
            tx.commit().await?;
        }
        Ok::<_, Error>(noted)
    })
    .await?;
    if scanned {
        app.jobs.wake();
    }
    Ok(noted)
}

/// `key` is the new object, if one was made, and `scan` its state.
async fn note(
    tx: &mut Conn,
    received: &Received,
    key: Option<&Key>,
    scan: Option<Scan>,
    now: Instant,
) -> afpi_db::Result<Noted> {
    // Locks the row: who collects files waits, and then finds it fresh.
    let seen =
        sql("UPDATE files SET seen_at = ? WHERE sha256 = ?").bind(now).bind(&received.sha256).execute(tx).await?;
    let (0, Some(key)) = (seen, key) else { return Ok(if seen == 0 { Noted::Absent } else { Noted::Known }) };
    let mut query = sql("INSERT INTO files (sha256, object_key, size, media_type, seen_at, scan) VALUES ");
    let size = i64::try_from(received.size).unwrap_or(i64::MAX);
    query.rows([[
        received.sha256.as_str().into(),
        key.as_str().into(),
        size.into(),
        received.media.mime.into(),
        now.into(),
        scan.map(Scan::word).into(),
    ]]);
    match query.execute(tx).await {
        // Somebody kept the same content at the same time: the next try finds it.
        Err(DbError::Unique(message)) => Err(DbError::Contention(message)),
        done => done.map(|_| Noted::New),
    }
}

/// The schema of a file in the OpenAPI document.
pub struct Binary;

impl PartialSchema for Binary {
    fn schema() -> RefOr<Schema> {
        let format = Some(SchemaFormat::KnownFormat(KnownFormat::Binary));
        ObjectBuilder::new().schema_type(Type::String).format(format).into()
    }
}

impl ToSchema for Binary {}

/// Opened on its own, a file has no origin, runs no script and reaches nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// A kept content, with the headers that keep it from running.
///
/// # Errors
/// 409 while the content may not be read; 429 when the caller reads many files at once; 503 while the store does not
/// answer.
pub async fn send(app: &App, caller: &Caller, sha256: &str) -> Result<Response> {
    let permit = app.transfers.take(caller.id)?;
    let (key, size) = kept(&mut app.db.read().await?, sha256).await?;
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

/// Where the content of these files is, by hash. Those that may not be read are left out.
pub async fn keys<'a>(conn: &mut Conn, hashes: impl Iterator<Item = &'a str>) -> Result<HashMap<String, Key>> {
    let mut query = sql("SELECT sha256, object_key FROM files WHERE (scan IS NULL OR scan = 'clean') AND sha256 IN ");
    query.list(hashes);
    let rows = query.all::<(String, String)>(conn).await?;
    let read = |(hash, key): (String, String)| Key::read(&key).map(|key| (hash, key));
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Where the content of a file is, and its size in bytes; 409 while it may not be read.
pub async fn kept(conn: &mut Conn, hash: &str) -> Result<(Key, i64)> {
    let query = sql("SELECT object_key, size, scan FROM files WHERE sha256 = ?").bind(hash);
    let (key, size, scan) = query.one::<(String, i64, Option<String>)>(conn).await?;
    FileState::of(scan.as_deref()).require_ready()?;
    Ok((Key::read(&key).ok_or_else(|| internal("a file without an object"))?, size))
}

/// The store of files fails.
pub fn lost(error: Lost) -> Error {
    match error {
        Lost::Missing => internal("an object of the store of files is missing"),
        Lost::Away(cause) => {
            tracing::warn!(error.cause = %cause, "the store of files does not answer");
            unavailable("files")
        }
    }
}

/// `Content-Disposition` (RFC 6266) with the name for old clients, and in UTF-8 for the others (RFC 8187).
pub fn attachment(name: &str) -> String {
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
