//! The job that sends a document. It comes from the site, and answers go to the person who sent it. Its `Message-ID`
//! comes from the sending, so that a mail program shows a letter sent twice only once: a process that is killed between
//! the mail server's answer and ours sends it again.

use std::sync::Arc;
use std::time::Duration;

use afpi_jobs::{Handler, JobContext, JobError};
use async_trait::async_trait;
use futures::TryStreamExt;
use lettre::Message;
use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Attachment, Body, Mailbox, MultiPart, SinglePart};
use serde_json::Value;
use uuid::Uuid;

use super::store::{self, Outcome, Waiting};
use crate::content;
use crate::facturation;
use crate::mailer::{self, Cause, Mailer, mailbox};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result};
use afpi_core::id::PieceId;
use afpi_platform::journal::{Activity, Actor, Author, Subject, field};
use afpi_platform::state::App;

/// The largest file that goes by mail. In the letter it is a third longer, and many servers take 10 MiB.
pub const LARGEST: i64 = 7 << 20;

/// Runs jobs of kind [`super::KIND`].
pub struct SendHandler {
    app: App,
    mailer: Mailer,
    from: Mailbox,
}

/// The wait after this attempt, from 1. A server that is away for a weekend misses nothing.
pub fn pause(attempt: u32) -> Duration {
    const MINUTE: u64 = 60;
    let minutes = match attempt {
        1 => 1,
        2 => 5,
        3 => 20,
        4 => 60,
        5 => 4 * 60,
        6 => 12 * 60,
        _ => 24 * 60,
    };
    Duration::from_secs(minutes * MINUTE)
}

/// A problem that is not the letter's.
fn later(error: impl Into<Error>) -> JobError {
    JobError::retry(error.into().kind().code())
}

#[async_trait]
impl Handler for SendHandler {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        let id = job.payload["sending"].as_str().and_then(|id| Uuid::parse_str(id).ok());
        let id = id.ok_or_else(|| JobError::fail("no sending named"))?;
        let found = store::waiting(&mut self.app.db.read().await.map_err(later)?, id).await.map_err(later)?;
        let Some(waiting) = found else { return Ok(()) };
        let now = Instant::now();
        let refusal = self.deliver(id, &waiting).await?.err();
        let pause = pause(job.attempt);
        let outcome = match &refusal {
            None if matches!(self.mailer, Mailer::Files(_)) => Outcome::Filed,
            None => Outcome::Sent,
            Some(refusal) if refusal.cause.is_final() || job.last_attempt => Outcome::Failed(refusal.cause),
            Some(refusal) => Outcome::Retrying(refusal.cause, now + pause),
        };
        let word = if refusal.is_none() { "sent" } else { "failed" };
        self.app.metrics.mails.with_label_values(&[word]).inc();
        let key = job.id.to_string();
        let correlation = job.correlation_id.as_deref().unwrap_or(&key);
        self.settle(id, &waiting, outcome, correlation).await.map_err(later)?;
        match (outcome, refusal) {
            (Outcome::Retrying(..), Some(refusal)) => Err(JobError::retry_after(refusal.message(), pause)),
            _ => Ok(()),
        }
    }
}

impl SendHandler {
    pub fn new(app: App) -> anyhow::Result<Arc<SendHandler>> {
        let (mailer, from) = (Mailer::new(&app.config)?, mailer::sender(&app.config)?);
        Ok(Arc::new(SendHandler { app, mailer, from }))
    }

    /// Hands the letter over. The inner error is the letter's.
    async fn deliver(&self, id: Uuid, waiting: &Waiting) -> Result<Result<(), mailer::Refusal>, JobError> {
        let Some(pdf) = self.read(waiting).await.map_err(later)? else {
            return Ok(Err(Cause::TooLarge.into()));
        };
        match compose(&self.from, id, waiting, pdf) {
            Ok(letter) => Ok(self.mailer.send(letter).await),
            Err(error) => {
                tracing::error!(sending = %id, error.cause = %error, "a letter cannot be composed");
                Ok(Err(Cause::Refused.into()))
            }
        }
    }

    /// The file; `None` when it is too large for a mail.
    async fn read(&self, waiting: &Waiting) -> Result<Option<Vec<u8>>> {
        let sha256 = waiting.sha256.as_deref().ok_or_else(afpi_core::error::not_found)?;
        let (key, size) = content::kept(&mut self.app.db.read().await?, sha256).await?;
        if size > LARGEST {
            return Ok(None);
        }
        let parts: Vec<_> =
            self.app.files.read(&key).await.map_err(content::lost)?.try_collect().await.map_err(content::lost)?;
        Ok(Some(parts.concat()))
    }

    /// Writes the outcome and, once it is final, a line of the opportunité's journal. The reminder that a failed letter
    /// was is due again.
    async fn settle(&self, id: Uuid, waiting: &Waiting, outcome: Outcome, correlation_id: &str) -> Result<()> {
        afpi_db::retry(|| async {
            let now = Instant::now();
            let mut tx = self.app.db.begin().await?;
            if !store::settle(&mut tx, id, outcome, now).await? {
                return Ok(());
            }
            let told = super::told(&waiting.title, &waiting.recipients.0);
            let line = match outcome {
                Outcome::Sent => Some(field("documentSent", Value::Null, told)),
                Outcome::Failed(cause) => {
                    let why = super::words(cause.into()).fr;
                    Some(field("documentRefused", Value::Null, format!("{told} : {why}")))
                }
                Outcome::Filed | Outcome::Retrying(..) => None,
            };
            if let Some(line) = line {
                let author = Author { actor: Actor::Person(waiting.created_by), correlation_id };
                let subject = Subject::Opportunite(waiting.opportunite_id);
                author.on(subject, Some(waiting.localisation_id)).record(&mut tx, Activity::Edited, vec![line]).await?;
            }
            if let (Outcome::Failed(_), Some(step)) = (outcome, waiting.reminder) {
                facturation::unmark_reminder(&mut tx, PieceId::from(waiting.about_id), step).await?;
            }
            Ok::<_, Error>(tx.commit().await?)
        })
        .await
    }
}

