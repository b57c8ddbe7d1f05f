//! Writes archives: copies the files of a plan into a ZIP while it is kept, a piece at a time. A job that was killed
//! continues with the first archive that is not written.

use std::sync::Arc;

use afpi_db::{Conn, sql};
use afpi_files::{ARCHIVE as ZIP, Content, Entry, Refusal};
use afpi_jobs::{Handler, JobContext, JobError};
use async_trait::async_trait;
use bytes::Bytes;

use super::plan::{MANIFEST, Plan};
use super::store;
use crate::antivirus;
use crate::content::{self, Referrer};
use afpi_core::error::{Error, Result};
use afpi_core::id::{PreuveArchiveId, PreuveExportId};
use afpi_platform::state::App;

/// Runs jobs of kind [`super::ARCHIVE`].
pub struct ArchiveHandler(App);

impl ArchiveHandler {
    pub fn new(app: App) -> Arc<ArchiveHandler> {
        Arc::new(ArchiveHandler(app))
    }
}

#[async_trait]
impl Handler for ArchiveHandler {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        let id = job.payload["export"].as_str().and_then(|id| id.parse().ok());
        let export: PreuveExportId = id.ok_or_else(|| JobError::fail("no export named"))?;
        let later = |error: Error| JobError::retry(error.kind().code());
        while let Some((id, plan)) = self.next(export).await.map_err(later)? {
            if job.cancelled().is_cancelled() {
                return Err(JobError::retry("stopped"));
            }
            match write(&self.0, id, &plan).await {
                Ok(()) => {}
                Err(Trouble::Later(error)) if !job.last_attempt => return Err(later(error)),
                Err(Trouble::Unscanned) if !job.last_attempt => {
                    return Err(JobError::retry("a file waits for the virus scanner"));
                }
                Err(trouble) => {
                    let word = trouble.word();
                    tracing::warn!(archive = %id, problem = word, "an archive could not be written");
                    self.fail(id, word).await.map_err(later)?;
                }
            }
            let (done, all) = self.progress(export).await.map_err(later)?;
            job.progress(u8::try_from(done * 100 / all.max(1)).unwrap_or(100)).await;
        }
        Ok(())
    }
}

impl ArchiveHandler {
    async fn next(&self, export: PreuveExportId) -> Result<Option<(PreuveArchiveId, Plan)>> {
        let found = store::next(&mut self.0.db.read().await?, export).await?;
        Ok(found.map(|(id, plan)| (id, plan.0)))
    }

    async fn progress(&self, export: PreuveExportId) -> Result<(i64, i64)> {
        Ok(store::progress(&mut self.0.db.read().await?, export).await?)
    }

    async fn fail(&self, id: PreuveArchiveId, word: &str) -> Result<()> {
        afpi_db::retry(|| async {
            let mut tx = self.0.db.begin().await?;
            store::fail(&mut tx, id, word).await?;
            Ok::<_, Error>(tx.commit().await?)
        })
        .await
    }
}

/// Why an archive is not there.
enum Trouble {
    /// A file of the plan was removed or quarantined meanwhile.
    Gone,
    /// A file of the plan waits for the virus scanner.
    Unscanned,
    TooLarge,
    Later(Error),
}

impl Trouble {
    /// The word in `preuve_archives.problem`.
    fn word(&self) -> &'static str {
        match self {
            Trouble::Gone => "gone",
            Trouble::Unscanned => "unscanned",
            Trouble::TooLarge => "too_large",
            Trouble::Later(_) => "unavailable",
        }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Trouble {
        Trouble::Later(error)
    }
}

async fn write(app: &App, id: PreuveArchiveId, plan: &Plan) -> Result<(), Trouble> {
    let kept = plan.entries.iter().filter(|entry| entry.text.is_none());
    let keys = {
        let mut conn = app.db.read().await.map_err(Error::from)?;
        let hashes: Vec<&str> = kept.map(|entry| entry.sha256.as_str()).collect();
        if antivirus::any_waits(&mut conn, &hashes).await? {
            return Err(Trouble::Unscanned);
        }
        content::keys(&mut conn, hashes.into_iter()).await?
    };
    let mut entries = Vec::with_capacity(plan.entries.len() + 1);
    for planned in &plan.entries {
        let content = match &planned.text {
            Some(text) => Content::Made(Bytes::from(text.clone())),
            None => Content::Kept(keys.get(&planned.sha256).ok_or(Trouble::Gone)?.clone()),
        };
        entries.push(entry(&planned.path, content));
    }
    entries.push(entry(MANIFEST, Content::Made(Bytes::from(plan.manifest.clone()))));
    let archive = Box::pin(app.files.archive(entries));
    let received = match app.files.receive_made(&ZIP, archive).await {
        Ok(received) => received,
        Err(Refusal::TooLarge(_)) => return Err(Trouble::TooLarge),
        Err(Refusal::Lost(cause)) => return Err(content::lost(cause).into()),
        Err(refusal) => {
            tracing::warn!(error.cause = %refusal, "an archive broke off");
            return Err(afpi_core::error::unavailable("files").into());
        }
    };
    content::keep(app, &received, &WrittenOf(id)).await?;
    Ok(())
}

fn entry(path: &str, content: Content) -> Entry {
    let (folder, name) = match path.rsplit_once('/') {
        Some((folder, name)) => (Some(folder.to_owned()), name.to_owned()),
        None => (None, path.to_owned()),
    };
    Entry { folder, name, content }
}

/// The archive is written.
struct WrittenOf(PreuveArchiveId);

impl Referrer for WrittenOf {
    async fn refer(&self, tx: &mut Conn, sha256: &str) -> Result<()> {
        let query = sql("UPDATE preuve_archives SET sha256 = ? WHERE id = ? AND sha256 IS NULL");
        Ok(query.bind(sha256).bind(self.0).execute(tx).await.map(drop)?)
    }
}
