//! Notifications by e-mail. One job sends one letter. Its `Message-ID` comes from the notification, so that a mail
//! program shows a letter sent twice only once.

use std::sync::Arc;

use afpi_db::{Db, sql};
use afpi_jobs::{Handler, JobContext, JobError};
use async_trait::async_trait;
use lettre::Message;
use lettre::message::{Mailbox, header::ContentType};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::mailer::{self, Mailer, mailbox};
use afpi_core::error::Result;
use afpi_core::text::{Locale, text};
use afpi_platform::state::App;

/// Queue and kind of the jobs that send a letter.
pub const QUEUE: &str = "mail";
pub const KIND: &str = "mail";

/// The payload of a job: the notification to send.
pub fn payload(notification: Uuid) -> Value {
    json!({"notification": notification})
}

/// Runs jobs of kind [`KIND`].
pub struct MailHandler {
    app: App,
    mailer: Mailer,
    from: Mailbox,
}

#[async_trait]
impl Handler for MailHandler {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        let id = job.payload["notification"].as_str().and_then(|id| Uuid::parse_str(id).ok());
        let id = id.ok_or_else(|| JobError::fail("no notification named"))?;
        let outcome = self.deliver(id).await;
        let word = if outcome.is_ok() { "sent" } else { "failed" };
        self.app.metrics.mails.with_label_values(&[word]).inc();
        outcome
    }
}

afpi_db::row! {
    struct LetterRow {
        email: String, name: String, locale: String, title_fr: String, title_en: String, body_fr: String, body_en: String, link: String,
    }
}

impl MailHandler {
    pub fn new(app: App) -> anyhow::Result<Arc<MailHandler>> {
        let mailer = Mailer::new(&app.config)?;
        let from = mailer::sender(&app.config)?;
        Ok(Arc::new(MailHandler { app, mailer, from }))
    }

    /// Sends a notification to its person, unless that person is inactive.
    pub async fn deliver(&self, id: Uuid) -> Result<(), JobError> {
        let row = load(&self.app.db, id).await.map_err(|problem| JobError::retry(problem.kind().code()))?;
        let Some(row) = row else { return Ok(()) };
        let letter = self.compose(id, row).map_err(JobError::fail)?;
        Ok(self.mailer.send(letter).await?)
    }

    fn compose(&self, id: Uuid, row: LetterRow) -> anyhow::Result<Message> {
        let locale = Locale::parse(&row.locale);
        let body = text(row.body_fr, row.body_en);
        let url = format!("{}{}", self.app.config.public_url.trim_end_matches('/'), row.link);
        Letter {
            to: &row.email,
            name: &row.name,
            locale,
            id: &id.to_string(),
            subject: text(row.title_fr, row.title_en).get(locale),
            body: &format!("{}\n\n{url}", body.get(locale)),
        }
        .compose(&self.app, &self.from)
    }
}

/// A letter to a person about what happens.
pub(super) struct Letter<'a> {
    pub to: &'a str,
    pub name: &'a str,
    pub locale: Locale,
    /// The part of its `Message-ID` before the host. The same letter has the same one.
    pub id: &'a str,
    pub subject: &'a str,
    pub body: &'a str,
}

impl Letter<'_> {
    pub fn compose(&self, app: &App, from: &Mailbox) -> anyhow::Result<Message> {
        // Old names, older than the rule for names, may contain characters that a header cannot hold.
        let name = afpi_text::salvage(self.name);
        let hello = text(format!("Bonjour {name},"), format!("Hello {name},"));
        let foot = text(
            "Vous recevez ce message parce que vous l'avez demandé. Vos préférences : ",
            "You get this message because you asked for it. Your preferences: ",
        );
        let settings = format!("{}/notifications", app.config.public_url.trim_end_matches('/'));
        let plain = format!(
            "{}\n\n{}\n\n-- \nAFPI CRM\n{}{settings}\n",
            hello.get(self.locale),
            self.body,
            foot.get(self.locale)
        );
        let builder = Message::builder()
            .message_id(Some(format!("<{}@{}>", self.id, from.email.domain())))
            .from(from.clone())
            .to(mailbox(Some(&name), self.to)?)
            // A subject is one line, even if the plugin wrote several.
            .subject(afpi_text::salvage(self.subject));
        Ok(builder.header(ContentType::TEXT_PLAIN).body(plain)?)
    }
}

/// The letter of a notification, if its person is active.
async fn load(db: &Db, id: Uuid) -> Result<Option<LetterRow>> {
    let query = sql(
        "SELECT u.email, u.name, u.locale, n.title_fr, n.title_en, n.body_fr, n.body_en, n.link FROM notifications n \
         JOIN users u ON u.id = n.user_id WHERE n.id = ? AND u.active = ?",
    );
    Ok(query.bind(id).bind(true).optional(&mut db.read().await?).await?)
}
