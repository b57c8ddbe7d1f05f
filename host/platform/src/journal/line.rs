//! What a line of the journal says.

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// The record an act is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    Opportunite(Uuid),
    /// A company with its contacts.
    Entreprise(Uuid),
    Formateur(Uuid),
    Salle(Uuid),
    Objectif(Uuid),
    /// A person with an account, and what becomes of the account.
    User(Uuid),
}

impl Subject {
    /// The word in `subject_kind`.
    pub fn kind(&self) -> &'static str {
        match self {
            Subject::Opportunite(_) => "opportunite",
            Subject::Entreprise(_) => "entreprise",
            Subject::Formateur(_) => "formateur",
            Subject::Salle(_) => "salle",
            Subject::Objectif(_) => "objectif",
            Subject::User(_) => "user",
        }
    }

    /// The bytes in `subject_id`.
    pub fn id(&self) -> Vec<u8> {
        match self {
            Subject::Opportunite(id)
            | Subject::Entreprise(id)
            | Subject::Formateur(id)
            | Subject::Salle(id)
            | Subject::Objectif(id)
            | Subject::User(id) => id.as_bytes().to_vec(),
        }
    }
}

/// Who acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor<'a> {
    Person(Uuid),
    Plugin(&'a str),
    /// A synchronisation with another system.
    Connector(&'a str),
    /// The program by itself.
    Host,
}

impl Actor<'_> {
    /// The word in `actor_kind`.
    pub fn kind(&self) -> &'static str {
        match self {
            Actor::Person(_) => "person",
            Actor::Plugin(_) => "plugin",
            Actor::Connector(_) => "connector",
            Actor::Host => "host",
        }
    }

    /// The bytes in `actor_id`.
    pub fn id(&self) -> Vec<u8> {
        match self {
            Actor::Person(id) => id.as_bytes().to_vec(),
            Actor::Plugin(id) | Actor::Connector(id) => id.as_bytes().to_vec(),
            Actor::Host => Vec::new(),
        }
    }
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::AsRefStr, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Act {
    Created,
    Edited,
    Moved,
    Assigned,
    Deleted,
    /// A password was set; it is not told which.
    PasswordSet,
    /// A hook did not let it be done.
    Refused,
}

/// One line.
#[derive(Debug, Clone)]
pub struct Line<'a> {
    pub subject: Subject,
    pub site: Option<Uuid>,
    pub actor: Actor<'a>,
    pub act: Act,
    /// Epoch milliseconds.
    pub at: i64,
    /// Of moves: words of the workflow.
    pub transition: Option<&'a str>,
    pub source: Option<&'a str>,
    pub target: Option<&'a str>,
    pub reason: Option<&'a str>,
    /// JSON: `[{field, from, to}]`; of a refusal what was said.
    pub changes: Option<Value>,
    /// JSON: the hooks that were asked, and what they answered.
    pub hooks: Option<String>,
    /// Id and version of the plugin that decided; empty where none did.
    pub plugin: (&'a str, &'a str),
}

impl<'a> Line<'a> {
    /// A line that no plugin decided.
    pub fn new(subject: Subject, site: Option<Uuid>, actor: Actor<'a>, act: Act, at: i64) -> Line<'a> {
        Line {
            subject,
            site,
            actor,
            act,
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

/// A line as it is hashed: what is stored, in this order of fields.
#[derive(Serialize)]
pub(super) struct Hashed<'a> {
    pub previous: &'a str,
    pub id: Uuid,
    pub subject_kind: &'a str,
    pub subject_id: &'a [u8],
    pub seq: i64,
    pub at: i64,
    pub site: Option<Uuid>,
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
