//! `/api/documents/{id}/sendings`: the mails that take a document to somebody. A person writes one from the plugin's
//! proposal; a job sends it with the PDF. What the mail server says comes later: `state`.

mod concerned;
mod enclosures;
mod letter;
mod recipients;
mod store;

use std::collections::HashMap;

use afpi_db::{Conn, Json as Stored, sql};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

pub(super) use concerned::{Belongs, queued};
pub use enclosures::Enclosure;
pub(super) use enclosures::copies;
pub use letter::SendHandler;
pub(super) use recipients::Recipient;
pub(super) use store::{NewSending, insert, release};

use super::catalogue;
use super::describe;
use super::store::{Composed, Mail};
use super::subject::About;
use crate::facturation;
use crate::mailer::Cause;
use crate::opportunites::stored::{self, StoredOpportunite};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, field, forbidden, invalid, too_large};
use afpi_core::id::{DocumentId, LocalisationId, PieceId};
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_core::text::{Text, text};
use afpi_http::bounds::{List, RecordId};
use afpi_http::input::{Body, Id};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::{Email, Line, Prose};
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::Author;
use afpi_platform::state::App;

/// The kind of the jobs that send a document.
pub const KIND: &str = "document-mail";

/// The longest subject of a mail, in characters.
const LONGEST_SUBJECT: usize = 200;

/// A mail with a document.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = NewDocumentSending)]
pub struct NewMail {
    /// At least one.
    #[validate(nested)]
    to: Addresses,
    /// A copy to the sender?
    #[serde(default)]
    copy: bool,
    #[validate(nested)]
    subject: Line<200>,
    #[validate(nested)]
    body: Prose<10_000>,
    /// Further documents that go with it, e.g. those of the proposal.
    #[serde(default)]
    #[validate(nested)]
    enclosures: Enclosed,
}

/// The recipients of one mail.
pub type Addresses = List<Email, 20>;
/// The ids of documents that go with one mail.
pub type Enclosed = List<RecordId, 100>;

/// A mail with a document, and what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DocumentSending)]
pub struct Sending {
    pub id: Uuid,
    /// Addresses.
    pub to: Vec<String>,
    pub copy: bool,
    pub subject: String,
    pub body: String,
    /// The titles of the documents that went with it.
    pub enclosures: Vec<String>,
    /// `waiting`; `retrying`; `sent`: the mail server took it; `filed`: no mail server is set up, it lies in a folder of
    /// the server; `failed`.
    pub state: String,
    /// Why it failed, or is tried again.
    pub problem: Option<Text>,
    /// When it is tried again.
    pub next_at: Option<Instant>,
    pub created_at: Instant,
    pub sender: String,
    pub sent_at: Option<Instant>,
}

/// The mails of a document, and what the next one can say.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DocumentSendings)]
pub struct Sendings {
    proposal: Proposal,
    /// The newest first.
    data: Vec<Sending>,
}

/// What a mail with this document can say.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DocumentMailProposal)]
pub struct Proposal {
    subject: String,
    body: String,
    recipients: Vec<Recipient>,
    /// Documents to send with it: with a reminder, copies of its invoices.
    enclosures: Vec<Enclosure>,
    /// The name of the site, which the mail comes from.
    from: String,
    /// Where answers go, and the copy: the caller's address.
    reply_to: String,
    /// The document, in bytes, once it is made.
    size: Option<i64>,
    /// Is a mail server set up? Otherwise mails stay in a folder of the server.
    mail_server: bool,
}

/// What people read for the reason why a mail did not get through.
pub(super) fn words(problem: &str) -> Text {
    match problem.parse() {
        Ok(Cause::Address) => text(
            "Une adresse est refusée : corrigez-la et envoyez à nouveau.",
            "An address is refused: correct it and send again.",
        ),
        Ok(Cause::TooLarge) => {
            text("Le document est trop lourd pour un e-mail.", "The document is too large for a mail.")
        }
        Ok(Cause::Policy) => text(
            "Le serveur de messagerie n'accepte pas nos envois : prévenez l'administrateur.",
            "The mail server does not take our mails: tell the administrator.",
        ),
        Ok(Cause::Busy) => text("Le serveur de messagerie demande d'attendre.", "The mail server asks to wait."),
        Ok(Cause::Unreachable) => text("Le serveur de messagerie ne répond pas.", "The mail server does not answer."),
        Ok(Cause::Refused) | Err(_) => {
            text("Le serveur de messagerie refuse cet envoi.", "The mail server refuses this mail.")
        }
    }
}

