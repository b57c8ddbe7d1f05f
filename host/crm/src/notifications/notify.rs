//! From an event to people: a job asks a notifier of the event's site who should be told what, and delivers the
//! messages. The job may run twice: a key lets each message reach a person once.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use afpi_db::{DbError, Tx, Value, dialect, sql};
use afpi_jobs::{Handler, JobContext, JobError, NewJob};
use afpi_plugins::NotifierPlugin;
use afpi_plugins::contract::notifier::{Event as Told, Message};
use async_trait::async_trait;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::people::{About, notifiers};
use super::preferences::kinds;
use super::{digest, mail};
use crate::opportunites::stored::{self, StoredOpportunite};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result};
use afpi_core::id::UserId;

use crate::events::fan_out::Task;
use crate::events::hooks;
use afpi_core::scope::Scope;
use afpi_core::text::Locale;
use afpi_platform::bus::BusEvent;
use afpi_platform::events::{self, Event, Record};
use afpi_platform::people::{Channels, Person};
use afpi_platform::plugins::{context, hex, jobs, plugin_failed};
use afpi_platform::state::App;

/// The most messages that a notifier may make of one event.
const MAX_MESSAGES: usize = 50;

/// Queue and kind of the jobs that bring events to notifiers.
pub const QUEUE: &str = events::QUEUE;
pub const KIND: &str = "notifier";

/// Runs jobs of kind [`KIND`].
pub struct NotifierHandler(App);

impl NotifierHandler {
    pub fn new(app: App) -> Arc<NotifierHandler> {
        Arc::new(NotifierHandler(app))
    }
}

#[async_trait]
impl Handler for NotifierHandler {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        let (task, correlation) = Task::of(job)?;
        let plugins = notifiers(&self.0, task.event.sites().as_deref());
        // The notifier was removed or switched off meanwhile.
        let Some(plugin) = plugins.into_iter().find(|plugin| plugin.plugin().id() == task.plugin) else {
            return Ok(());
        };
        tell(&self.0, &plugin, &task.event, &correlation).await
    }
}

/// Tells a notifier about an event and delivers its messages.
pub async fn tell(app: &App, plugin: &NotifierPlugin, event: &Event, correlation_id: &str) -> Result<(), JobError> {
    let again = |problem: Error| JobError::retry(problem.kind().code());
    let Some((told, subject)) = describe(app, event).await.map_err(again)? else { return Ok(()) };
    let context = context(Locale::Fr, correlation_id).at_depth(event.depth);
    let messages = plugin.notify(&context, &told).await.map_err(jobs::later)?;
    let about = About { site: event.site_id, subject: subject.as_ref(), actor: event.actor_id };
    deliver(app, plugin, messages, &about, correlation_id).await.map_err(again)
}

/// The event with the present state of its record. `None` when the record is gone.
async fn describe(app: &App, event: &Event) -> Result<Option<(Told, Option<StoredOpportunite>)>> {
    let active = app.people.active(&app.db).await?;
    let mut conn = app.db.read().await?;
    let subject = match event.about {
        Some(Record::Opportunite(id)) => match stored::find(&mut conn, &Scope::All, id).await? {
            Some(subject) => Some(subject.into_inner()),
            None => return Ok(None),
        },
        _ => None,
    };
    let told = Told {
        name: event.name.clone(),
        at: event.at.millis(),
        site: event.site_id.to_string(),
        actor: hooks::actor(&mut conn, &active, event.actor_id, subject.as_ref().map(|s| s.commercial_id)).await?,
        subject: subject.as_ref().map(|subject| subject.shown()),
        data: event.data.to_string(),
    };
    Ok(Some((told, subject)))
}

