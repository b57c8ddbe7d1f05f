//! From an event to the people: the job that asks the notifiers of the event's site who should hear what, and tells them.
//! It may run twice: a message reaches a person once by its key.

use std::collections::BTreeSet;
use std::sync::Arc;

use afpi_db::{Tx, dialect};
use afpi_jobs::{Handler, JobContext, JobError, NewJob};
use afpi_plugins::NotifierPlugin;
use afpi_plugins::contract::notifier::{Event as Told, Message};
use async_trait::async_trait;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::mail;
use super::people::{About, Person, notifiers};
use super::preferences::{Channels, chosen, kinds};
use crate::crm::opportunites::subject::{self, Subject};
use crate::http::problem::{ApiResult, Problem, internal};
use crate::platform::bus::BusEvent;
use crate::platform::events::Event;
use crate::platform::plugins::{after, context, failure, hex};
use crate::scope::Scope;
use crate::state::App;
use crate::text::Locale;

/// Messages a notifier may make of one event.
const MAX_MESSAGES: usize = 50;

/// Runs jobs of kind [`crate::platform::events::KIND`].
pub struct EventHandler(App);

impl EventHandler {
    pub fn new(app: App) -> Arc<EventHandler> {
        Arc::new(EventHandler(app))
    }
}

#[async_trait]
impl Handler for EventHandler {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        let event: Event = serde_json::from_value(job.payload).map_err(|e| JobError::fail(format!("event unreadable: {e}")))?;
        let id = job.id.to_string();
        let correlation = job.correlation_id.as_deref().unwrap_or(&id);
        after::spread(&self.0, &event, &id, correlation).await.map_err(|problem| JobError::retry(problem.code()))?;
        notify(&self.0, &event, correlation).await.map_err(|problem| JobError::retry(problem.code()))
    }
}

/// Tells people of an event. A notifier that fails does not keep the others from being heard; the error is for trying again.
pub async fn notify(app: &App, event: &Event, correlation_id: &str) -> ApiResult<()> {
    let mut conn = app.db.read().await?;
    let subject = match event.opportunite_id {
        Some(id) => match subject::load(&mut conn, &Scope::All, id).await {
            Ok(subject) => Some(subject),
            Err(gone) if gone.code() == "not-found" => return Ok(()),
            Err(problem) => return Err(problem),
        },
        None => None,
    };
    let told = Told {
        name: event.name.clone(),
        at: event.at,
        site: event.site_id.to_string(),
        actor: after::actor(&mut conn, event.actor_id, subject.as_ref()).await?,
        subject: subject.as_ref().map(Subject::shown),
        data: event.data.to_string(),
    };
    drop(conn);
    let sites = [event.site_id];
    let mut failed = None;
    for plugin in notifiers(app, (!event.site_id.is_nil()).then_some(&sites)) {
        let about = About { site: event.site_id, subject: subject.as_ref(), depth: event.depth };
        if let Err(problem) = hear(app, &plugin, &told, &about, event.actor_id, correlation_id).await {
            tracing::warn!(plugin.id = plugin.plugin().id(), event.name, problem.code = problem.code(), "a notifier could not be heard");
            failed = Some(problem);
        }
    }
    failed.map_or(Ok(()), Err)
}

