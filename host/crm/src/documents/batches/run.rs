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
use crate::documents::sendings::{self, NewSending};
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
            let made = match self.compose(file, &item, now, correlation).await {
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
        let wanted = Wanted { offered, subject, session: item.session_id, language, by: Some(item.created_by), now };
        let context = context(Locale::Fr, correlation);
        let composed = compose::compose(&context, &file.opportunite, &file.material, wanted).await?;
        Ok(composed.map_err(|lacks| lacking(&lacks)))
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
        let mut tx = self.0.db.begin().await?;
        if !store::take(&mut tx, batch, item.position).await? {
            return Ok(());
        }
        let new = match made {
            Ok(new) => new,
            Err(why) => {
                store::refuse(&mut tx, batch, item.position, why).await?;
                return Ok(tx.commit().await?);
            }
        };
        let recipients = item.recipients.0.clone();
        if let (Some(step), false) = (item.reminder, recipients.is_empty()) {
            let piece = PieceId::from(item.subject_id);
            if !facturation::mark_reminder(&mut tx, piece, step, item.created_by, now).await? {
                let why = text("Cette relance est déjà envoyée.", "This reminder was sent already.");
                store::refuse(&mut tx, batch, item.position, &why).await?;
                return Ok(tx.commit().await?);
            }
        }
        let document = documents::insert(&mut tx, new, now, correlation).await?;
        let author = Author { actor: Actor::Person(item.created_by), correlation_id: correlation };
        let told = vec![field("document", Value::Null, new.composed.title.as_str())];
        let subject = JournalSubject::Opportunite(new.opportunite);
        author.on(subject, Some(new.site)).record(&mut tx, Activity::Edited, told).await?;
        let mut sending = None;
        if !recipients.is_empty() {
            let Mail { subject, body } = sendings::mail(&mut tx, new.site, new.language, &new.composed).await?;
            let mail = NewSending {
                recipients,
                copied: false,
                subject: &subject,
                body: &body,
                by: item.created_by,
                now,
                reminder: item.reminder,
            };
            sending = Some(sendings::insert(&mut tx, document, &mail, correlation).await?);
            sendings::queued(&mut tx, author, new.opportunite, new.site, (&new.composed.title, &mail)).await?;
        }
        store::made(&mut tx, batch, item.position, document, sending).await?;
        Ok(tx.commit().await?)
    }
}

/// What a document lacks, as a sentence.
fn lacking(lacks: &[Blocker]) -> Text {
    let joined = |of: fn(&Text) -> &str| lacks.iter().map(|lack| of(&lack.message)).collect::<Vec<_>>().join(" ");
    let (fr, en) = (joined(|text| &text.fr), joined(|text| &text.en));
    text(format!("Il manque : {fr}"), format!("Missing: {en}"))
}
