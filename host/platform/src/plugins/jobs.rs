//! Jobs that plugins enqueue: in the product's queue, counted against their quota until they end.

use std::sync::Arc;
use std::time::Duration;

use afpi_db::{Conn, retry, sql};
use afpi_jobs::{Handler, JobContext, JobError, JobsError};
use afpi_plugins::contract::Error as GuestError;
use afpi_plugins::manifest::Schedule;
use afpi_plugins::ports::NewJob;
use afpi_plugins::{JobOutcome, PluginFailure};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::schedules::Ended;
use super::{context, schedules, seat_name};
use crate::state::App;
use afpi_core::clock::Instant;
use afpi_core::error::{Result, internal};
use afpi_core::id::LocalisationId;
use afpi_core::text::Locale;

/// Queue of the plugins' jobs.
pub const QUEUE: &str = "plugins";
/// Kind of these jobs in the queue.
pub const KIND: &str = "plugin-job";
/// Tries before a job is dead. A wait that a plugin asks for counts, too. Endless work belongs in a schedule, whose
/// next tick begins again.
const TRIES: u32 = 20;

/// The payload of a job.
#[derive(Serialize, Deserialize)]
struct Task {
    plugin: String,
    site: LocalisationId,
    kind: String,
    /// JSON text.
    payload: String,
    depth: u8,
    /// The schedule that caused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    schedule: Option<String>,
}

/// The tick of a schedule: a job of the plugin without another cause.
pub(super) fn scheduled(
    id: String,
    plugin: &str,
    site: LocalisationId,
    schedule: &Schedule,
) -> Result<afpi_jobs::Schedule> {
    let task = Task {
        plugin: plugin.into(),
        site,
        kind: schedule.kind().into(),
        payload: schedule.payload.to_string(),
        depth: 0,
        schedule: Some(schedule.name.clone()),
    };
    Ok(afpi_jobs::Schedule {
        id,
        cron: schedule.cron.clone(),
        queue: QUEUE.into(),
        kind: KIND.into(),
        payload: serde_json::to_value(task).map_err(internal)?,
        priority: 0,
        max_attempts: TRIES,
    })
}

/// How many of a plugin's jobs on a site have not ended.
pub(super) async fn waiting(conn: &mut Conn, plugin: &str, site: LocalisationId) -> afpi_db::Result<u32> {
    let count: i64 = sql("SELECT COUNT(*) FROM plugin_jobs WHERE plugin_id = ? AND localisation_id = ?")
        .bind(plugin)
        .bind(site)
        .scalar(conn)
        .await?;
    Ok(count as u32)
}

/// Does one of them have this key?
pub(super) async fn waits(conn: &mut Conn, plugin: &str, site: LocalisationId, key: &str) -> afpi_db::Result<bool> {
    let twin = sql("SELECT 1 FROM plugin_jobs WHERE plugin_id = ? AND localisation_id = ? AND dedupe_key = ?")
        .bind(plugin)
        .bind(site)
        .bind(key);
    Ok(twin.optional::<(i64,)>(conn).await?.is_some())
}

/// Puts a job into the outbox, and adds a row of `plugin_jobs` with its id. The row is deleted when the job ends.
/// [`afpi::housekeeping`] deletes the row of a job that died in a crash.
pub(super) async fn add(tx: &mut Conn, plugin: &str, site: LocalisationId, job: &NewJob) -> Result<(), JobsError> {
    let now = Instant::now();
    let task = Task {
        plugin: plugin.into(),
        site,
        kind: job.kind.clone(),
        payload: job.payload.clone(),
        depth: job.depth,
        schedule: None,
    };
    let payload = serde_json::to_value(task).map_err(|e| JobsError::Refused(e.to_string()))?;
    let mut queued = afpi_jobs::NewJob::new(QUEUE, KIND, payload).max_attempts(TRIES);
    queued.run_at = (!job.run_after.is_zero()).then(|| (now + job.run_after).millis());
    queued.correlation_id = Some(job.call_id.clone()).filter(|id| !id.is_empty());
    let ticket = afpi_jobs::enqueue(tx, &queued).await?;
    sql("INSERT INTO plugin_jobs (id, plugin_id, localisation_id, kind, dedupe_key, created_at) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(ticket).bind(plugin).bind(site).bind(&job.kind).bind(&job.dedupe_key).bind(now).execute(tx).await?;
    Ok(())
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
            if task.schedule.is_some() {
                // Switched off since the tick. It ticks again when it is switched on.
                return Ok(());
            }
            // Perhaps switched off only for a while: the next try may find it on.
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
        let task: Task =
            serde_json::from_value(job.payload).map_err(|e| JobError::fail(format!("plugin job unreadable: {e}")))?;
        let correlation = job.correlation_id.unwrap_or_else(|| job.id.to_string());
        let done = self.work(&task, job.attempt, &correlation).await;
        if let Some(schedule) = &task.schedule {
            let (outcome, message) = match &done {
                Ok(()) => ("done", ""),
                Err(JobError::Retry { message, .. }) if !job.last_attempt => ("retried", message.as_str()),
                Err(JobError::Retry { message, .. } | JobError::Fail { message }) => ("failed", message.as_str()),
            };
            // The result is for people to read. A failure to store it does not repeat the work.
            let ended = Ended { plugin: &task.plugin, site: task.site, schedule, outcome, message };
            if let Err(error) = schedules::note(&self.0.db, &ended).await {
                tracing::warn!(plugin.id = task.plugin, schedule, error.cause = %error, "the end of a scheduled run could not be kept");
            }
            return done;
        }
        if job.last_attempt || !matches!(done, Err(JobError::Retry { .. })) {
            let freed = retry(|| async {
                let mut tx = self.0.db.begin().await?;
                sql("DELETE FROM plugin_jobs WHERE id = ?").bind(job.id).execute(&mut tx).await?;
                tx.commit().await
            });
            freed.await.map_err(JobError::retry)?;
        }
        done
    }
}

/// When a failed call is retried: after the requested wait, at the end of its quarantine, otherwise with growing waits.
pub fn later(failure: PluginFailure) -> JobError {
    match failure {
        PluginFailure::Guest(GuestError::RateLimited(ms)) => {
            JobError::retry_after("rate-limited", Duration::from_millis(ms.into()))
        }
        PluginFailure::Quarantined(rest) => JobError::retry_after("quarantined", rest),
        other => JobError::retry(other),
    }
}
