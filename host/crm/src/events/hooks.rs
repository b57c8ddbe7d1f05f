//! Tells a hook about a change that was made.

use std::sync::Arc;

use afpi_db::{Conn, sql};
use afpi_jobs::{Handler, JobContext, JobError};
use afpi_plugins::HookPlugin;
use afpi_plugins::contract::Actor;
use afpi_plugins::contract::hook::{Event as Told, Phase, Subject as About};
use async_trait::async_trait;

use afpi_platform::plugins::jobs::later;
use afpi_platform::plugins::{context, seat_name};

use super::fan_out::Task;
use crate::entreprises;
use crate::opportunites::stored;
use afpi_core::error::Result;
use afpi_core::id::UserId;

use afpi_core::scope::Scope;
use afpi_core::text::Locale;
use afpi_platform::events::{Event, Record};
use afpi_platform::people::Person;
use afpi_platform::state::App;

/// Kind of these jobs, in the queue [`QUEUE`].
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
        // The hook was removed or switched off meanwhile.
        let Some(hook) = hooks.into_iter().find(|hook| hook.plugin().id() == task.plugin) else { return Ok(()) };
        tell(&self.0, &hook, &task.event, &correlation).await
    }
}

/// Tells a hook about an event, if it wants it.
pub(super) async fn tell(app: &App, hook: &HookPlugin, event: &Event, correlation_id: &str) -> Result<(), JobError> {
    let context = context(Locale::Fr, correlation_id).at_depth(event.depth);
    if app.plugins.wants(hook, &context, &event.name, Phase::After).await.map_err(later)?.is_none() {
        return Ok(());
    }
    let told = describe(app, event).await.map_err(|problem| JobError::retry(problem.kind().code()))?;
    let Some(told) = told else { return Ok(()) };
    hook.after(&context, &told).await.map_err(later)
}

/// The event with the present state of its record. `None` when the record is gone.
async fn describe(app: &App, event: &Event) -> Result<Option<Told>> {
    let active = app.people.active(&app.db).await?;
    let mut conn = app.db.read().await?;
    let (subject, owner) = match event.about {
        None => (About::None, None),
        Some(Record::Opportunite(id)) => match stored::find(&mut conn, &Scope::All, id).await? {
            Some(subject) => (About::Opportunite(subject.shown()), Some(subject.commercial_id)),
            None => return Ok(None),
        },
        Some(Record::Entreprise(id)) => match entreprises::stored::find(&mut conn, id).await? {
            Some(subject) => (About::Entreprise(subject.shown()), None),
            None => return Ok(None),
        },
    };
    let actor = actor(&mut conn, &active, event.actor_id, owner).await?;
    Ok(Some(Told {
        name: event.name.clone(),
        at: event.at.millis(),
        site: event.site_id.to_string(),
        actor,
        subject,
        data: event.data.to_string(),
    }))
}

/// The actor in the types of the contract. `owner` is the commercial of the changed record.
pub async fn actor(
    conn: &mut Conn,
    active: &[Person],
    id: Option<UserId>,
    owner: Option<UserId>,
) -> Result<Option<Actor>> {
    let Some(id) = id else { return Ok(None) };
    if let Some(person) = active.iter().find(|person| person.id == id) {
        let (name, role) = (person.name.clone(), person.role.kind().id().to_owned());
        return Ok(Some(Actor { id: id.to_string(), name, role, owner: owner == Some(id) }));
    }
    let known = sql("SELECT name, role FROM users WHERE id = ?").bind(id).optional::<(String, String)>(conn).await?;
    Ok(known.map(|(name, role)| Actor { id: id.to_string(), name, role, owner: owner == Some(id) }))
}
