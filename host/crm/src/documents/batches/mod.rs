//! Many documents that are made and sent with one click: those of a session's trainees, and the reminders that are due.
//! A plan says what would be made and to whom; a batch is what somebody chose of it. One job makes its documents one
//! after the other, each with its mail in one transaction, so that a killed process makes and sends none twice.

mod create;
mod plan;
mod read;
mod reminders;
mod run;
mod store;

use afpi_core::clock::Instant;
use afpi_core::text::Text;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

pub use run::BatchHandler;

use super::sendings::Enclosure;
use crate::opportunites::read::Blocker;
use afpi_core::id::{DocumentId, OpportuniteId, PieceId};
use afpi_core::money::Money;
use afpi_platform::state::App;

/// The kind of the job that makes a batch.
pub const KIND: &str = "document-batch";

/// `/api/document-batches`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read::get))
}

/// Below `/api/sessions`.
pub fn of_session() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(plan::of_session, create::of_session))
}

/// Below `/api/relances`.
pub fn of_relances() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(reminders::plan, reminders::create)).routes(routes!(reminders::preview))
}

/// What could be made at once.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DocumentBatchPlan)]
pub struct Plan {
    /// The kinds of documents that there are for the trainees of a session and that the caller may make. Of reminders
    /// none: each has the kind of its step.
    kinds: Vec<PlanKind>,
    /// Those of the kind that was asked for.
    data: Vec<PlanItem>,
    /// Is a mail server set up? Otherwise mails stay in a folder of the server.
    mail_server: bool,
}

/// A kind of document.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DocumentBatchKind)]
pub struct PlanKind {
    id: String,
    label: Text,
    /// The usual one first.
    languages: Vec<String>,
}

/// A document that could be made.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DocumentBatchPlanItem)]
pub struct PlanItem {
    /// What it is about: a trainee, or the first piece of a reminder.
    subject_id: Uuid,
    #[schema(value_type = Uuid)]
    opportunite_id: OpportuniteId,
    /// The name of the trainee or of the payer.
    label: String,
    kind: String,
    kind_label: Text,
    /// The pieces that a reminder is about, the oldest debt first.
    pieces: Vec<PlanPiece>,
    /// What goes with it: copies of these pieces.
    enclosures: Vec<Enclosure>,
    /// The mail of a reminder as the plugin proposes it, with what the site says in every mail.
    mail: Option<PlanMail>,
    /// Addresses. Without any it is made and not sent.
    recipients: Vec<String>,
    /// What is missing before it can be made.
    missing: Vec<Blocker>,
    /// When such a document about the same was last sent.
    last_sent_at: Option<Instant>,
}

/// A piece that a reminder is about.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DocumentBatchPlanPiece)]
pub struct PlanPiece {
    #[schema(value_type = Uuid)]
    id: PieceId,
    number: String,
    /// The step that it reaches.
    step: i64,
    /// Cents: what is owed.
    #[schema(value_type = i64)]
    balance: Money,
}

/// Subject and text of a mail.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = DocumentBatchPlanMail)]
pub struct PlanMail {
    subject: String,
    body: String,
}

/// A batch and what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DocumentBatch)]
pub struct Batch {
    id: Uuid,
    /// Of the documents; empty: reminders.
    kind: String,
    created_at: Instant,
    /// In the order of the plan.
    data: Vec<BatchItem>,
}

/// A document of a batch.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DocumentBatchItem)]
pub struct BatchItem {
    label: String,
    #[schema(value_type = Uuid)]
    opportunite_id: OpportuniteId,
    #[schema(value_type = Option<Uuid>)]
    document_id: Option<DocumentId>,
    recipients: Vec<String>,
    state: ItemState,
    /// Why it was refused, is tried again or failed.
    problem: Option<Text>,
}

/// Where a document of a batch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = DocumentBatchItemState)]
pub enum ItemState {
    /// Nothing has happened yet.
    Waiting,
    /// It is being made.
    Making,
    /// It is there, and goes to nobody: there is no address.
    Made,
    /// Its mail is on the way.
    Sending,
    /// The mail server asked to wait, or does not answer.
    Retrying,
    Sent,
    /// No mail server is set up: the mail lies in a folder of the server.
    Filed,
    /// The mail was refused.
    Failed,
    /// The document could not be made.
    Refused,
}
