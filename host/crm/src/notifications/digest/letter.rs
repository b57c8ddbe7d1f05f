//! The job that sends a digest: what happened since the last one, by kind and record, and what waits for the person. A digest
//! with nothing to say is not sent.

use std::sync::Arc;

use afpi_db::{Conn, sql};
use afpi_jobs::{Handler, JobContext, JobError};
use async_trait::async_trait;
use lettre::message::Mailbox;

use crate::dashboard;
use crate::mailer::{self, Mailer};
use crate::notifications::mail::Letter;
use crate::notifications::people::notifiers;
use crate::notifications::preferences::kinds;
use crate::opportunites::item::{self, ItemRow};
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Error, Result};
use afpi_core::id::UserId;
use afpi_core::text::{Locale, Text, text};
use afpi_platform::people::Person;
use afpi_platform::state::App;

pub const KIND: &str = "digest";

/// The most tasks and records that wait in a digest. The application has all of them.
const MOST: u32 = 20;

/// Runs jobs of kind [`KIND`].
pub struct DigestHandler {
    app: App,
    mailer: Mailer,
    from: Mailbox,
}

#[async_trait]
impl Handler for DigestHandler {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        let user = job.payload["user"].as_str().and_then(|id| id.parse::<UserId>().ok());
        let day = job.payload["day"].as_str().and_then(|day| day.parse::<Day>().ok());
        let (Some(user), Some(day)) = (user, day) else { return Err(JobError::fail("no person or day named")) };
        let correlation = job.correlation_id.clone().unwrap_or_else(|| job.id.to_string());
        let letter =
            self.letter(user, day, &correlation).await.map_err(|error| JobError::retry(error.kind().code()))?;
        let Some((to, letter)) = letter else { return Ok(()) };
        let subject = match to.locale {
            Locale::Fr => format!("Votre résumé du {}", afpi_http::dates::french(day.date())),
            Locale::En => format!("Your digest of {day}"),
        };
        let letter = Letter {
            to: &to.email,
            name: &to.name,
            locale: to.locale,
            // A digest that is sent twice is shown once.
            id: &format!("digest-{user}-{day}"),
            subject: &subject,
            body: &letter,
        };
        let message = letter.compose(&self.app, &self.from).map_err(JobError::fail)?;
        let sent = self.mailer.send(message).await;
        self.app.metrics.mails.with_label_values(&[if sent.is_ok() { "sent" } else { "failed" }]).inc();
        Ok(sent?)
    }
}

struct Addressee {
    email: String,
    name: String,
    locale: Locale,
}

afpi_db::row! {
    struct Told { kind: String, title_fr: String, title_en: String, link: String }
}

impl DigestHandler {
    pub fn new(app: App) -> anyhow::Result<Arc<DigestHandler>> {
        let (mailer, from) = (Mailer::new(&app.config)?, mailer::sender(&app.config)?);
        Ok(Arc::new(DigestHandler { app, mailer, from }))
    }

    /// Whom it goes to and what it says; none when it says nothing, or when its person is not active any more.
    async fn letter(&self, user: UserId, day: Day, correlation: &str) -> Result<Option<(Addressee, String)>> {
        let app = &self.app;
        let people = app.people.active(&app.db).await?;
        let Some(person) = people.iter().find(|person| person.id == user) else { return Ok(None) };
        let waiting = dashboard::waiting_for(app, person, Instant::now()).await?;
        let mut conn = app.db.read().await?;
        let query = sql("SELECT email, name, locale FROM users WHERE id = ?").bind(user);
        let (email, name, locale) = query.one::<(String, String, String)>(&mut conn).await?;
        let to = Addressee { email, name, locale: Locale::parse(&locale) };
        // What was read in the application meanwhile is known.
        let query = sql("SELECT kind, title_fr, title_en, link FROM notifications WHERE user_id = ? AND digest = ? \
             AND read_at IS NULL ORDER BY kind, created_at, id");
        let told: Vec<Told> = query.bind(user).bind(day).all(&mut conn).await?;
        let tasks = tasks(&mut conn, user).await?;
        let files = files(&mut conn, person, waiting).await?;
        drop(conn);
        let page = Page { base: app.config.public_url.trim_end_matches('/'), locale: to.locale };
        let mut parts = page.told(app, told, correlation).await?;
        let lines: Vec<String> = tasks.iter().map(|(title, due)| page.task(title, *due)).collect();
        parts.extend(page.part(&text("Tâches échues", "Tasks that are due"), &lines));
        let lines: Vec<String> = files.iter().map(|file| page.file(file)).collect();
        parts.extend(page.part(&text("À vous de jouer", "Your turn"), &lines));
        Ok(if parts.is_empty() { None } else { Some((to, parts.join("\n\n"))) })
    }
}