/// The letter: from the site's own address if it has one; then the address that the server lets us use is the sender
/// (RFC 5322 § 3.6.2).
fn compose(from: &Mailbox, id: Uuid, waiting: &Waiting, pdf: Vec<u8>) -> anyhow::Result<Message> {
    let person = mailbox(Some(&waiting.sender), &waiting.sender_email)?;
    let own = waiting.site_email.as_deref().and_then(|address| mailbox(Some(&waiting.site), address).ok());
    let site = own.unwrap_or_else(|| Mailbox::new(Some(afpi_text::salvage(&waiting.site)), from.email.clone()));
    let mut letter = Message::builder()
        .message_id(Some(format!("<{id}@{}>", from.email.domain())))
        .reply_to(person.clone())
        .subject(afpi_text::salvage(&waiting.subject));
    if site.email != from.email {
        letter = letter.sender(from.clone());
    }
    letter = letter.from(site);
    for address in &waiting.recipients.0 {
        letter = letter.to(mailbox(None, address)?);
    }
    if waiting.copied {
        letter = letter.cc(person);
    }
    // No server may change a line break in it: a signed or archived file would be another one.
    let content = Body::new_with_encoding(pdf, ContentTransferEncoding::Base64);
    let content = content.map_err(|_| anyhow::anyhow!("the file cannot be coded"))?;
    let name = format!("{}.pdf", waiting.file_name);
    let file = Attachment::new(name).body(content, ContentType::parse("application/pdf")?);
    let parts = MultiPart::mixed().singlepart(SinglePart::plain(waiting.body.clone())).singlepart(file);
    Ok(letter.multipart(parts)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting() -> Waiting {
        Waiting {
            recipients: afpi_db::Json(vec!["client@exemple.fr".into(), "paie@société.fr".into()]),
            copied: true,
            subject: "Votre devis D-2026-0042".into(),
            body: "Bonjour,\n\nVoici notre devis.".into(),
            reminder: None,
            created_by: Uuid::nil().into(),
            title: "Devis D-2026-0042".into(),
            file_name: "DEV-2026-0042".into(),
            sha256: None,
            about_id: Uuid::nil(),
            opportunite_id: Uuid::nil().into(),
            localisation_id: Uuid::nil().into(),
            sender: "Camille Moreau".into(),
            sender_email: "camille@afpi.test".into(),
            site: "AFPI Lille".into(),
            site_email: None,
        }
    }

    fn written(waiting: &Waiting) -> String {
        let from: Mailbox = "AFPI CRM <crm@afpi.test>".parse().unwrap();
        let letter = compose(&from, Uuid::nil(), waiting, b"%PDF-1.7".to_vec()).unwrap();
        String::from_utf8(letter.formatted()).unwrap()
    }

    #[test]
    fn a_letter_comes_from_the_site_and_is_answered_to_the_sender() {
        let text = written(&waiting());
        for line in [
            "From: \"AFPI Lille\" <crm@afpi.test>",
            "Reply-To: \"Camille Moreau\" <camille@afpi.test>",
            "Cc: \"Camille Moreau\" <camille@afpi.test>",
            "To: client@exemple.fr, paie@xn--socit-esab.fr",
            "Message-ID: <00000000-0000-0000-0000-000000000000@afpi.test>",
            "Content-Type: application/pdf",
        ] {
            assert!(text.lines().any(|sent| sent == line), "{line} in\n{text}");
        }
        assert!(text.contains("JVBERi0xLjc=") && !text.contains("Sender:"), "{text}");
    }

    #[test]
    fn the_address_of_a_site_is_the_author_and_ours_the_sender() {
        let text = written(&Waiting { site_email: Some("lille@afpi.test".into()), copied: false, ..waiting() });
        for line in ["From: \"AFPI Lille\" <lille@afpi.test>", "Sender: \"AFPI CRM\" <crm@afpi.test>"] {
            assert!(text.lines().any(|sent| sent == line), "{line} in\n{text}");
        }
        assert!(!text.contains("\nCc:"), "{text}");
    }

    #[test]
    fn what_was_stored_adds_no_header() {
        let text = written(&Waiting {
            subject: "Devis\r\nBcc: tous@exemple.fr".into(),
            sender: "Camille\nBcc: tous@exemple.fr".into(),
            site: "AFPI\r\nBcc: tous@exemple.fr".into(),
            ..waiting()
        });
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
        let hostile = Waiting { recipients: afpi_db::Json(vec!["a@b.fr\r\nBcc: c@d.fr".into()]), ..waiting() };
        let from: Mailbox = "AFPI CRM <crm@afpi.test>".parse().unwrap();
        assert!(compose(&from, Uuid::nil(), &hostile, Vec::new()).is_err());
    }
}
