//! The virus scanner, if the installation has one (`AFPI_CLAMD`). A job has each content scanned that a person brought.
//! Until then nobody reads it. What the scanner finds something in is quarantined: it stays in the store, nobody reads it,
//! and it counts as no file. What was stored before there was a scanner is scanned too, and read meanwhile.

mod job;
mod quarantine;

use afpi_db::{Conn, DbError, sql};
use afpi_jobs::NewJob;
use serde::Serialize;
use serde_json::json;
use strum::IntoStaticStr;
use utoipa::ToSchema;

use afpi_core::error::{Error, ErrorKind, Result};
use afpi_core::text::text;
use afpi_platform::state::App;

pub use job::{BacklogHandler, ScanHandler};

/// The queue of the scans. A slow scanner keeps no other job waiting.
pub const QUEUE: &str = "files";
/// Has one content scanned.
pub const SCAN: &str = "file-scan";
/// Has those scanned that were not.
pub const BACKLOG: &str = "file-scan-backlog";

/// While clamd is away a scan is tried again each minute: a week.
const ATTEMPTS: u32 = 10_000;

/// What the column `scan` says of a content; null when nobody asked the scanner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Scan {
    Waiting,
    Clean,
    Quarantined,
}

impl Scan {
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// Can a file be read?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FileState {
    Ready,
    /// Not until the virus scanner has looked at it.
    Waiting,
    /// Never: the virus scanner found something in it.
    Quarantined,
}

impl FileState {
    /// As the column `scan` says.
    pub fn of(scan: Option<&str>) -> FileState {
        match scan {
            Some("waiting") => FileState::Waiting,
            Some("quarantined") => FileState::Quarantined,
            _ => FileState::Ready,
        }
    }

    /// 409 unless the file can be read.
    pub fn require_ready(self) -> Result<()> {
        let detail = match self {
            FileState::Ready => return Ok(()),
            FileState::Waiting => text(
                "L'antivirus analyse ce fichier : réessayez dans un instant.",
                "The virus scanner is looking at this file: try again in a moment.",
            ),
            FileState::Quarantined => text(
                "L'antivirus a mis ce fichier en quarantaine : il ne peut plus être lu.",
                "The virus scanner has quarantined this file: nobody can read it any more.",
            ),
        };
        Err(Error::new(ErrorKind::Conflict, text("Fichier non disponible", "File not available")).detail(detail))
    }
}

/// Asks for the scan of a content that a person brought, unless it is known to be clean. One that is quarantined is
/// scanned again: the scanner may have learnt.
pub(crate) async fn request(tx: &mut Conn, sha256: &str) -> Result<()> {
    let scan: Option<String> = sql("SELECT scan FROM files WHERE sha256 = ?").bind(sha256).scalar(tx).await?;
    if scan.as_deref() == Some(Scan::Clean.word()) {
        return Ok(());
    }
    let job = NewJob::new(QUEUE, SCAN, json!({"sha256": sha256})).dedupe(sha256).max_attempts(ATTEMPTS);
    afpi_jobs::enqueue(tx, &job).await.map_err(DbError::from)?;
    Ok(())
}

/// Does any of these contents wait for the scanner?
pub(crate) async fn any_waits(conn: &mut Conn, hashes: &[&str]) -> Result<bool> {
    let mut query = sql("SELECT COUNT(*) FROM files WHERE scan = 'waiting' AND sha256 IN ");
    query.list(hashes.iter().copied());
    Ok(query.scalar::<i64>(conn).await? > 0)
}

/// Asks for the scan of all contents that people brought and that were not scanned. Without a scanner nothing waits
/// for one any more; what is quarantined stays so.
pub async fn keep(app: &App) -> Result<()> {
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        match app.clamd {
            Some(_) => job::enqueue_backlog(&mut tx, "").await?,
            None => drop(sql("UPDATE files SET scan = NULL WHERE scan = 'waiting'").execute(&mut tx).await?),
        }
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    app.jobs.wake();
    Ok(())
}

/// Counts the files that nobody can read, for the metrics.
pub async fn sample(app: &App) -> Result<()> {
    let query =
        sql("SELECT COUNT(CASE WHEN scan = 'waiting' THEN 1 END), COUNT(CASE WHEN scan = 'quarantined' THEN 1 END) \
         FROM files WHERE scan IN ('waiting', 'quarantined')");
    let (waiting, quarantined) = query.one::<(i64, i64)>(&mut app.db.read().await?).await?;
    app.metrics.files_withheld.with_label_values(&[Scan::Waiting.word()]).set(waiting);
    app.metrics.files_withheld.with_label_values(&[Scan::Quarantined.word()]).set(quarantined);
    Ok(())
}
