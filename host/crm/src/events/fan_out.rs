//! Distributes an event: every hook and notifier of its site gets a job of its own. When one plugin fails, only its job
//! runs again.

use std::sync::Arc;

use afpi_jobs::{Handler, JobContext, JobError, NewJob};
use afpi_plugins::contract::hook::Phase;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use afpi_platform::plugins::jobs::QUEUE;
use afpi_platform::plugins::{context, seat_name};

use super::hooks;
use crate::notifications::notify;
use crate::notifications::people::notifiers;
use afpi_core::error::{Result, internal};
use afpi_core::text::Locale;
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
        let listeners = listeners(&self.0, &event, correlation).await;
        afpi_db::retry(|| fan_out(&self.0, &event, &listeners, &id, correlation))
            .await
            .map_err(|problem| JobError::retry(problem.kind().code()))
    }
}

/// Plugins that receive the event, with queue and kind of their jobs.
async fn listeners(app: &App, event: &Event, correlation_id: &str) -> Vec<(&'static str, &'static str, String)> {
    let context = context(Locale::Fr, correlation_id);
    let mut found = Vec::new();
    for hook in app.plugins.registry().hooks(&seat_name(event.site_id)) {
        // A plugin that cannot say now whether it wants the event is asked again when its job runs.
        if !matches!(app.plugins.wants(&hook, &context, &event.name, Phase::After).await, Ok(None)) {
            found.push((QUEUE, hooks::KIND, hook.plugin().id().to_owned()));
        }
    }
    // The contract of notifiers has no type for companies.
    if !matches!(event.about, Some(Record::Entreprise(_))) {
        let notifiers = notifiers(app, event.sites().as_deref());
        found
            .extend(notifiers.into_iter().map(|plugin| (notify::QUEUE, notify::KIND, plugin.plugin().id().to_owned())));
    }
    found
}

/// `key` is the event's id. A second job with the same key is dropped while the first one waits.
async fn fan_out(
    app: &App,
    event: &Event,
    listeners: &[(&'static str, &'static str, String)],
    key: &str,
    correlation_id: &str,
) -> Result<()> {
    if listeners.is_empty() {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    for (queue, kind, plugin) in listeners {
        let dedupe: String = format!("{key}:{plugin}").chars().take(150).collect();
        let payload = serde_json::to_value(Task { plugin: plugin.clone(), event: event.clone() }).map_err(internal)?;
        let job = NewJob::new(*queue, *kind, payload).dedupe(dedupe).max_attempts(10).correlation(correlation_id);
        afpi_jobs::enqueue(&mut tx, &job).await.map_err(internal)?;
    }
    tx.commit().await?;
    app.jobs.wake();
    Ok(())
}