/// What a line of the journal says: the document, and who gets it.
fn told(title: &str, recipients: &[String]) -> String {
    format!("{title} → {}", recipients.join(", "))
}

/// The last sending of each of these documents.
pub(super) async fn latest(conn: &mut Conn, documents: &[DocumentId]) -> Result<HashMap<DocumentId, Sending>> {
    store::latest(conn, documents).await
}

/// A mail's subject and text: what the plugin wrote, and below it what the site says in every mail. Without a text of
/// the plugin the title of the document is the subject.
pub(super) async fn mail(conn: &mut Conn, site: LocalisationId, language: &str, composed: &Composed) -> Result<Mail> {
    let query = sql("SELECT mail_closing_fr, mail_closing_en FROM localisations WHERE id = ?").bind(site);
    let (fr, en): (Option<String>, Option<String>) = query.one(conn).await?;
    let closing = if language == "en" { en } else { fr };
    let mail = composed.mail.clone();
    let Mail { subject, body } = mail.unwrap_or_else(|| Mail { subject: composed.title.clone(), body: String::new() });
    let subject = subject.chars().take(LONGEST_SUBJECT).collect();
    let parts = [Some(body), closing].into_iter().flatten().filter(|part| !part.is_empty());
    Ok(Mail { subject, body: parts.collect::<Vec<_>>().join("\n\n") })
}

/// The people who may get a document about this. Hold no connection: the workflow is asked for its forms.
pub(super) async fn people(
    app: &App,
    scope: &Scope,
    opportunite: &StoredOpportunite,
    about: (About, Uuid),
) -> Result<Vec<Recipient>> {
    let (_, definition) = app.plugins.workflow(opportunite.localisation_id).await?;
    let named = definition.contacts(&opportunite.documents()?);
    recipients::of(&mut app.db.read().await?, scope, opportunite, about, &named).await
}

/// List the mails of a document, with a proposal for the next one.
#[utoipa::path(get, path = "/{id}/sendings", operation_id = "listDocumentSendings", tag = "documents",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Sendings), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn list(State(app): State<App>, caller: Caller, Id(id): Id<DocumentId>) -> ApiResult<Json<Sendings>> {
    let mut conn = app.db.read().await?;
    let document = describe::row(&mut conn, id).await?;
    let opportunite = stored::load(&mut conn, &caller.scope(), document.opportunite_id).await?;
    let site = opportunite.localisation_id;
    let (Stored(composed), from): (Stored<Composed>, String) = sql(
        "SELECT d.composition, l.name FROM documents d JOIN localisations l ON l.id = d.localisation_id WHERE d.id = ?",
    )
    .bind(id)
    .one(&mut conn)
    .await?;
    let Mail { subject, body } = mail(&mut conn, site, &document.language, &composed).await?;
    let reminded = concerned::reminded(&mut conn, id).await?;
    let pieces: Vec<PieceId> = reminded.into_iter().map(|(piece, _)| piece).collect();
    let enclosures = copies(&mut conn, &caller.scope(), &pieces).await?;
    let data = store::of(&mut conn, &[id]).await?.into_iter().map(|(_, sending)| sending).collect();
    drop(conn);
    let about = document.about.parse().unwrap_or(About::Opportunite);
    let recipients = people(&app, &caller.scope(), &opportunite, (about, document.about_id)).await?;
    let (reply_to, mail_server) = (caller.email.clone(), app.config.smtp_url.is_some());
    let size = document.size;
    let proposal = Proposal { subject, body, recipients, enclosures, from, reply_to, size, mail_server };
    Ok(Json(Sendings { proposal, data }))
}

