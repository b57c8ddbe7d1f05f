//! Telling a hook of a change that was made.

use std::sync::Arc;
use std::time::Duration;

use afpi_db::{Conn, sql};
use afpi_jobs::{Handler, JobContext, JobError};
use afpi_plugins::contract::hook::{Event as Told, Phase, Subject as About};
use afpi_plugins::contract::{Actor, Error as GuestError};
use afpi_plugins::{HookPlugin, PluginFailure};
use async_trait::async_trait;
use uuid::Uuid;

use super::spread::Task;
use super::{context, seat_name};
use crate::crm::entreprises;
use crate::crm::opportunites::subject;
use crate::http::problem::{ApiResult, Problem};
use crate::platform::events::{Event, Record};
use crate::scope::Scope;
use crate::state::App;
use crate::text::Locale;

/// Queue of the jobs in which plugins work, and kind of these.
pub const QUEUE: &str = "plugins";
pub const KIND: &str = "hook";

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
        let (task, correlation) = Task::of(job)?;
        let hooks = self.0.plugins.registry().hooks(&seat_name(task.event.site_id));
        // Taken out or switched off meanwhile: nobody wants to hear it any more.
        let Some(hook) = hooks.into_iter().find(|hook| hook.plugin().id() == task.plugin) else { return Ok(()) };
        tell(&self.0, &hook, &task.event, &correlation).await
    }
}

async fn tell(app: &App, hook: &HookPlugin, event: &Event, correlation_id: &str) -> Result<(), JobError> {
    let context = context(Locale::Fr, correlation_id).at_depth(event.depth);
    if app.plugins.wants(hook, &context, &event.name, Phase::After).await.map_err(later)?.is_none() {
        return Ok(());
    }
    let told = describe(app, event).await.map_err(|problem| JobError::retry(problem.code()))?;
    let Some(told) = told else { return Ok(()) };
    hook.after(&context, &told).await.map_err(later)
}

/// The event with what it is about as it is now; `None` when that is gone.
async fn describe(app: &App, event: &Event) -> ApiResult<Option<Told>> {
    let mut conn = app.db.read().await?;
    let (subject, owner) = match event.about {
        None => (About::None, None),
        Some(Record::Opportunite(id)) => match subject::find(&mut conn, &Scope::All, id).await? {
            Some(subject) => (About::Opportunite(subject.shown()), Some(subject.commercial_id)),
            None => return Ok(None),
        },
        Some(Record::Entreprise(id)) => match entreprises::subject::find(&mut conn, id).await? {
            Some(subject) => (About::Entreprise(subject.shown()), None),
            None => return Ok(None),
        },
    };
    let actor = actor(&mut conn, event.actor_id, owner).await?;
    Ok(Some(Told {
        name: event.name.clone(),
        at: event.at,
        site: event.site_id.to_string(),
        actor,
        subject,
        data: event.data.to_string(),
    }))
}

/// Who did it, as the contract has people. `owner` is the commercial of the record it was done to.
pub async fn actor(conn: &mut Conn, id: Option<Uuid>, owner: Option<Uuid>) -> Result<Option<Actor>, Problem> {
    let Some(id) = id else { return Ok(None) };
    let known = sql("SELECT name, role FROM users WHERE id = ?").bind(id).optional::<(String, String)>(conn).await?;
    Ok(known.map(|(name, role)| Actor { id: id.to_string(), name, role, owner: owner == Some(id) }))
}

/// When a failed call is tried again: after the wait it asked for, when its quarantine is over, else with growing
/// waits.
pub fn later(failure: PluginFailure) -> JobError {
    match failure {
        PluginFailure::Guest(GuestError::RateLimited(ms)) => {
            JobError::retry_after("rate-limited", Duration::from_millis(ms.into()))
        }
        PluginFailure::Quarantined(rest) => JobError::retry_after("quarantined", rest),
        other => JobError::retry(other),
    }
}
