//! A picture that another record refers to, e.g. the logo of a legal entity: taken from an upload, shown, and read.
//! While a column refers to it, `collect` leaves it alone.

use afpi_db::{Conn, sql};
use axum::body::Bytes;
use axum::response::Response;
use futures::TryStreamExt;

use super::{download, write};
use crate::content::{self, lost};
use afpi_core::clock::Instant;
use afpi_core::error::{Result, field, internal, invalid};
use afpi_core::id::UploadId;
use afpi_core::text::text;
use afpi_files::MediaType;
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// The largest picture, in bytes: documents carry it on each page.
const LARGEST: i64 = 1 << 20;
/// What documents and browsers both draw.
const TAKEN: [&str; 2] = ["image/png", "image/jpeg"];

/// Takes the caller's upload as a picture; its hash.
pub async fn take(tx: &mut Conn, caller: &Caller, upload: UploadId) -> Result<String> {
    let upload = write::take(tx, caller, upload).await?;
    let (_, size) = content::kept(tx, &upload.sha256).await?;
    if size > LARGEST || !TAKEN.contains(&upload.media_type.as_str()) {
        let message = text("Une image PNG ou JPEG de 1 Mio au plus.", "A PNG or JPEG picture of at most 1 MiB.");
        return Err(invalid(vec![field("/uploadId", "picture", message)]));
    }
    Ok(upload.sha256)
}

/// Lets a picture go. It stays for a while: a copy of the database that was made just before still refers to it.
pub async fn let_go(tx: &mut Conn, sha256: &str, now: Instant) -> afpi_db::Result<()> {
    sql("UPDATE files SET seen_at = ? WHERE sha256 = ?").bind(now).bind(sha256).execute(tx).await.map(drop)
}

/// Shows a picture.
pub async fn show(app: &App, caller: &Caller, sha256: &str) -> Result<Response> {
    let kind = media_type(&mut app.db.read().await?, sha256).await?;
    let media = MediaType::of(&kind).filter(|media| media.preview);
    download::shown(app, caller, media.ok_or_else(|| internal("a picture of another type"))?, sha256).await
}

/// The type and the content of a picture.
pub async fn read(app: &App, sha256: &str) -> Result<(String, Bytes)> {
    let mut conn = app.db.read().await?;
    let kind = media_type(&mut conn, sha256).await?;
    let (key, size) = content::kept(&mut conn, sha256).await?;
    drop(conn);
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    let mut content = app.files.read(&key).await.map_err(lost)?;
    while let Some(part) = content.try_next().await.map_err(lost)? {
        bytes.extend_from_slice(&part);
    }
    Ok((kind, bytes.into()))
}

async fn media_type(conn: &mut Conn, sha256: &str) -> Result<String> {
    Ok(sql("SELECT media_type FROM files WHERE sha256 = ?").bind(sha256).scalar(conn).await?)
}
