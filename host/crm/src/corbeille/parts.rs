//! What belongs to a record, table by table, and goes into the bin with it. `tests/api/corbeille.rs` walks the schema: a
//! table that refers to such a record and is neither here nor among the blockers fails it.

use std::collections::BTreeSet;

use afpi_core::error::{Result, internal};
use afpi_core::scope::Loaded;
use afpi_db::catalogue::Table;
use afpi_db::stored::Stored;
use afpi_db::{Conn, sql};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Kind;

/// Rows of a table that belong to a record: the condition has one `?`, the record's id.
#[derive(Debug)]
pub struct Part {
    pub kind: Kind,
    pub table: &'static str,
    condition: &'static str,
}

const fn of(kind: Kind, table: &'static str, condition: &'static str) -> Part {
    Part { kind, table, condition }
}

use Kind::{Entreprises as E, Opportunites as O};

/// A row stands after the rows that it refers to.
pub const PARTS: &[Part] = &[
    of(O, "opportunites", "id = ?"),
    of(O, "sejours", "opportunite_id = ?"),
    of(O, "faits", "opportunite_id = ?"),
    of(O, "creances", "opportunite_id = ?"),
    of(O, "stagiaires", "opportunite_id = ?"),
    of(O, "notes", "record_kind = 'opportunites' AND record_id = ?"),
    of(
        O,
        "note_mentions",
        "note_id IN (SELECT n.id FROM notes n WHERE n.record_kind = 'opportunites' AND n.record_id = ?)",
    ),
    of(O, "taches", "record_kind = 'opportunites' AND record_id = ?"),
    of(O, "attachments", "record_kind = 'opportunites' AND record_id = ?"),
    of(
        O,
        "attachment_versions",
        "attachment_id IN (SELECT a.id FROM attachments a WHERE a.record_kind = 'opportunites' AND a.record_id = ?)",
    ),
    of(E, "entreprises", "id = ?"),
    of(E, "contacts", "entreprise_id = ?"),
    of(E, "notes", "record_kind = 'entreprises' AND record_id = ?"),
    of(
        E,
        "note_mentions",
        "note_id IN (SELECT n.id FROM notes n WHERE n.record_kind = 'entreprises' AND n.record_id = ?)",
    ),
    of(E, "taches", "record_kind = 'entreprises' AND record_id = ?"),
    of(E, "attachments", "record_kind = 'entreprises' AND record_id = ?"),
    of(
        E,
        "attachment_versions",
        "attachment_id IN (SELECT a.id FROM attachments a WHERE a.record_kind = 'entreprises' AND a.record_id = ?)",
    ),
    // The same of its contacts.
    of(E, "notes", "record_kind = 'contacts' AND record_id IN (SELECT c.id FROM contacts c WHERE c.entreprise_id = ?)"),
    of(
        E,
        "note_mentions",
        "note_id IN (SELECT n.id FROM notes n JOIN contacts c ON c.id = n.record_id WHERE n.record_kind = 'contacts' AND c.entreprise_id = ?)",
    ),
    of(
        E,
        "taches",
        "record_kind = 'contacts' AND record_id IN (SELECT c.id FROM contacts c WHERE c.entreprise_id = ?)",
    ),
    of(
        E,
        "attachments",
        "record_kind = 'contacts' AND record_id IN (SELECT c.id FROM contacts c WHERE c.entreprise_id = ?)",
    ),
    of(
        E,
        "attachment_versions",
        "attachment_id IN (SELECT a.id FROM attachments a JOIN contacts c ON c.id = a.record_id \
         WHERE a.record_kind = 'contacts' AND c.entreprise_id = ?)",
    ),
];

/// The rows of a record, in the order of its parts.
#[derive(Debug, Serialize, Deserialize)]
pub struct Content(pub Vec<(String, Vec<Stored>)>);

impl Content {
    /// The rows of a table.
    pub fn of(&mut self, table: &str) -> impl Iterator<Item = &mut Stored> {
        self.0.iter_mut().filter(move |(name, _)| name == table).flat_map(|(_, rows)| rows)
    }

    /// The contents of its files.
    pub fn files(&mut self) -> BTreeSet<String> {
        let versions = self.of("attachment_versions");
        versions.filter_map(|row| row["sha256"].as_str().map(str::to_owned)).collect()
    }
}

fn table<'t>(tables: &'t [Table], name: &str) -> Result<&'t Table> {
    tables.iter().find(|table| table.name == name).ok_or_else(|| internal("a table of the bin's parts is missing"))
}

/// Takes the rows of a record out of their tables. The record was read in scope and is locked.
pub async fn take<T>(tx: &mut Conn, tables: &[Table], kind: Kind, id: Uuid, _locked: &Loaded<T>) -> Result<Content> {
    let mut content = Content(Vec::new());
    let parts = || PARTS.iter().filter(|part| part.kind == kind);
    for part in parts() {
        let rows = table(tables, part.table)?.rows_where(tx, sql(part.condition).bind(id)).await?;
        content.0.push((part.table.into(), rows));
    }
    for part in parts().rev() {
        table(tables, part.table)?.delete_where(tx, sql(part.condition).bind(id)).await?;
    }
    Ok(content)
}

/// Puts them back.
pub async fn put_back(tx: &mut Conn, tables: &[Table], content: &Content) -> Result<()> {
    for (name, rows) in &content.0 {
        let table = table(tables, name)?;
        for row in rows {
            table.put_back(tx, row).await?;
        }
    }
    Ok(())
}
