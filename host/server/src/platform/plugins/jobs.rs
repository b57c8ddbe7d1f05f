//! Jobs plugins give themselves: in the queue of the product, counted against their quota until they end.

use std::sync::Arc;

use afpi_db::{AsContention, Db, DbError, dialect, retry, sql};
use afpi_jobs::{Handler, JobContext, JobError, Relay};
use afpi_plugins::JobOutcome;
use afpi_plugins::manifest::JobsRequest;
use afpi_plugins::ports::{JobSink, NewJob, Space, StoreError};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::after::{QUEUE, later};
use super::{context, seat_name};
use crate::platform::secrets::{away, site_id};
use crate::state::App;
use crate::text::Locale;

/// Kind of these jobs in the queue.
pub const KIND: &str = "plugin-job";
/// Tries before a job is dead. Waits a plugin asks for count, too.
const TRIES: u32 = 20;

/// What the queue carries.
#[derive(Serialize, Deserialize)]
struct Task {
    /// Row of `plugin_jobs`: it goes when the job ends, however it ends.
    ticket: Uuid,
    plugin: String,
    site: Uuid,
    kind: String,
    /// JSON text.
    payload: String,
    depth: u8,
}

/// The sink the runtime is given.
pub struct PluginJobs {
    pub db: Db,
    pub relay: Arc<Relay>,
}

enum Refused {
    Full,
    Other(String),
    Db(DbError),
}

impl From<DbError> for Refused {
    fn from(error: DbError) -> Self {
        Refused::Db(error)
    }
}

impl AsContention for Refused {
    fn is_contention(&self) -> bool {
        matches!(self, Refused::Db(error) if error.is_contention())
    }
}

impl PluginJobs {
    async fn write(&self, plugin: &str, site: Uuid, job: &NewJob, quota: JobsRequest) -> Result<bool, Refused> {
        let now = crate::clock::now();
        let mut tx = self.db.begin().await?;
        // One at a time for a plugin: without it, two could each find the last free place.
        let mut lock = sql("SELECT id FROM plugins WHERE id = ?").bind(plugin);
        lock.push(dialect::for_update(tx.backend()));
        lock.optional::<(String,)>(&mut tx).await?;
        if let Some(key) = &job.dedupe_key {
            let waits = sql("SELECT 1 FROM plugin_jobs WHERE plugin_id = ? AND localisation_id = ? AND dedupe_key = ?").bind(plugin).bind(site).bind(key);
            if waits.optional::<(i64,)>(&mut tx).await?.is_some() {
                return Ok(false);
            }
        }
        let waiting: i64 = sql("SELECT COUNT(*) FROM plugin_jobs WHERE plugin_id = ? AND localisation_id = ?").bind(plugin).bind(site).scalar(&mut tx).await?;
        if waiting >= i64::from(quota.quota_waiting) {
            return Err(Refused::Full);
        }
        let ticket = Uuid::now_v7();
        sql("INSERT INTO plugin_jobs (id, plugin_id, localisation_id, kind, dedupe_key, created_at) VALUES (?, ?, ?, ?, ?, ?)")
            .bind(ticket).bind(plugin).bind(site).bind(&job.kind).bind(&job.dedupe_key).bind(now).execute(&mut tx).await?;
        let task = Task { ticket, plugin: plugin.into(), site, kind: job.kind.clone(), payload: job.payload.clone(), depth: job.depth };
        let payload = serde_json::to_value(task).map_err(|e| Refused::Other(e.to_string()))?;
        let wait = i64::try_from(job.run_after.as_millis()).unwrap_or(i64::MAX / 2);
        let mut queued = afpi_jobs::NewJob::new(QUEUE, KIND, payload).max_attempts(TRIES);
        queued.run_at = (wait > 0).then_some(now + wait);
        queued.correlation_id = Some(job.call_id.clone()).filter(|id| !id.is_empty());
        afpi_jobs::enqueue(&mut tx, &queued).await.map_err(|e| Refused::Other(e.to_string()))?;
        tx.commit().await?;
        self.relay.wake();
        Ok(true)
    }
}

#[async_trait]
impl JobSink for PluginJobs {
    async fn enqueue(&self, space: Space<'_>, job: NewJob, quota: JobsRequest) -> Result<bool, StoreError> {
        let site = site_id(space.site)?;
        retry(|| self.write(space.plugin, site, &job, quota)).await.map_err(|refused| match refused {
            Refused::Full => StoreError::Full,
            Refused::Other(cause) => StoreError::Unavailable(cause),
            Refused::Db(error) => away(error),
        })
    }
}

/// Runs jobs of kind [`KIND`].
pub struct PluginJobHandler(App);

impl PluginJobHandler {
    pub fn new(app: App) -> Arc<PluginJobHandler> {
        Arc::new(PluginJobHandler(app))
    }

    async fn work(&self, task: &Task, attempt: u32, correlation_id: &str) -> Result<(), JobError> {
        let registry = self.0.plugins.registry();
        let Some(handler) = registry.job_handler(&seat_name(task.site), &task.plugin) else {
            // Switched off perhaps for a while: it may be on again when the next try comes.
            return Err(JobError::retry(format!("{} does not run here now", task.plugin)));
        };
        let context = context(Locale::Fr, correlation_id).at_depth(task.depth);
        match handler.run(&context, &task.kind, &task.payload, attempt).await {
            Ok(JobOutcome::Done) => Ok(()),
            Ok(JobOutcome::Retry(wait)) => Err(JobError::retry_after("asked to be called again", wait)),
            Ok(JobOutcome::Fail(reason)) => Err(JobError::fail(reason)),
            Err(failure) => Err(later(failure)),
        }
    }
}

#[async_trait]
impl Handler for PluginJobHandler {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        let task: Task = serde_json::from_value(job.payload).map_err(|e| JobError::fail(format!("plugin job unreadable: {e}")))?;
        let correlation = job.correlation_id.unwrap_or_else(|| job.id.to_string());
        let done = self.work(&task, job.attempt, &correlation).await;
        if job.last_attempt || !matches!(done, Err(JobError::Retry { .. })) {
            let freed = retry(|| async {
                let mut tx = self.0.db.begin().await?;
                sql("DELETE FROM plugin_jobs WHERE id = ?").bind(task.ticket).execute(&mut tx).await?;
                tx.commit().await
            });
            freed.await.map_err(JobError::retry)?;
        }
        done
    }
}
