//! Distributes an event: one job enters the deliveries of webhooks, and tells every hook and notifier of the site. A
//! plugin that fails gets a job of its own, so that it alone is told again.

use std::sync::Arc;

use afpi_db::DbError;
use afpi_jobs::{Handler, JobContext, JobError, NewJob};
use afpi_plugins::{HookPlugin, NotifierPlugin};
use async_trait::async_trait;
use futures::future::join_all;
use serde::{Deserialize, Serialize};

use afpi_platform::plugins::jobs::QUEUE;
use afpi_platform::plugins::seat_name;

use super::hooks;
use crate::notifications::notify;
use crate::notifications::people::notifiers;
use crate::webhooks;
use afpi_core::clock::Instant;
use afpi_core::error::{Result, internal};
use afpi_platform::events::{Event, Record};
use afpi_platform::state::App;

/// Tells one plugin of one event.
#[derive(Serialize, Deserialize)]
pub struct Task {
    pub plugin: String,
    pub event: Event,
}

impl Task {
    /// The task of a job, and its correlation id.
    pub fn of(job: JobContext) -> Result<(Task, String), JobError> {
        let task = serde_json::from_value(job.payload).map_err(|e| JobError::fail(format!("event unreadable: {e}")))?;
        Ok((task, job.correlation_id.unwrap_or_else(|| job.id.to_string())))
    }
}

/// Runs jobs of kind [`afpi_platform::events::KIND`].
pub struct EventHandler(App);

impl EventHandler {
    pub fn new(app: App) -> Arc<EventHandler> {
        Arc::new(EventHandler(app))
    }
}

#[async_trait]
impl Handler for EventHandler {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        let event: Event =
            serde_json::from_value(job.payload).map_err(|e| JobError::fail(format!("event unreadable: {e}")))?;
        let id = job.id.to_string();
        let correlation = job.correlation_id.as_deref().unwrap_or(&id);
        let app = &self.0;
        let later = |problem: afpi_core::error::Error| JobError::retry(problem.kind().code());
        webhooks::fan_out(app, &event, job.id, correlation).await.map_err(later)?;
        let told = listeners(app, &event).into_iter().map(async |listener| {
            let told = listener.tell(app, &event, correlation).await;
            told.err().map(|_| listener)
        });
        let failed: Vec<Listener> = join_all(told).await.into_iter().flatten().collect();
        afpi_db::retry(|| again(app, &event, &failed, &id, correlation)).await.map_err(later)
    }
}

/// A plugin that receives an event.
enum Listener {
    Hook(HookPlugin),
    Notifier(NotifierPlugin),
}

impl Listener {
    async fn tell(&self, app: &App, event: &Event, correlation_id: &str) -> Result<(), JobError> {
        match self {
            Listener::Hook(hook) => hooks::tell(app, hook, event, correlation_id).await,
            Listener::Notifier(notifier) => notify::tell(app, notifier, event, correlation_id).await,
        }
    }

    fn id(&self) -> &str {
        match self {
            Listener::Hook(hook) => hook.plugin().id(),
            Listener::Notifier(notifier) => notifier.plugin().id(),
        }
    }

    /// The job that tells this one alone.
    fn job(&self, event: &Event) -> Result<NewJob> {
        let payload =
            serde_json::to_value(Task { plugin: self.id().into(), event: event.clone() }).map_err(internal)?;
        Ok(match self {
            Listener::Hook(_) => NewJob::new(QUEUE, hooks::KIND, payload),
            Listener::Notifier(_) => NewJob::new(notify::QUEUE, notify::KIND, payload),
        })
    }
}

/// The plugins that may want the event. A hook is asked when it is told.
fn listeners(app: &App, event: &Event) -> Vec<Listener> {
    let hooks = app.plugins.registry().hooks(&seat_name(event.site_id));
    let mut found: Vec<Listener> = hooks.into_iter().map(Listener::Hook).collect();
    // The contract of notifiers has no type for companies.
    if !matches!(event.about, Some(Record::Entreprise(_))) {
        found.extend(notifiers(app, event.sites().as_deref()).into_iter().map(Listener::Notifier));
    }
    found
}

/// Gives each listener that could not be told a job of its own. `key` is the event's id: a second job with the same key
/// is dropped while the first one waits.
async fn again(app: &App, event: &Event, failed: &[Listener], key: &str, correlation_id: &str) -> Result<()> {
    if failed.is_empty() {
        return Ok(());
    }
    // It has just failed: as long as after any first attempt.
    let later = Instant::now() + app.queue.settings().backoff.delay(1);
    let mut tx = app.db.begin().await?;
    for listener in failed {
        let dedupe: String = format!("{key}:{}", listener.id()).chars().take(150).collect();
        let job =
            listener.job(event)?.dedupe(dedupe).max_attempts(10).correlation(correlation_id).run_at(later.millis());
        afpi_jobs::enqueue(&mut tx, &job).await.map_err(DbError::from)?;
    }
    tx.commit().await?;
    app.jobs.wake();
    Ok(())
}
