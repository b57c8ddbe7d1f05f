//! The content of a journal line.

use afpi_core::clock::Instant;
use afpi_core::id::{
    EntrepriseId, FormateurId, ImportId, LegalEntityId, LocalisationId, ObjectifId, OpportuniteId, ProduitId, SalleId,
    SessionId, StagiaireId, UserId, WebhookId,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use strum::{AsRefStr, EnumDiscriminants, EnumString, IntoStaticStr, VariantArray};
use utoipa::ToSchema;
use uuid::Uuid;

/// The record or thing that an act changed. `subject_kind` holds the variant's name. A record has an id of 16 bytes,
/// everything else a word.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EnumDiscriminants)]
#[strum_discriminants(
    name(SubjectKind),
    doc = "The kinds of records acts are about.",
    derive(EnumString, IntoStaticStr, VariantArray, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema),
    strum(serialize_all = "snake_case"),
    serde(rename_all = "snake_case"),
    schema(as = JournalSubjectKind)
)]
pub enum Subject {
    Opportunite(OpportuniteId),
    /// A company with its contacts.
    Entreprise(EntrepriseId),
    Formateur(FormateurId),
    Salle(SalleId),
    /// A training product of the catalogue.
    Produit(ProduitId),
    Localisation(LocalisationId),
    /// A legal entity, with its logo.
    EntiteLegale(LegalEntityId),
    /// A training session with its attendance.
    Session(SessionId),
    Stagiaire(StagiaireId),
    Objectif(ObjectifId),
    /// A person with an account, and changes of the account.
    User(UserId),
    /// A key of the API, by its account.
    ApiKey(UserId),
    Webhook(WebhookId),
    /// A plugin by its id, on all sites.
    Plugin(String),
    /// A key whose signatures are or were trusted.
    PluginKey(String),
    /// A connector by its plugin's id.
    Connecteur(String),
    /// A file of companies and contacts.
    Import(ImportId),
    Queue(String),
    Job(Uuid),
    /// A role by its id.
    Role(String),
    /// A list that was exported as a file, by its API name.
    Export(String),
    /// Settings of invoicing: `relances`, or the accounts of a legal entity by its id.
    Facturation(String),
    /// How long personal data is kept, by the rule's id.
    Conservation(String),
    /// Sign-ins with an unknown account: the hash of their address.
    SignIn(String),
}

impl Subject {
    /// The value of `subject_kind`.
    pub fn kind(&self) -> &'static str {
        SubjectKind::from(self).into()
    }

    /// The bytes in `subject_id`.
    pub fn id(&self) -> Vec<u8> {
        let record = |id: Uuid| id.as_bytes().to_vec();
        match self {
            Subject::Opportunite(id) => record(id.uuid()),
            Subject::Entreprise(id) => record(id.uuid()),
            Subject::Formateur(id) => record(id.uuid()),
            Subject::Salle(id) => record(id.uuid()),
            Subject::Produit(id) => record(id.uuid()),
            Subject::Localisation(id) => record(id.uuid()),
            Subject::EntiteLegale(id) => record(id.uuid()),
            Subject::Session(id) => record(id.uuid()),
            Subject::Stagiaire(id) => record(id.uuid()),
            Subject::Objectif(id) => record(id.uuid()),
            Subject::User(id) | Subject::ApiKey(id) => record(id.uuid()),
            Subject::Import(id) => record(id.uuid()),
            Subject::Webhook(id) => record(id.uuid()),
            Subject::Job(id) => record(*id),
            Subject::Plugin(word)
            | Subject::PluginKey(word)
            | Subject::Connecteur(word)
            | Subject::Queue(word)
            | Subject::Role(word)
            | Subject::Export(word)
            | Subject::Facturation(word)
            | Subject::Conservation(word)
            | Subject::SignIn(word) => word.as_bytes().to_vec(),
        }
    }
}

impl SubjectKind {
    /// Is its id a word, which may be used again?
    pub fn is_named(self) -> bool {
        use SubjectKind as K;
        matches!(
            self,
            K::Plugin
                | K::PluginKey
                | K::Connecteur
                | K::Queue
                | K::Role
                | K::Export
                | K::Facturation
                | K::Conservation
                | K::SignIn
        )
    }

    /// The value of `subject_id` in the API's form.
    pub fn show(self, id: &[u8]) -> String {
        show(id, self.is_named())
    }

    /// The bytes of an id in the API's form. `None` when no record of this kind can have it.
    pub fn read(self, id: &str) -> Option<Vec<u8>> {
        read(id, self.is_named())
    }
}

fn show(id: &[u8], named: bool) -> String {
    match Uuid::from_slice(id) {
        Ok(id) if !named => id.to_string(),
        _ => String::from_utf8_lossy(id).into_owned(),
    }
}

fn read(id: &str, named: bool) -> Option<Vec<u8>> {
    if named { Some(id.as_bytes().to_vec()) } else { Uuid::parse_str(id).ok().map(|id| id.as_bytes().to_vec()) }
}