/// Send a document by mail. The answer comes before the mail server's: the sending's `state` tells. A document that is
/// still being made is sent once it is ready; one that could not be made answers 409, one that is too large 413.
#[utoipa::path(post, path = "/{id}/sendings", operation_id = "sendDocument", tag = "documents",
    params(("id" = Uuid, Path)), request_body = NewMail,
    responses((status = 202, body = Sending), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 413, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<DocumentId>,
    Body(input): Body<NewMail>,
) -> ApiResult<(StatusCode, Json<Sending>)> {
    caller.require(Action::OpportunitesAttach)?;
    if input.to.is_empty() {
        let message = text("Indiquez un destinataire.", "Name a recipient.");
        return Err(invalid(vec![field("/to", "required", message)]).into());
    }
    let act = Act::begin(&app, &caller, request.as_str());
    let ids: Vec<DocumentId> = input.enclosures.iter().map(|id| id.0.into()).collect();
    let (document, enclosures) = {
        let mut conn = app.db.read().await?;
        let row = describe::row(&mut conn, id).await?;
        stored::load(&mut conn, &caller.scope(), row.opportunite_id).await?;
        (row, enclosures::chosen(&mut conn, &caller.scope(), &ids).await?)
    };
    // Hold no connection while plugins are asked.
    let site = document.localisation_id;
    let offered = catalogue::offered(&app, site, &act.context()).await;
    let offered = offered.into_iter().find(|offered| offered.kind.id == document.kind);
    if !offered.is_some_and(|offered| offered.is_for(&caller)) {
        return Err(forbidden().into());
    }
    if document.state == "failed" {
        let title = text("Ce document n'a pas pu être fait", "This document could not be made");
        return Err(Error::new(ErrorKind::Conflict, title).into());
    }
    let size = document.size.unwrap_or_default() + enclosures.iter().map(|one| one.size).sum::<i64>();
    if size > letter::LARGEST {
        let mib = letter::LARGEST >> 20;
        let detail = text(
            format!("Des documents de plus de {mib} Mio ne partent pas par e-mail."),
            format!("Documents of more than {mib} MiB do not go by mail."),
        );
        return Err(too_large().detail(detail).into());
    }
    let sending = afpi_db::retry(|| write(act, &document, &ids, &input)).await?;
    app.jobs.wake();
    Ok((StatusCode::ACCEPTED, Json(sending)))
}

/// Writes the row, the marks of a reminder, the lines of the journal and the job, in one transaction.
async fn write(act: Act<'_>, document: &describe::Row, enclosures: &[DocumentId], input: &NewMail) -> Result<Sending> {
    let mut tx = act.app.db.begin().await?;
    stored::load(&mut tx, &act.caller.scope(), document.opportunite_id).await?;
    let new = NewSending {
        recipients: input.to.iter().map(|address| address.as_str().to_owned()).collect(),
        copied: input.copy,
        subject: input.subject.as_str(),
        body: input.body.as_str(),
        by: act.caller.id,
        now: act.now,
        enclosures: enclosures.to_vec(),
    };
    let sending = insert(&mut tx, document.id, &new, act.correlation_id).await?;
    let steps = concerned::reminded(&mut tx, document.id).await?;
    facturation::mark_reminders(&mut tx, &steps, sending, act.caller.id, act.now).await?;
    let author = Author::of(act.caller, act.correlation_id);
    let (opportunite, site) = (document.opportunite_id, document.localisation_id);
    let of = Belongs { document: document.id, opportunite, site };
    queued(&mut tx, author, of, sending, (&document.title, &new)).await?;
    let sending = latest(&mut tx, &[document.id]).await?.remove(&document.id);
    let sending = sending.ok_or_else(|| afpi_core::error::internal("a sending that was just written"))?;
    idempotency::done(&mut tx, StatusCode::ACCEPTED, None).await?;
    tx.commit().await?;
    Ok(sending)
}
