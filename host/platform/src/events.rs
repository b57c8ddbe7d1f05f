//! Events: what happened. The outbox passes them to jobs, in the transaction of the change.

use std::borrow::Cow;

use afpi_db::{Conn, DbError};
use afpi_jobs::NewJob;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use strum::{EnumString, IntoStaticStr, VariantArray};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use afpi_core::clock::Instant;
use afpi_core::error::{Result, internal};
use afpi_core::id::{EntrepriseId, LocalisationId, OpportuniteId, UserId};

/// Queue and kind of the jobs that carry events.
pub const QUEUE: &str = "events";
pub const KIND: &str = "event";

/// What the host tells of, beside what plugins say to one another (`plugin.<id>.<name>`). Its word is the name of the event.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(into = "&'static str", try_from = "String")]
pub enum Kind {
    #[strum(serialize = "opportunite.created")]
    OpportuniteCreated,
    #[strum(serialize = "opportunite.moved")]
    OpportuniteMoved,
    #[strum(serialize = "opportunite.edited")]
    OpportuniteEdited,
    #[strum(serialize = "opportunite.assigned")]
    OpportuniteAssigned,
    #[strum(serialize = "entreprise.created")]
    EntrepriseCreated,
    #[strum(serialize = "entreprise.updated")]
    EntrepriseUpdated,
    #[strum(serialize = "stagiaire.added")]
    StagiaireAdded,
    #[strum(serialize = "stagiaire.edited")]
    StagiaireEdited,
    #[strum(serialize = "stagiaire.removed")]
    StagiaireRemoved,
    #[strum(serialize = "attendance.marked")]
    AttendanceMarked,
    #[strum(serialize = "document.made")]
    DocumentMade,
    #[strum(serialize = "attachment.added")]
    AttachmentAdded,
    #[strum(serialize = "attachment.replaced")]
    AttachmentReplaced,
    #[strum(serialize = "attachment.renamed")]
    AttachmentRenamed,
    #[strum(serialize = "attachment.removed")]
    AttachmentRemoved,
    #[strum(serialize = "attachment.quarantined")]
    AttachmentQuarantined,
    #[strum(serialize = "note.written")]
    NoteWritten,
    #[strum(serialize = "note.changed")]
    NoteChanged,
    #[strum(serialize = "note.deleted")]
    NoteDeleted,
    #[strum(serialize = "tache.given")]
    TacheGiven,
    #[strum(serialize = "tache.changed")]
    TacheChanged,
    #[strum(serialize = "tache.done")]
    TacheDone,
    #[strum(serialize = "tache.deleted")]
    TacheDeleted,
    #[strum(serialize = "tache.due")]
    TacheDue,
    #[strum(serialize = "produit.created")]
    ProduitCreated,
    #[strum(serialize = "produit.updated")]
    ProduitUpdated,
    #[strum(serialize = "produit.deleted")]
    ProduitDeleted,
    #[strum(serialize = "connecteur.run")]
    ConnecteurRun,
    #[strum(serialize = "plugin.state")]
    PluginState,
}

impl Kind {
    pub fn id(self) -> &'static str {
        self.into()
    }
}

impl TryFrom<String> for Kind {
    type Error = strum::ParseError;

    fn try_from(word: String) -> Result<Kind, strum::ParseError> {
        word.parse()
    }
}

impl PartialSchema for Kind {
    fn schema() -> RefOr<Schema> {
        let words = Kind::VARIANTS.iter().map(|kind| kind.id());
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
    }
}

impl ToSchema for Kind {
    fn name() -> Cow<'static, str> {
        "WebhookEvent".into()
    }
}

/// A committed change.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// E.g. `opportunite.moved`.
    pub name: String,
    #[serde(with = "afpi_core::clock::millis")]
    pub at: Instant,
    /// The site; [`LocalisationId::NETWORK`] for all of it.
    pub site_id: LocalisationId,
    pub actor_id: Option<UserId>,
    /// The changed record, if plugins know its kind.
    #[serde(default)]
    pub about: Option<Record>,
    pub data: Value,
    /// How many events and jobs of plugins led to it; 0 for a change by a person or the host.
    #[serde(default)]
    pub depth: u8,
}

impl Event {
    /// The event's site. `None` for the network: then all sites receive it.
    pub fn sites(&self) -> Option<Vec<LocalisationId>> {
        (!self.site_id.is_network()).then(|| vec![self.site_id])
    }
}

/// A record by its kind and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Record {
    Opportunite(OpportuniteId),
    Entreprise(EntrepriseId),
}

/// Puts an event into the outbox.
pub async fn emit(tx: &mut Conn, event: &Event, correlation_id: &str) -> Result<()> {
    // Every test holds the list against what is really told.
    let listed = event.name.parse::<Kind>().is_ok() || event.name.starts_with("plugin.");
    debug_assert!(listed, "{} is not in events::Kind", event.name);
    let payload = serde_json::to_value(event).map_err(internal)?;
    let job = NewJob { correlation_id: Some(correlation_id.into()), ..NewJob::new(QUEUE, KIND, payload) };
    afpi_jobs::enqueue(tx, &job).await.map_err(DbError::from)?;
    Ok(())
}
