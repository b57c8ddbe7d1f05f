//! Renders documents: template and data become a PDF, with the electronic invoice in it where there is one.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use afpi_db::{Conn, sql};
use afpi_documents::{Attachment, Error as Failure, Job, Output, Package, Relationship, Rendered};
use afpi_einvoice::model::Profile;
use afpi_jobs::{Handler, JobContext, JobError};
use async_trait::async_trait;
use bytes::Bytes;
use chrono::NaiveTime;
use serde_json::json;

use super::sendings;
use super::store::{self, Composed, Waiting};
use crate::content::{self, Referrer};
use crate::entites;
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Error, ErrorKind, Result, internal, unavailable};
use afpi_core::id::{DocumentId, LocalisationId};
use afpi_core::text::text;
use afpi_platform::events::{self, Event, Record};
use afpi_platform::state::App;

/// The name of the invoice inside a PDF (Factur-X 1.0, 6.2.2).
const INVOICE: &str = "factur-x.xml";

/// Runs jobs of kind [`super::RENDER`].
pub struct RenderHandler(App);

impl RenderHandler {
    pub fn new(app: App) -> Arc<RenderHandler> {
        Arc::new(RenderHandler(app))
    }
}

/// Why a document is not there.
enum Trouble {
    /// It would fail again: the word in `documents.problem`.
    ForGood(&'static str),
    /// Later it may work.
    Later(&'static str),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Trouble {
        Trouble::Later(error.kind().code())
    }
}

#[async_trait]
impl Handler for RenderHandler {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        let id = job.payload["document"].as_str().and_then(|id| id.parse().ok());
        let id: DocumentId = id.ok_or_else(|| JobError::fail("no document named"))?;
        let key = job.id.to_string();
        let correlation = job.correlation_id.as_deref().unwrap_or(&key);
        let problem = match make(&self.0, id, correlation).await {
            Ok(()) => return Ok(()),
            Err(Trouble::ForGood(word)) => word,
            Err(Trouble::Later(word)) if job.last_attempt => word,
            Err(Trouble::Later(word)) => return Err(JobError::retry(word)),
        };
        let failed = afpi_db::retry(|| async {
            let mut tx = self.0.db.begin().await?;
            store::fail(&mut tx, id, problem).await?;
            Ok::<_, Error>(tx.commit().await?)
        });
        failed.await.map_err(|error| JobError::retry(error.kind().code()))?;
        tracing::warn!(document = %id, problem, "a document could not be made");
        Ok(())
    }
}

async fn make(app: &App, id: DocumentId, correlation_id: &str) -> Result<(), Trouble> {
    let found = store::waiting(&mut app.db.read().await.map_err(Error::from)?, id).await.map_err(Error::from)?;
    let Some(document) = found.filter(|found| found.state != "ready") else { return Ok(()) };
    let composed = &document.composition.0;
    let (plugin, version) = (&document.plugin_id, &document.plugin_version);
    let ground = Ground::of(app, document.localisation_id, plugin, version).await?;
    let invoice = match &composed.invoice {
        Some(json) => Some(cii(json).ok_or(Trouble::ForGood("invoice"))?),
        None => None,
    };
    let embedded = invoice.as_ref().filter(|(profile, _)| *profile == Profile::En16931).map(|(_, xml)| xml);
    let output = Output::Pdf { archival: document.archival, attachments: attachments(composed, embedded) };
    // Numbers are distinct within a legal entity only.
    let identifier = format!("{}/{}", document.opportunite_id, composed.file_name);
    let job = Job { identifier, ..job(ground, composed, &document.language, document.dated, output)? };
    let (mut pdf, pages) = match app.documents.render_in_batch(job).await {
        Ok(Rendered::Pdf { bytes, pages }) => (bytes, pages),
        Ok(Rendered::Svg(_)) => return Err(Trouble::ForGood("template")),
        Err(error) => return Err(trouble(&error)),
    };
    if embedded.is_some() {
        pdf = afpi_einvoice::facturx::mark(&pdf).map_err(|error| {
            tracing::error!(document = %id, error.cause = %error, "the invoice cannot be named in the PDF");
            Trouble::ForGood("template")
        })?;
    }
    if let Some((_, xml)) = invoice {
        keep(app, "invoice.xml", xml, &InvoiceOf { id }).await?;
    }
    let made = MadeOf { id, pages, document: &document, correlation_id };
    keep(app, &format!("{}.pdf", composed.file_name), pdf.into(), &made).await?;
    app.jobs.wake();
    Ok(())
}

/// The electronic invoice as XML, with its profile: only EN 16931 goes into a PDF. `None` when it breaks a rule, which is
/// logged.
fn cii(json: &str) -> Option<(Profile, Bytes)> {
    let invoice: afpi_einvoice::model::Invoice = match serde_json::from_str(json) {
        Ok(invoice) => invoice,
        Err(error) => {
            tracing::warn!(error.cause = %error, "a plugin's electronic invoice has another shape");
            return None;
        }
    };
    match afpi_einvoice::issue(&invoice) {
        Ok(xml) => Some((invoice.profile, xml.into())),
        Err(faults) => {
            tracing::warn!(error.cause = ?faults, "an electronic invoice breaks its rules");
            None
        }
    }
}

