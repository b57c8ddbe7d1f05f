//! The job that makes a batch. It goes on where it was stopped: each document is made, and its mail queued, in one
//! transaction with the mark that it is done.

use std::sync::Arc;

use afpi_jobs::{Handler, JobContext, JobError};
use async_trait::async_trait;
use uuid::Uuid;

use super::store::{self, Item};
use crate::documents::catalogue::{self, Offered};
use crate::documents::compose::{self, Wanted};
use crate::documents::material::Material;
use crate::documents::sendings::{self, Belongs, NewSending};
use crate::documents::store::{self as documents, Mail, NewDocument};
use crate::documents::subject::Subject;
use crate::facturation;
use crate::opportunites::read::Blocker;
use crate::opportunites::stored::{self, StoredOpportunite};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result};
use afpi_core::id::PieceId;
use afpi_core::scope::{Loaded, Scope};
use afpi_core::text::{Locale, Text, text};
use afpi_platform::journal::{Activity, Actor, Author, Subject as JournalSubject, field};
use afpi_platform::plugins::context;
use afpi_platform::state::App;
use serde_json::Value;

/// Runs jobs of kind [`super::KIND`].
pub struct BatchHandler(App);

impl BatchHandler {
    pub fn new(app: App) -> Arc<BatchHandler> {
        Arc::new(BatchHandler(app))
    }
}

/// The opportunité of the documents that are being made, read once for all that follow each other.
struct File {
    opportunite: Loaded<StoredOpportunite>,
    material: Material,
    offered: Vec<Offered>,
}

fn later(error: impl Into<Error>) -> JobError {
    JobError::retry(error.into().kind().code())
}

#[async_trait]
impl Handler for BatchHandler {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        let batch = job.payload["batch"].as_str().and_then(|id| Uuid::parse_str(id).ok());
        let batch = batch.ok_or_else(|| JobError::fail("no batch named"))?;
        let key = job.id.to_string();
        let correlation = job.correlation_id.as_deref().unwrap_or(&key);
        let items = store::waiting(&mut self.0.db.read().await.map_err(later)?, batch).await.map_err(later)?;
        let mut file: Option<File> = None;
        for item in items {
            if job.cancelled().is_cancelled() {
                return Err(JobError::retry("stopped"));
            }
            let now = Instant::now();
            if file.as_ref().is_none_or(|file| file.opportunite.id != item.opportunite_id) {
                file = Some(self.open(&item, correlation).await.map_err(later)?);
            }
            let Some(file) = &file else { continue };
            let made = match self.compose(file, batch, &item, now, correlation).await {
                Ok(made) => made,
                // A plugin that fails may do better later. What it refuses, it refuses again.
                Err(error) if error.kind().is_failure() && !job.last_attempt => return Err(later(error)),
                Err(error) => Err(error.reason()),
            };
            let written = afpi_db::retry(|| self.write(batch, &item, &made, now, correlation));
            written.await.map_err(later)?;
            self.0.jobs.wake();
        }
        Ok(())
    }
}

impl BatchHandler {
    /// The person who asked for the batch reads the opportunité: it was planned in his scope.
    async fn open(&self, item: &Item, correlation: &str) -> Result<File> {
        let (opportunite, material) = {
            let mut conn = self.0.db.read().await?;
            let opportunite = stored::load(&mut conn, &Scope::All, item.opportunite_id).await?;
            let material = Material::load(&mut conn, &opportunite).await?;
            (opportunite, material)
        };
        let context = context(Locale::Fr, correlation);
        let offered = catalogue::offered(&self.0, opportunite.localisation_id, &context).await;
        Ok(File { opportunite, material, offered })
    }

