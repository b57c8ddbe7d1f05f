//! Many documents that are made and sent with one click: those of a session's trainees, and the reminders that are due.
//! A plan says what would be made and to whom; a batch is what somebody chose of it. One job makes its documents one
//! after the other, each with its mail in one transaction, so that a killed process makes and sends none twice.

mod create;
mod plan;
mod read;
mod run;
mod store;

use afpi_core::clock::Instant;
use afpi_core::text::Text;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

pub use run::BatchHandler;

use crate::opportunites::read::Blocker;
use afpi_core::id::{DocumentId, OpportuniteId};
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
    OpenApiRouter::new().routes(routes!(plan::of_relances, create::of_relances))
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
    /// What it is about: a trainee or a piece.
    subject_id: Uuid,
    #[schema(value_type = Uuid)]
    opportunite_id: OpportuniteId,
    /// The name of the trainee, or the piece with its payer.
    label: String,
    kind: String,
    kind_label: Text,
    /// The step of a reminder.
    reminder: Option<i64>,
    /// Addresses. Without any it is made and not sent.
    recipients: Vec<String>,
    /// What is missing before it can be made.
    missing: Vec<Blocker>,
    /// When such a document about the same was last sent.
    last_sent_at: Option<Instant>,
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
