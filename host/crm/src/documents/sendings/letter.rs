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
use super::{Belongs, concerned, enclosures};
use crate::content;
use crate::facturation;
use crate::mailer::{self, Cause, Mailer, mailbox};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result};
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
        let Some(files) = self.read(id, waiting).await.map_err(later)? else {
            return Ok(Err(Cause::TooLarge.into()));
        };
        match compose(&self.from, id, waiting, files) {
            Ok(letter) => Ok(self.mailer.send(letter).await),
            Err(error) => {
                tracing::error!(sending = %id, error.cause = %error, "a letter cannot be composed");
                Ok(Err(Cause::Refused.into()))
            }
        }
    }

    /// The document and what goes with it; `None` when they are too large for a mail.
    async fn read(&self, id: Uuid, waiting: &Waiting) -> Result<Option<Vec<File>>> {
        let sha256 = waiting.sha256.clone().ok_or_else(afpi_core::error::not_found)?;
        let mut wanted = vec![(waiting.file_name.clone(), sha256)];
        let mut keys = Vec::new();
        let mut left = LARGEST;
        {
            let mut conn = self.app.db.read().await?;
            wanted.extend(enclosures::files(&mut conn, id).await?);
            for (name, sha256) in wanted {
                let (key, size) = content::kept(&mut conn, &sha256).await?;
                left -= size;
                keys.push((name, key));
            }
        }
        if left < 0 {
            return Ok(None);
        }
        let mut files = Vec::with_capacity(keys.len());
        for (name, key) in keys {
            let parts: Vec<_> =
                self.app.files.read(&key).await.map_err(content::lost)?.try_collect().await.map_err(content::lost)?;
            files.push(File { name: format!("{name}.pdf"), bytes: parts.concat() });
        }
        Ok(Some(files))
    }

    /// Writes the outcome and, once it is final, a line of the journal of each opportunité that it concerns. The
    /// reminders that a failed letter brought are due again.
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
                let of = Belongs {
                    document: waiting.document_id,
                    opportunite: waiting.opportunite_id,
                    site: waiting.localisation_id,
                };
                for (opportunite, site) in concerned::opportunites(&mut tx, of).await? {
                    let subject = Subject::Opportunite(opportunite);
                    author.on(subject, Some(site)).record(&mut tx, Activity::Edited, vec![line.clone()]).await?;
                }
            }
            if matches!(outcome, Outcome::Failed(_)) {
                facturation::unmark_reminders(&mut tx, id).await?;
            }
            Ok::<_, Error>(tx.commit().await?)
        })
        .await
    }
}

/// A file of a letter.
struct File {
    name: String,
    bytes: Vec<u8>,
}

/// The letter: from the site's own address if it has one; then the address that the server lets us use is the sender
/// (RFC 5322 § 3.6.2).
fn compose(from: &Mailbox, id: Uuid, waiting: &Waiting, files: Vec<File>) -> anyhow::Result<Message> {
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
    let mut parts = MultiPart::mixed().singlepart(SinglePart::plain(waiting.body.clone()));
    for File { name, bytes } in files {
        // No server may change a line break in it: a signed or archived file would be another one.
        let content = Body::new_with_encoding(bytes, ContentTransferEncoding::Base64);
        let content = content.map_err(|_| anyhow::anyhow!("the file cannot be coded"))?;
        parts = parts.singlepart(Attachment::new(name).body(content, ContentType::parse("application/pdf")?));
    }
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
            created_by: Uuid::nil().into(),
            title: "Devis D-2026-0042".into(),
            file_name: "DEV-2026-0042".into(),
            sha256: None,
            document_id: Uuid::nil().into(),
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
        let file = |name: &str, bytes: &[u8]| File { name: name.into(), bytes: bytes.to_vec() };
        let files = vec![file("DEV-2026-0042.pdf", b"%PDF-1.7"), file("FA-2026-0001.pdf", b"%PDF-1.4")];
        let letter = compose(&from, Uuid::nil(), waiting, files).unwrap();
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
        let (first, second) = (text.find("DEV-2026-0042.pdf").unwrap(), text.find("FA-2026-0001.pdf").unwrap());
        assert!(first < second && text.contains("JVBERi0xLjQ="), "the document comes first: {text}");
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
