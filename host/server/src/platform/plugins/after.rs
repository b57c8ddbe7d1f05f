//! Telling hooks of changes that were made: one job for each hook and event, so that one that fails is told again without the
//! others hearing twice.

use std::sync::Arc;
use std::time::Duration;

use afpi_db::{Conn, sql};
use afpi_jobs::{Handler, JobContext, JobError, NewJob};
use afpi_plugins::contract::hook::{Event as Told, Phase, Subject as About};
use afpi_plugins::contract::{Actor, Error as GuestError};
use afpi_plugins::{HookPlugin, PluginFailure};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{context, seat_name};
use crate::crm::opportunites::subject::{self, Subject};
use crate::http::problem::{ApiResult, Problem, internal};
use crate::platform::events::Event;
use crate::scope::Scope;
use crate::state::App;
use crate::text::Locale;

/// Queue of the jobs in which plugins work, and kind of these.
pub const QUEUE: &str = "plugins";
pub const KIND: &str = "hook";

/// One hook hears of one event.
#[derive(Serialize, Deserialize)]
struct Task {
    plugin: String,
    event: Event,
}

/// Gives every hook of the event's site that wants it a job of its own. `key` is the event's: what is told twice while the
/// first still waits is dropped.
pub async fn spread(app: &App, event: &Event, key: &str, correlation_id: &str) -> ApiResult<()> {
    let context = context(Locale::Fr, correlation_id);
    let mut wanted = Vec::new();
    for hook in app.plugins.registry().hooks(&seat_name(event.site_id)) {
        match hook.wants(&context, &event.name, Phase::After).await {
            Ok(place) => wanted.extend(place.map(|_| hook.plugin().id().to_owned())),
            Err(failure) => tracing::warn!(plugin.id = hook.plugin().id(), error.cause = %failure, "a hook does not say what it wants to hear"),
        }
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    for plugin in wanted {
        let dedupe: String = format!("{key}:{plugin}").chars().take(150).collect();
        let payload = serde_json::to_value(Task { plugin, event: event.clone() }).map_err(internal)?;
        let job = NewJob::new(QUEUE, KIND, payload).dedupe(dedupe).max_attempts(10).correlation(correlation_id);
        afpi_jobs::enqueue(&mut tx, &job).await.map_err(internal)?;
    }
    tx.commit().await?;
    app.jobs.wake();
    Ok(())
}

/// Runs jobs of kind [`KIND`].
pub struct HookHandler(App);

impl HookHandler {
    pub fn new(app: App) -> Arc<HookHandler> {
        Arc::new(HookHandler(app))
    }
}

#[async_trait]
impl Handler for HookHandler {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        let task: Task = serde_json::from_value(job.payload).map_err(|e| JobError::fail(format!("hook job unreadable: {e}")))?;
        let hooks = self.0.plugins.registry().hooks(&seat_name(task.event.site_id));
        // Taken out or switched off meanwhile: nobody wants to hear it any more.
        let Some(hook) = hooks.into_iter().find(|hook| hook.plugin().id() == task.plugin) else { return Ok(()) };
        let correlation = job.correlation_id.unwrap_or_else(|| job.id.to_string());
        tell(&self.0, &hook, &task.event, &correlation).await
    }
}

async fn tell(app: &App, hook: &HookPlugin, event: &Event, correlation_id: &str) -> Result<(), JobError> {
    let told = describe(app, event).await.map_err(|problem| JobError::retry(problem.code()))?;
    let Some(told) = told else { return Ok(()) };
    let context = context(Locale::Fr, correlation_id).at_depth(event.depth);
    hook.after(&context, &told).await.map_err(later)
}

/// The event with what it is about as it is now; `None` when that is gone.
async fn describe(app: &App, event: &Event) -> ApiResult<Option<Told>> {
    let mut conn = app.db.read().await?;
    let subject = match event.opportunite_id {
        Some(id) => match subject::load(&mut conn, &Scope::All, id).await {
            Ok(subject) => Some(subject),
            Err(gone) if gone.code() == "not-found" => return Ok(None),
            Err(problem) => return Err(problem),
        },
        None => None,
    };
    let actor = actor(&mut conn, event.actor_id, subject.as_ref()).await?;
    let subject = subject.map_or(About::None, |subject| About::Opportunite(subject.shown()));
    Ok(Some(Told { name: event.name.clone(), at: event.at, site: event.site_id.to_string(), actor, subject, data: event.data.to_string() }))
}

/// Who did it, as the contract has people.
pub async fn actor(conn: &mut Conn, id: Option<Uuid>, subject: Option<&Subject>) -> Result<Option<Actor>, Problem> {
    let Some(id) = id else { return Ok(None) };
    let known = sql("SELECT name, role FROM users WHERE id = ?").bind(id).optional::<(String, String)>(conn).await?;
    Ok(known.map(|(name, role)| Actor { id: id.to_string(), name, role, owner: subject.is_some_and(|s| s.commercial_id == id) }))
}

/// When a failed call is tried again: after the wait it asked for, when its quarantine is over, else with growing waits.
pub fn later(failure: PluginFailure) -> JobError {
    match failure {
        PluginFailure::Guest(GuestError::RateLimited(ms)) => JobError::retry_after("rate-limited", Duration::from_millis(ms.into())),
        PluginFailure::Quarantined(rest) => JobError::retry_after("quarantined", rest),
        other => JobError::retry(other),
    }
}