/// Delivers one notifier's messages to everybody in their audiences except the actor.
async fn deliver(
    app: &App,
    plugin: &NotifierPlugin,
    mut messages: Vec<Message>,
    about: &About<'_>,
    correlation_id: &str,
) -> Result<()> {
    if messages.is_empty() {
        return Ok(());
    }
    if messages.len() > MAX_MESSAGES {
        tracing::warn!(
            plugin.id = plugin.plugin().id(),
            messages = messages.len(),
            "a notifier says too much: the rest is dropped"
        );
        messages.truncate(MAX_MESSAGES);
    }
    let kinds = kinds(app, std::slice::from_ref(plugin), correlation_id).await?;
    if kinds.is_empty() {
        // The kinds are unknown, and so are the preferences: the job is retried later.
        return Err(plugin_failed());
    }
    let people = app.people.active(&app.db).await?;
    let now = Instant::now();
    let today = now.day();
    let mut letters: Vec<(Letter, Channels)> = Vec::new();
    for message in &messages {
        let Some(kind) = kinds.get(&message.kind) else {
            tracing::warn!(
                plugin.id = plugin.plugin().id(),
                kind = message.kind,
                "a message of a kind the notifier does not declare is dropped"
            );
            continue;
        };
        let meant = |person: &&Person| message.to.iter().any(|audience| about.means(audience, person));
        let meant = people.iter().filter(meant).map(|person| (person, None));
        let deputies = about.deputies(&message.to, &people, today);
        let deputies = deputies.into_iter().map(|(deputy, absent)| (deputy, Some(absent.name.as_str())));
        for (person, absent) in meant.chain(deputies) {
            let channels = person.channels.get(&message.kind).copied().unwrap_or(kind.channels);
            if channels.app || channels.email {
                let later = person.quiet.and_then(|quiet| quiet.until(now));
                let gathered = channels.email && person.digest.is_some() && !channels.at_once;
                let letter = Letter { plugin: plugin.plugin().id(), to: person.id, absent, message, later, gathered };
                letters.push((letter, channels));
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
    to: UserId,
    /// The name of the absent person for whom this one gets it.
    absent: Option<&'a str>,
    message: &'a Message,
    /// When the mail may go out, in the quiet hours of its person.
    later: Option<Instant>,
    /// Does it wait for the digest of its person, instead of a mail of its own?
    gathered: bool,
}

/// The most letters of one statement.
const TOGETHER: usize = 500;

/// Writes each letter once and enqueues the mails, in one transaction. Returns the people whom it reached in the app.
async fn send(app: &App, letters: &[(Letter<'_>, Channels)], correlation_id: &str) -> Result<BTreeSet<UserId>> {
    let mut reached = BTreeSet::new();
    if letters.is_empty() {
        return Ok(reached);
    }
    let mut tx = app.db.begin().await?;
    let mut mails = Vec::new();
    for some in letters.chunks(TOGETHER) {
        for (id, letter, channels) in write(&mut tx, some).await? {
            if channels.app {
                reached.insert(letter.to);
            }
            if channels.email && !letter.gathered {
                let job = NewJob::new(mail::QUEUE, mail::KIND, mail::payload(id)).max_attempts(8);
                let job = match letter.later {
                    Some(at) => job.run_at(at.millis()),
                    None => job,
                };
                mails.push(job.correlation(correlation_id));
            }
        }
    }
    afpi_jobs::enqueue_all(&mut tx, &mails).await.map_err(DbError::from)?;
    tx.commit().await?;
    Ok(reached)
}

/// Inserts the rows of these letters, and returns those that their people do not have yet.
async fn write<'a>(
    tx: &mut Tx,
    letters: &'a [(Letter<'a>, Channels)],
) -> Result<Vec<(Uuid, &'a Letter<'a>, Channels)>> {
    let mut new: Vec<_> = letters.iter().map(|(letter, channels)| (Uuid::now_v7(), letter, *channels)).collect();
    let mut query = dialect::insert_or_ignore(tx.backend());
    query.push(" INTO notifications (id, user_id, kind, title_fr, title_en, body_fr, body_en, link, dedupe_key, app, created_at, digest) VALUES ");
    query.rows(new.iter().map(|(id, letter, channels)| letter.row(*id, channels.app)));
    if query.execute(tx).await? < new.len() as u64 {
        let mut query = sql("SELECT id FROM notifications WHERE id IN ");
        query.list(new.iter().map(|(id, ..)| *id));
        let written: HashSet<Uuid> = query.all::<(Uuid,)>(tx).await?.into_iter().map(|(id,)| id).collect();
        new.retain(|(id, ..)| written.contains(id));
    }
    Ok(new)
}

impl Letter<'_> {
    /// The row of this letter. Texts are cut to the width of their columns. A link stays only if it leads into this web
    /// application. Keys of different plugins never collide.
    fn row(&self, id: Uuid, app: bool) -> [Value; 12] {
        let message = self.message;
        let cut = |text: &str, length: usize| text.chars().take(length).collect::<String>();
        let inward = message.link.starts_with('/')
            && !message.link.starts_with("//")
            && message.link.len() <= 300
            && !message.link.contains('\\');
        [
            id.into(),
            self.to.into(),
            message.kind.as_str().into(),
            cut(&message.title.fr, 300).into(),
            cut(&message.title.en, 300).into(),
            cut(&self.body(&message.body.fr, "En l'absence de"), 4000).into(),
            cut(&self.body(&message.body.en, "In the absence of"), 4000).into(),
            if inward { message.link.as_str() } else { "/" }.into(),
            self.key().into(),
            app.into(),
            Instant::now().into(),
            self.gathered.then_some(digest::WAITING).into(),
        ]
    }

    /// A deputy reads first for whom the message is.
    fn body(&self, body: &str, instead: &str) -> String {
        self.absent.map_or_else(|| body.to_owned(), |name| format!("{instead} {name}.\n{body}"))
    }

    fn key(&self) -> String {
        let key = format!("{}:{}", self.plugin, self.message.dedupe_key);
        if key.chars().count() <= 150 { key } else { hex(&Sha256::digest(key)) }
    }
}