    /// The document, or why it cannot be made.
    async fn compose<'a>(
        &self,
        file: &'a File,
        batch: Uuid,
        item: &'a Item,
        now: Instant,
        correlation: &str,
    ) -> Result<Result<NewDocument<'a>, Text>> {
        let Some(offered) = file.offered.iter().find(|offered| offered.kind.id == item.kind) else {
            return Ok(Err(text(
                "Aucune extension de ce site ne fait ce document.",
                "No plugin of this site makes this document.",
            )));
        };
        let subject = Subject { id: item.subject_id, day: None };
        if !file.material.subjects(offered).iter().any(|(known, _)| *known == subject) {
            return Ok(Err(text("Ce dont il parle n'existe plus.", "What it is about is gone.")));
        }
        let known = offered.kind.languages.iter().find(|known| **known == item.language);
        let language = known.unwrap_or(&offered.kind.languages[0]);
        let (reminds, claims) = {
            let mut conn = self.0.db.read().await?;
            let reminds = store::reminds(&mut conn, batch, item.position).await?;
            let pieces: Vec<PieceId> = reminds.iter().map(|(piece, _)| *piece).collect();
            (reminds, facturation::claims(&mut conn, &pieces).await?)
        };
        if claims.len() < reminds.len() {
            return Ok(Err(text(
                "Une de ces factures a été réglée ou contestée entre-temps.",
                "One of these invoices was paid or disputed meanwhile.",
            )));
        }
        let claims: Vec<Value> = claims.into_iter().map(|claim| claim.dossier).collect();
        let (session, by) = (item.session_id, Some(item.created_by));
        let wanted = Wanted { offered, subject, session, language, by, now, claims: &claims };
        let context = context(Locale::Fr, correlation);
        let composed = compose::compose(&context, &file.opportunite, &file.material, wanted).await?;
        Ok(composed.map(|new| NewDocument { reminds, ..new }).map_err(|lacks| lacking(&lacks)))
    }

    /// Writes the document with its mail, or the reason why there is none.
    async fn write(
        &self,
        batch: Uuid,
        item: &Item,
        made: &Result<NewDocument<'_>, Text>,
        now: Instant,
        correlation: &str,
    ) -> Result<()> {
        let problem = match made {
            Ok(new) => match self.send(batch, item, new, now, correlation).await? {
                Sent::Done => return Ok(()),
                Sent::Before => {
                    text("Une de ces relances est déjà envoyée.", "One of these reminders was sent already.")
                }
            },
            Err(why) => why.clone(),
        };
        let mut tx = self.0.db.begin().await?;
        if store::take(&mut tx, batch, item.position).await? {
            store::refuse(&mut tx, batch, item.position, &problem).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Writes the document with its mail and the marks of its reminders, or nothing of it.
    async fn send(
        &self,
        batch: Uuid,
        item: &Item,
        new: &NewDocument<'_>,
        now: Instant,
        correlation: &str,
    ) -> Result<Sent> {
        let mut tx = self.0.db.begin().await?;
        if !store::take(&mut tx, batch, item.position).await? {
            return Ok(Sent::Done);
        }
        let document = documents::insert(&mut tx, new, now, correlation).await?;
        let author = Author { actor: Actor::Person(item.created_by), correlation_id: correlation };
        let told = vec![field("document", Value::Null, new.composed.title.as_str())];
        let subject = JournalSubject::Opportunite(new.opportunite);
        author.on(subject, Some(new.site)).record(&mut tx, Activity::Edited, told).await?;
        let recipients = item.recipients.0.clone();
        if recipients.is_empty() {
            store::made(&mut tx, batch, item.position, document, None).await?;
            tx.commit().await?;
            return Ok(Sent::Done);
        }
        let Mail { subject, body } = match (&item.mail_subject, &item.mail_body) {
            (Some(subject), Some(body)) => Mail { subject: subject.clone(), body: body.clone() },
            _ => sendings::mail(&mut tx, new.site, new.language, &new.composed).await?,
        };
        let pieces: Vec<PieceId> = new.reminds.iter().map(|(piece, _)| *piece).collect();
        // The person who asked for the batch reads them: it was planned in his scope.
        let enclosures = sendings::copies(&mut tx, &Scope::All, &pieces).await?;
        let mail = NewSending {
            recipients,
            copied: false,
            subject: &subject,
            body: &body,
            by: item.created_by,
            now,
            enclosures: enclosures.into_iter().map(|copy| copy.id).collect(),
        };
        let sending = sendings::insert(&mut tx, document, &mail, correlation).await?;
        let marked = facturation::mark_reminders(&mut tx, &new.reminds, sending, item.created_by, now).await?;
        if marked < new.reminds.len() {
            return Ok(Sent::Before);
        }
        let of = Belongs { document, opportunite: new.opportunite, site: new.site };
        sendings::queued(&mut tx, author, of, sending, (&new.composed.title, &mail)).await?;
        store::made(&mut tx, batch, item.position, document, Some(sending)).await?;
        tx.commit().await?;
        Ok(Sent::Done)
    }
}

/// What became of a document that can be made.
enum Sent {
    /// It is written, or was before.
    Done,
    /// Somebody sent one of its reminders before. Nothing is written.
    Before,
}

/// What a document lacks, as a sentence.
fn lacking(lacks: &[Blocker]) -> Text {
    let joined = |of: fn(&Text) -> &str| lacks.iter().map(|lack| of(&lack.message)).collect::<Vec<_>>().join(" ");
    let (fr, en) = (joined(|text| &text.fr), joined(|text| &text.en));
    text(format!("Il manque : {fr}"), format!("Missing: {en}"))
}
