//! Ids of records, by the kind of record they are of: the id of a room cannot stand where that of a trainer is wanted.
//! In JSON, in SQL and in paths an id is a UUID (`#[schema(value_type = Uuid)]` in wire structs); new ones sort by the
//! time at which they were made.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// The kinds of records that have ids of their own.
pub mod kinds {
    /// What an auditor found.
    pub enum Anomalie {}
    pub enum Attachment {}
    pub enum Contact {}
    /// What a payer owes: an issued piece, or a draft.
    pub enum Creance {}
    /// A mail that somebody shared.
    pub enum Courriel {}
    /// Money that came in once and pays one or several pieces.
    pub enum Encaissement {}
    pub enum Document {}
    /// Documents that are made and sent at once.
    pub enum DocumentBatch {}
    pub enum Entreprise {}
    /// A file for the accountant.
    pub enum ExportComptable {}
    pub enum Formateur {}
    /// A merge of two companies.
    pub enum Fusion {}
    /// A file of companies and contacts that was handed in.
    pub enum Import {}
    pub enum LegalEntity {}
    pub enum Localisation {}
    pub enum Note {}
    pub enum Objectif {}
    pub enum Opportunite {}
    pub enum Piece {}
    /// An archive of a dossier de preuve, and the request for one or several.
    pub enum PreuveArchive {}
    pub enum PreuveExport {}
    /// A training product of the catalogue.
    pub enum Produit {}
    /// A run of a connector, an import or a bulk edit: a change-set.
    pub enum Run {}
    pub enum Salle {}
    /// A training session.
    pub enum Session {}
    /// Somebody who is trained.
    pub enum Stagiaire {}
    /// What somebody has to do.
    pub enum Tache {}
    /// A file that was uploaded and is not attached yet.
    pub enum Upload {}
    pub enum User {}
    /// A saved view of a list.
    pub enum Vue {}
    /// An address that is told what happens.
    pub enum Webhook {}
}

pub type AnomalieId = Id<kinds::Anomalie>;
pub type AttachmentId = Id<kinds::Attachment>;
pub type ContactId = Id<kinds::Contact>;
pub type CourrielId = Id<kinds::Courriel>;
pub type CreanceId = Id<kinds::Creance>;
pub type EncaissementId = Id<kinds::Encaissement>;
pub type DocumentId = Id<kinds::Document>;
pub type DocumentBatchId = Id<kinds::DocumentBatch>;
pub type EntrepriseId = Id<kinds::Entreprise>;
pub type ExportComptableId = Id<kinds::ExportComptable>;
pub type FormateurId = Id<kinds::Formateur>;
pub type FusionId = Id<kinds::Fusion>;
pub type ImportId = Id<kinds::Import>;
pub type LegalEntityId = Id<kinds::LegalEntity>;
pub type LocalisationId = Id<kinds::Localisation>;
pub type NoteId = Id<kinds::Note>;
pub type ObjectifId = Id<kinds::Objectif>;
pub type OpportuniteId = Id<kinds::Opportunite>;
pub type PieceId = Id<kinds::Piece>;
pub type PreuveArchiveId = Id<kinds::PreuveArchive>;
pub type PreuveExportId = Id<kinds::PreuveExport>;
pub type ProduitId = Id<kinds::Produit>;
pub type RunId = Id<kinds::Run>;
pub type SalleId = Id<kinds::Salle>;
pub type SessionId = Id<kinds::Session>;
pub type StagiaireId = Id<kinds::Stagiaire>;
pub type TacheId = Id<kinds::Tache>;
pub type UploadId = Id<kinds::Upload>;
pub type UserId = Id<kinds::User>;
pub type VueId = Id<kinds::Vue>;
pub type WebhookId = Id<kinds::Webhook>;

/// The id of a record of the kind `K`.
pub struct Id<K>(Uuid, PhantomData<fn() -> K>);

impl<K> Id<K> {
    /// The id of a new record. There is no default: no id stands for no record.
    pub fn generate() -> Id<K> {
        Uuid::now_v7().into()
    }

    /// The bare id, for what knows records of several kinds.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

impl Id<kinds::Localisation> {
    /// What is of no site but of the whole network: in the tables of plugins, in events and in lines of the journal.
    pub const NETWORK: LocalisationId = Id(Uuid::nil(), PhantomData);

    pub fn is_network(self) -> bool {
        self == LocalisationId::NETWORK
    }
}

impl<K> From<Uuid> for Id<K> {
    fn from(id: Uuid) -> Self {
        Id(id, PhantomData)
    }
}

impl<K> From<Id<K>> for Uuid {
    fn from(id: Id<K>) -> Self {
        id.0
    }
}

impl<K> FromStr for Id<K> {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        text.parse::<Uuid>().map(Id::from)
    }
}

impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<K> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

// Derives would want the same of `K`, of which there is no value.
impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Id<K> {}

impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<K> Eq for Id<K> {}

impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<K> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, K> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Uuid::deserialize(deserializer).map(Id::from)
    }
}

impl<K> afpi_db::Newtype for Id<K> {
    type Inner = Uuid;

    fn wrap(id: Uuid) -> Result<Self, afpi_db::Unreadable> {
        Ok(id.into())
    }
}

impl<K> From<Id<K>> for afpi_db::Value {
    fn from(id: Id<K>) -> Self {
        id.0.into()
    }
}

impl<K> From<&Id<K>> for afpi_db::Value {
    fn from(id: &Id<K>) -> Self {
        id.0.into()
    }
}