fn attachments(composed: &Composed, invoice: Option<&Bytes>) -> Vec<Attachment> {
    let data = Attachment {
        name: "data.json".into(),
        media_type: "application/json".into(),
        relationship: Relationship::Supplement,
        description: "Données du document".into(),
        bytes: Bytes::from(composed.data.clone()),
    };
    let invoice = invoice.map(|xml| Attachment {
        name: INVOICE.into(),
        media_type: "text/xml".into(),
        relationship: Relationship::Alternative,
        description: "Facture électronique (CII)".into(),
        bytes: xml.clone(),
    });
    invoice.into_iter().chain([data]).collect()
}

/// Where a document is made: what is of its site and not in its composition.
pub struct Ground {
    pub package: Arc<Package>,
    /// The logo of the legal entity, as `/assets/logo`.
    pub files: BTreeMap<String, Bytes>,
}

impl Ground {
    /// The templates of this version, and the logo of the site's legal entity.
    pub async fn of(app: &App, site: LocalisationId, plugin: &str, version: &str) -> Result<Ground> {
        let package = app.plugins.templates(plugin, version).await?;
        let logo = entites::logo(app, site).await?;
        let files = logo.map(|(_, bytes)| ("/assets/logo".to_owned(), bytes)).into_iter().collect();
        Ok(Ground { package, files })
    }
}

/// The job of the engine. The same composition gives the same job: the date is that of the document.
pub fn job(ground: Ground, composed: &Composed, language: &str, dated: Day, output: Output) -> Result<Job> {
    let Ground { package, files } = ground;
    let data = serde_json::from_str(&composed.data).map_err(|error| internal(format!("stored data: {error}")))?;
    Ok(Job {
        package,
        entry: composed.template.clone(),
        data,
        files,
        date: dated.date().and_time(NaiveTime::MIN).and_utc(),
        title: composed.title.clone(),
        identifier: composed.file_name.clone(),
        lang: language.to_owned(),
        output,
    })
}

fn trouble(error: &Failure) -> Trouble {
    if let Failure::Template(problems) = error {
        tracing::warn!(error.cause = ?problems.first(), "a template does not fit its data");
    }
    match error {
        Failure::Crashed | Failure::Busy | Failure::Unavailable => Trouble::Later(error.word()),
        _ => Trouble::ForGood(error.word()),
    }
}

/// The same as the answer of a request that waits for the document.
pub fn refused(error: &Failure) -> Error {
    match error {
        Failure::Crashed | Failure::Busy | Failure::Unavailable => unavailable("documents"),
        _ => {
            trouble(error);
            let title = text("Le document ne peut pas être fait", "The document cannot be made");
            Error::new(ErrorKind::PluginFailed, title).detail(super::describe::words(error.word()))
        }
    }
}

/// Keeps a file that was made here.
async fn keep(app: &App, name: &str, bytes: Bytes, referrer: &impl Referrer) -> Result<(), Trouble> {
    let body = futures::stream::iter([Ok::<_, Infallible>(bytes)]);
    let received = app.files.receive(name, body).await.map_err(|error| {
        tracing::warn!(error.cause = %error, "a document is not kept");
        Trouble::Later("unavailable")
    })?;
    Ok(content::keep(app, &received, referrer).await?)
}

/// The electronic invoice of a document.
struct InvoiceOf {
    id: DocumentId,
}

impl Referrer for InvoiceOf {
    async fn refer(&self, tx: &mut Conn, sha256: &str) -> Result<()> {
        let query = sql("UPDATE documents SET invoice_sha256 = ? WHERE id = ? AND state <> 'ready'");
        Ok(query.bind(sha256).bind(self.id).execute(tx).await.map(drop)?)
    }
}

/// The document is ready: the row and the event.
struct MadeOf<'a> {
    id: DocumentId,
    pages: u32,
    document: &'a Waiting,
    correlation_id: &'a str,
}

impl Referrer for MadeOf<'_> {
    async fn refer(&self, tx: &mut Conn, sha256: &str) -> Result<()> {
        let now = Instant::now();
        let query = sql(
            "UPDATE documents SET state = 'ready', problem = NULL, sha256 = ?, pages = ?, made_at = ? WHERE id = ? AND state <> 'ready'",
        );
        let query = query.bind(sha256).bind(i64::from(self.pages)).bind(now).bind(self.id);
        if query.execute(tx).await? == 0 {
            return Ok(());
        }
        sendings::release(tx, self.id, self.correlation_id).await?;
        let document = self.document;
        let event = Event {
            name: "document.made".into(),
            at: now,
            site_id: document.localisation_id,
            actor_id: document.created_by,
            about: Some(Record::Opportunite(document.opportunite_id)),
            data: json!({
                "document": self.id, "kind": document.kind, "title": document.composition.0.title, "sha256": sha256,
            }),
            depth: 0,
        };
        events::emit(tx, &event, self.correlation_id).await
    }
}
