//! The jobs: one content, or a batch of those that were not scanned. Contents go to clamd from the store, piece by piece.

use std::sync::Arc;
use std::time::Duration;

use afpi_db::{Conn, DbError, sql};
use afpi_files::{Key, Lost, Silent, Verdict};
use afpi_jobs::{Handler, JobContext, JobError, NewJob};
use async_trait::async_trait;
use serde_json::json;

use super::{BACKLOG, QUEUE, Scan, quarantine};
use afpi_core::error::{Error, Result, internal};
use afpi_platform::state::App;

/// When clamd is asked again that did not answer.
const AWAY: Duration = Duration::from_secs(60);
/// When it is asked again for a file that it finds too large: somebody has to change its settings.
const TOO_LARGE: Duration = Duration::from_secs(3600);
/// Files of one job. Each is marked, so the next one goes on after them.
const BATCH: u32 = 100;

/// Runs jobs of kind [`super::SCAN`].
pub struct ScanHandler(App);

/// Runs jobs of kind [`super::BACKLOG`].
pub struct BacklogHandler(App);

impl ScanHandler {
    pub fn new(app: App) -> Arc<ScanHandler> {
        Arc::new(ScanHandler(app))
    }
}

impl BacklogHandler {
    pub fn new(app: App) -> Arc<BacklogHandler> {
        Arc::new(BacklogHandler(app))
    }
}

#[async_trait]
impl Handler for ScanHandler {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        let sha256 = job.payload["sha256"].as_str().ok_or_else(|| JobError::fail("no file named"))?;
        match scan(&self.0, sha256, &correlation(&job)).await {
            Ok(()) => Ok(()),
            Err(Trouble::Again(message)) => Err(JobError::retry_after(message, AWAY)),
            Err(Trouble::TooLarge) => {
                Err(JobError::retry_after("clamd takes smaller files only: raise its StreamMaxLength", TOO_LARGE))
            }
            Err(Trouble::Failed(error)) => Err(later(error)),
        }
    }
}

#[async_trait]
impl Handler for BacklogHandler {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        let after = job.payload["after"].as_str().unwrap_or_default();
        let found = unscanned(&self.0, after).await.map_err(later)?;
        for sha256 in &found {
            if job.cancelled().is_cancelled() {
                return Err(JobError::retry("stopped"));
            }
            match scan(&self.0, sha256, &correlation(&job)).await {
                // The next ones may be smaller. It is asked again an hour later.
                Ok(()) | Err(Trouble::TooLarge) => {}
                Err(Trouble::Again(message)) => return Err(JobError::retry_after(message, AWAY)),
                Err(Trouble::Failed(error)) => return Err(later(error)),
            }
        }
        let Some(last) = found.last().filter(|_| found.len() == BATCH as usize) else { return Ok(()) };
        let next = afpi_db::retry(|| async {
            let mut tx = self.0.db.begin().await?;
            enqueue_backlog(&mut tx, last).await?;
            Ok::<_, Error>(tx.commit().await?)
        });
        next.await.map_err(later)?;
        self.0.jobs.wake();
        Ok(())
    }
}

fn later(error: Error) -> JobError {
    JobError::retry(error.kind().code())
}

fn correlation(job: &JobContext) -> String {
    job.correlation_id.clone().unwrap_or_else(|| job.id.to_string())
}

/// Asks for the scan of a batch of contents with a greater hash than this one.
pub(super) async fn enqueue_backlog(tx: &mut Conn, after: &str) -> Result<()> {
    let job = NewJob::new(QUEUE, BACKLOG, json!({"after": after})).dedupe(format!("backlog:{after}")).max_attempts(60);
    afpi_jobs::enqueue(tx, &job).await.map_err(DbError::from)?;
    Ok(())
}

/// The next contents that people brought and that were not scanned.
async fn unscanned(app: &App, after: &str) -> Result<Vec<String>> {
    let mut query = sql("SELECT f.sha256 FROM files f WHERE (f.scan IS NULL OR f.scan = 'waiting') AND f.sha256 > ? \
         AND (EXISTS (SELECT 1 FROM attachment_versions v WHERE v.sha256 = f.sha256) \
         OR EXISTS (SELECT 1 FROM document_signed_copies c WHERE c.sha256 = f.sha256) \
         OR EXISTS (SELECT 1 FROM entites_legales e WHERE e.logo_sha256 = f.sha256) \
         OR EXISTS (SELECT 1 FROM courriel_files m WHERE m.sha256 = f.sha256) \
         OR EXISTS (SELECT 1 FROM uploads p WHERE p.sha256 = f.sha256)) ORDER BY f.sha256");
    query.arg(after).limit(BATCH);
    let rows = query.all::<(String,)>(&mut app.db.read().await?).await?;
    Ok(rows.into_iter().map(|(sha256,)| sha256).collect())
}

/// Why a content was not scanned.
enum Trouble {
    /// clamd says nothing of it: why.
    Again(String),
    TooLarge,
    Failed(Error),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Trouble {
        Trouble::Failed(error)
    }
}

/// Has a content scanned and writes down what the scanner says.
async fn scan(app: &App, sha256: &str, correlation_id: &str) -> Result<(), Trouble> {
    // The setting was removed: what waits is released by `keep`.
    let Some(clamd) = &app.clamd else { return Ok(()) };
    let Some(key) = unclean(app, sha256).await? else { return Ok(()) };
    let told = match app.files.read(&key).await {
        Ok(content) => clamd.scan(content).await,
        Err(lost) => Err(Silent::Lost(lost)),
    };
    let count = |outcome| app.metrics.file_scans.with_label_values(&[outcome]).inc();
    match told {
        Ok(Verdict::Clean) => count("clean"),
        Ok(Verdict::Found(_)) => count("found"),
        Ok(Verdict::TooLarge) => {
            count("too_large");
            tracing::warn!(file = sha256, "clamd takes smaller files only: raise its StreamMaxLength");
            return Err(Trouble::TooLarge);
        }
        Err(Silent::Lost(Lost::Missing)) if unclean(app, sha256).await?.is_none_or(|now| now != key) => {
            // It was removed or came again meanwhile.
            return Ok(());
        }
        Err(error) => {
            count(if matches!(error, Silent::Away(_)) { "away" } else { "failed" });
            tracing::warn!(error.cause = %error, "a file could not be scanned");
            return Err(Trouble::Again(error.to_string()));
        }
    }
    match told {
        Ok(Verdict::Found(finding)) => quarantine::quarantine(app, sha256, &finding, correlation_id).await?,
        _ => quarantine::clear(app, sha256, correlation_id).await?,
    }
    Ok(())
}

/// Where a content is that is there and not known to be clean.
async fn unclean(app: &App, sha256: &str) -> Result<Option<Key>> {
    let query = sql("SELECT object_key, scan FROM files WHERE sha256 = ?").bind(sha256);
    let row = query.optional::<(String, Option<String>)>(&mut app.db.read().await?).await?;
    let unclean = row.filter(|(_, scan)| scan.as_deref() != Some(Scan::Clean.word()));
    unclean.map(|(key, _)| Key::read(&key).ok_or_else(|| internal("a file without an object"))).transpose()
}