/// The actor. `actor_kind` holds the variant's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumDiscriminants)]
#[strum_discriminants(
    name(ActorKind),
    doc = "The kinds of those who act.",
    derive(EnumString, IntoStaticStr, VariantArray, Serialize, Deserialize, ToSchema),
    strum(serialize_all = "snake_case"),
    serde(rename_all = "snake_case"),
    schema(as = JournalActorKind)
)]
pub enum Actor<'a> {
    Person(UserId),
    Plugin(&'a str),
    /// A file that was imported.
    Import(&'a str),
    /// A synchronisation with another system.
    Connector(&'a str),
    /// The program itself.
    System,
    /// A person who runs `afpi admin` on the server.
    Cli,
}

impl Actor<'_> {
    /// The value of `actor_kind`.
    pub fn kind(&self) -> &'static str {
        ActorKind::from(self).into()
    }

    /// The bytes in `actor_id`.
    pub fn id(&self) -> Vec<u8> {
        match self {
            Actor::Person(id) => id.uuid().as_bytes().to_vec(),
            Actor::Plugin(id) | Actor::Import(id) | Actor::Connector(id) => id.as_bytes().to_vec(),
            Actor::System | Actor::Cli => Vec::new(),
        }
    }
}

impl ActorKind {
    /// The value of `actor_id` in the API's form.
    pub fn show(self, id: &[u8]) -> String {
        show(id, self != ActorKind::Person)
    }
}

/// The kinds of acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsRefStr, EnumString, VariantArray, Serialize, Deserialize, ToSchema)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[schema(as = JournalAct)]
pub enum Activity {
    Created,
    Edited,
    Moved,
    Assigned,
    Deleted,
    /// A record was put into the bin.
    Binned,
    /// A record came back from the bin.
    Restored,
    /// A hook refused it.
    Refused,
    SignedIn,
    /// A sign-in with a wrong password, or with an unknown account.
    SignInRefused,
    SignedOut,
    /// A password was set. The line does not contain it.
    PasswordSet,
    /// All sessions of a person were ended.
    SessionsEnded,
    /// A link to choose a password was made for a person. The line does not contain it.
    LinkSent,
    /// A second factor was set up.
    SecondFactorSet,
    /// A second factor was taken away.
    SecondFactorRemoved,
    /// A person got new recovery codes.
    RecoveryCodesRenewed,
    /// A plugin file was uploaded and waits for consent.
    Installed,
    /// A version of a plugin became the active one.
    Activated,
    RolledBack,
    /// A version that waited for consent was discarded.
    Discarded,
    /// A plugin was removed.
    Removed,
    SwitchedOn,
    SwitchedOff,
    /// A plugin was switched off after failures, or the virus scanner found something in a file.
    Quarantined,
    /// Its quarantine ended.
    Released,
    RecordingStarted,
    RecordingStopped,
    RecordingDeleted,
    Trusted,
    Revoked,
    RunStarted,
    RunApplied,
    RunUndone,
    RunCancelled,
    ConflictsSettled,
    /// A list was exported as a file.
    Exported,
    Paused,
    Resumed,
    /// A dead job was sent back to its queue.
    Retried,
    /// A secret was replaced by a new one. The line contains neither.
    SecretRenewed,
}

/// One line.
#[derive(Debug, Clone)]
pub struct Line<'a> {
    pub subject: Subject,
    pub site: Option<LocalisationId>,
    pub actor: Actor<'a>,
    pub activity: Activity,
    pub at: Instant,
    /// For moves: words of the workflow.
    pub transition: Option<&'a str>,
    pub source: Option<&'a str>,
    pub target: Option<&'a str>,
    pub reason: Option<&'a str>,
    /// JSON: `[{field, from, to}]`; for a refusal the plugin and its reason.
    pub changes: Option<Value>,
    /// JSON: the hooks that were asked, and their answers.
    pub hooks: Option<String>,
    /// Id and version of the plugin that decided; empty without one.
    pub plugin: (&'a str, &'a str),
}

impl<'a> Line<'a> {
    /// A line without a deciding plugin.
    pub fn new(
        subject: Subject,
        site: Option<LocalisationId>,
        actor: Actor<'a>,
        activity: Activity,
        at: Instant,
    ) -> Line<'a> {
        Line {
            subject,
            site,
            actor,
            activity,
            at,
            transition: None,
            source: None,
            target: None,
            reason: None,
            changes: None,
            hooks: None,
            plugin: ("", ""),
        }
    }
}

/// The hashed form of a line: its stored values, in this order of fields.
#[derive(Serialize)]
pub(super) struct Hashed<'a> {
    pub previous: &'a str,
    pub id: Uuid,
    pub subject_kind: &'a str,
    pub subject_id: &'a [u8],
    pub seq: i64,
    pub at: i64,
    pub site: Option<LocalisationId>,
    pub actor_kind: &'a str,
    pub actor_id: &'a [u8],
    pub act: &'a str,
    pub transition: Option<&'a str>,
    pub source: Option<&'a str>,
    pub target: Option<&'a str>,
    pub reason: Option<&'a str>,
    pub changes: Option<&'a str>,
    pub hooks: Option<&'a str>,
    pub plugin_id: &'a str,
    pub plugin_version: &'a str,
    pub correlation_id: &'a str,
}