/// The open tasks of a person that are due.
async fn tasks(conn: &mut Conn, user: UserId) -> Result<Vec<(String, Day)>> {
    let mut query = sql(
        "SELECT title, due_on FROM taches WHERE owner_id = ? AND done_at IS NULL AND due_on <= ? ORDER BY due_on, id",
    );
    query.arg(user).arg(Day::today()).limit(MOST);
    Ok(query.all(conn).await?)
}

/// These opportunités, in their order, as far as the person sees them.
async fn files(conn: &mut Conn, person: &Person, ids: Vec<afpi_core::id::OpportuniteId>) -> Result<Vec<ItemRow>> {
    let mut query = person.scope.opportunites(item::COLUMNS, item::JOINS);
    query.push(" AND o.id IN ").list(ids.iter().copied().take(MOST as usize));
    let mut rows: Vec<ItemRow> = query.all(conn).await?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok(rows)
}

/// How it is written.
struct Page<'a> {
    base: &'a str,
    locale: Locale,
}

impl Page<'_> {
    fn part(&self, title: &Text, lines: &[String]) -> Option<String> {
        (!lines.is_empty()).then(|| format!("{}\n{}", title.get(self.locale).to_uppercase(), lines.join("\n")))
    }

    /// What happened, by kind and then by record.
    async fn told(&self, app: &App, told: Vec<Told>, correlation: &str) -> Result<Vec<String>, Error> {
        let labels = kinds(app, &notifiers(app, None), correlation).await?;
        let mut parts = Vec::new();
        for of_kind in told.chunk_by(|a, b| a.kind == b.kind) {
            let kind = &of_kind[0].kind;
            let label = labels.get(kind).map_or_else(|| text(kind.as_str(), kind.as_str()), |kind| kind.label.clone());
            let mut links: Vec<&str> = Vec::new();
            for one in of_kind {
                if !links.contains(&one.link.as_str()) {
                    links.push(&one.link);
                }
            }
            let lines: Vec<String> = links.iter().map(|link| self.record(link, of_kind)).collect();
            parts.extend(self.part(&label, &lines));
        }
        Ok(parts)
    }

    /// All that was told of a record, and where it is.
    fn record(&self, link: &str, told: &[Told]) -> String {
        let lines = told.iter().filter(|one| one.link == link).map(|one| {
            let title = match self.locale {
                Locale::Fr => &one.title_fr,
                Locale::En => &one.title_en,
            };
            format!("- {}", afpi_text::salvage(title))
        });
        format!("{}\n  {}{link}", lines.collect::<Vec<_>>().join("\n"), self.base)
    }

    fn task(&self, title: &str, due: Day) -> String {
        let day = match self.locale {
            Locale::Fr => afpi_http::dates::french(due.date()),
            Locale::En => due.to_string(),
        };
        format!("- {} ({day})", afpi_text::salvage(title))
    }

    fn file(&self, file: &ItemRow) -> String {
        let title = afpi_text::salvage(&file.title);
        format!("- {title}, {} ({})\n  {}/opportunites/{}", file.entreprise_name, file.numero, self.base, file.id)
    }
}
