//! What belongs to a record, table by table, and goes into the bin with it. `tests/api/corbeille.rs` walks the schema: a
//! table that refers to such a record and is neither here nor among the blockers fails it.

use std::collections::BTreeSet;

use afpi_core::error::{Result, internal};
use afpi_core::scope::Loaded;
use afpi_db::catalogue::Table;
use afpi_db::stored::Stored;
use afpi_db::{Conn, Sql, sql};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Kind;

/// Rows of a table that belong to a record.
#[derive(Debug)]
pub struct Part {
    pub table: &'static str,
    condition: Sql,
}

/// The parts of this record. A row stands after the rows that it refers to.
pub fn parts(kind: Kind, id: Uuid) -> Vec<Part> {
    let own = |table, condition| Part { table, condition: sql(condition).bind(id) };
    let mut parts = match kind {
        Kind::Opportunites => vec![
            own("opportunites", "id = ?"),
            own("sejours", "opportunite_id = ?"),
            own("faits", "opportunite_id = ?"),
            own("creances", "opportunite_id = ?"),
            own("stagiaires", "opportunite_id = ?"),
        ],
        Kind::Entreprises => vec![own("entreprises", "id = ?"), own("contacts", "entreprise_id = ?")],
    };
    parts.extend(kept(kind.word(), "(?)", id));
    if kind == Kind::Entreprises {
        parts.extend(kept("contacts", "(SELECT c.id FROM contacts c WHERE c.entreprise_id = ?)", id));
    }
    parts
}

/// What people keep on records of any kind: notes, tasks, mails and files. `holders` has one `?`, the id.
fn kept(kind: &'static str, holders: &'static str, id: Uuid) -> [Part; 7] {
    let part = |table, before, after| {
        let mut condition = sql(before);
        condition.push("record_kind = ? AND record_id IN ").arg(kind).push(holders).arg(id).push(after);
        Part { table, condition }
    };
    [
        part("notes", "", ""),
        part("note_mentions", "note_id IN (SELECT id FROM notes WHERE ", ")"),
        part("taches", "", ""),
        part("courriels", "", ""),
        part("courriel_files", "courriel_id IN (SELECT id FROM courriels WHERE ", ")"),
        part("attachments", "", ""),
        part("attachment_versions", "attachment_id IN (SELECT id FROM attachments WHERE ", ")"),
    ]
}

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
    let parts = parts(kind, id);
    for part in &parts {
        let rows = table(tables, part.table)?.rows_where(tx, part.condition.clone()).await?;
        content.0.push((part.table.into(), rows));
    }
    for part in parts.iter().rev() {
        table(tables, part.table)?.delete_where(tx, part.condition.clone()).await?;
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
