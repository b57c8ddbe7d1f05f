//! An entry of the list: what it tells, and which lines of the journal make one.

use afpi_db::Json as JsonColumn;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::attachments::holder::RecordRef;
use crate::courriels::read::Courriel;
use crate::journal::{JournalEntry, Row};
use crate::notes::read::Note;
use crate::taches::read::Tache;
use afpi_core::clock::Instant;
use afpi_platform::journal::Activity;

/// What an entry tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = SuiviKind)]
pub enum Of {
    /// A note, a call or a meeting.
    Note,
    /// A task that was given or done.
    Tache,
    /// A mail that was sent, that could not be, or that somebody shared.
    Mail,
    /// A document or a file.
    Document,
    /// The record was made, moved, assigned, or a move was refused.
    Mouvement,
    /// Fields were changed.
    Modification,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SuiviEntry)]
pub struct Entry {
    pub id: Uuid,
    pub kind: Of,
    pub at: Instant,
    /// The record, when it is another one than the list's: an opportunité or a contact of the company.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub about: Option<RecordRef>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub note: Option<Note>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub tache: Option<Tache>,
    /// A mail that somebody shared through the drop box.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub courriel: Option<Courriel>,
    /// What was done. Changes of fields that a person made one after another within an hour are one act, from the
    /// oldest values to the newest.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub act: Option<JournalEntry>,
}

/// Parts of records that notes, tasks and shared mails tell themselves.
const TOLD: [&str; 4] = ["courriel", "note", "tache", "tacheDone"];
const MAILS: [&str; 4] = ["documentMailed", "documentSent", "documentRefused", "relance"];
const DOCUMENTS: [&str; 10] = [
    "document",
    "attachment",
    "attachments",
    "attachmentExpiry",
    "attachmentPlace",
    "attachmentSha256",
    "finding",
    "logo",
    "preuves",
    "signedCopy",
];

/// What a line of the journal tells. `None` when a note, a task or a shared mail tells it.
pub fn told(row: &Row) -> Option<Of> {
    let fields: Vec<&str> = match &row.changes {
        Some(JsonColumn(Value::Array(changes))) => changes.iter().filter_map(field).collect(),
        _ => vec![],
    };
    let any = |of: &[&str]| fields.iter().any(|field| of.contains(field));
    Some(match row.act.parse() {
        Ok(Activity::Edited) if !fields.is_empty() && fields.iter().all(|field| TOLD.contains(field)) => return None,
        Ok(Activity::Edited | Activity::Deleted | Activity::Created) if any(&MAILS) => Of::Mail,
        Ok(Activity::Edited | Activity::Deleted | Activity::Created) if any(&DOCUMENTS) => Of::Document,
        Ok(Activity::Exported | Activity::Quarantined | Activity::Released) => Of::Document,
        Ok(Activity::Edited) => Of::Modification,
        _ => Of::Mouvement,
    })
}

/// The first part of the pointer.
fn field(change: &Value) -> Option<&str> {
    change["field"].as_str()?.trim_start_matches('/').split('/').next()
}

/// The changes of one act, the newest line first, as one list: each field from its oldest value to its newest one.
pub fn merged(mut lines: impl Iterator<Item = JournalEntry>) -> Option<JournalEntry> {
    let mut act = lines.next()?;
    for older in lines {
        for change in older.changes {
            match act.changes.iter_mut().find(|known| known.field == change.field) {
                Some(known) => known.from = change.from,
                None => act.changes.push(change),
            }
        }
    }
    act.changes.retain(|change| change.from != change.to);
    Some(act)
}