/// One notifier's messages, to everybody they mean but the actor.
async fn hear(app: &App, plugin: &NotifierPlugin, told: &Told, about: &About<'_>, actor: Option<Uuid>, correlation_id: &str) -> ApiResult<()> {
    let mut messages = plugin.notify(&context(Locale::Fr, correlation_id).at_depth(about.depth), told).await.map_err(failure)?;
    if messages.is_empty() {
        return Ok(());
    }
    if messages.len() > MAX_MESSAGES {
        tracing::warn!(plugin.id = plugin.plugin().id(), messages = messages.len(), "a notifier says too much: the rest is dropped");
        messages.truncate(MAX_MESSAGES);
    }
    let kinds = kinds(std::slice::from_ref(plugin), Locale::Fr, correlation_id).await?;
    let mut conn = app.db.read().await?;
    let mut people = about.people(&mut conn, messages.iter().flat_map(|m| &m.to)).await?;
    people.retain(|person| Some(person.id) != actor);
    let chosen = chosen(&mut conn, people.iter().map(|p| p.id)).await?;
    drop(conn);

    let mut letters: Vec<(Letter, Channels)> = Vec::new();
    for message in &messages {
        let Some(kind) = kinds.get(&message.kind) else {
            tracing::warn!(plugin.id = plugin.plugin().id(), kind = message.kind, "a message of a kind the notifier does not declare is dropped");
            continue;
        };
        let meant = |person: &&Person| message.to.iter().any(|audience| about.means(audience, person));
        for person in people.iter().filter(meant) {
            let channels = chosen.get(&(person.id, message.kind.clone())).copied().unwrap_or(kind.channels);
            if channels.app || channels.email {
                letters.push((Letter { plugin: plugin.plugin().id(), to: person.id, message }, channels));
            }
        }
    }
    let reached = afpi_db::retry(|| send(app, &letters, correlation_id)).await?;
    app.jobs.wake();
    reached.into_iter().for_each(|user| app.bus.publish(BusEvent::Notified { user }));
    Ok(())
}

/// A message on its way to one person.
struct Letter<'a> {
    plugin: &'a str,
    to: Uuid,
    message: &'a Message,
}

/// Writes the letters down, each once, and enqueues the mails, in one transaction; whom it reached in the app.
async fn send(app: &App, letters: &[(Letter<'_>, Channels)], correlation_id: &str) -> Result<BTreeSet<Uuid>, Problem> {
    let mut reached = BTreeSet::new();
    let mut tx = app.db.begin().await?;
    for (letter, channels) in letters {
        let Some(id) = letter.write(&mut tx, channels.app).await? else { continue };
        if channels.app {
            reached.insert(letter.to);
        }
        if channels.email {
            let job = NewJob::new(mail::QUEUE, mail::KIND, mail::payload(id)).max_attempts(8).correlation(correlation_id);
            afpi_jobs::enqueue(&mut tx, &job).await.map_err(internal)?;
        }
    }
    tx.commit().await?;
    Ok(reached)
}

impl Letter<'_> {
    /// The row of this letter, unless the person has had it; its id. Texts are cut to their columns, a link leads into this
    /// web app or nowhere, and one plugin's keys are not another's.
    async fn write(&self, tx: &mut Tx, app: bool) -> ApiResult<Option<Uuid>> {
        let (id, message) = (Uuid::now_v7(), self.message);
        let cut = |text: &str, length: usize| text.chars().take(length).collect::<String>();
        let inward = message.link.starts_with('/') && !message.link.starts_with("//") && message.link.len() <= 300 && !message.link.contains('\\');
        let mut query = dialect::insert_or_ignore(tx.backend());
        query.push(" INTO notifications (id, user_id, kind, title_fr, title_en, body_fr, body_en, link, dedupe_key, app, created_at) VALUES ");
        query.rows([[
            id.into(),
            self.to.into(),
            message.kind.as_str().into(),
            cut(&message.title.fr, 300).into(),
            cut(&message.title.en, 300).into(),
            cut(&message.body.fr, 4000).into(),
            cut(&message.body.en, 4000).into(),
            if inward { message.link.as_str() } else { "/" }.into(),
            self.key().into(),
            app.into(),
            crate::clock::now().into(),
        ]]);
        Ok((query.execute(tx).await? == 1).then_some(id))
    }

    fn key(&self) -> String {
        let key = format!("{}:{}", self.plugin, self.message.dedupe_key);
        if key.chars().count() <= 150 { key } else { hex(&Sha256::digest(key)) }
    }
}
