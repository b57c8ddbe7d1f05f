//! Rows as they are stored, column by column, so that a merge that is undone leaves no trace in them. The lists of columns
//! are held against the schema by `tests/api/fusions.rs`.

use std::collections::HashMap;

use afpi_core::id::EntrepriseId;
use afpi_core::scope::{Loaded, Scope};
use afpi_db::stored::{Stored, json_of, value_of};
use afpi_db::{Conn, FromRow, Row, Sql, Value, dialect, sql};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

/// Every column of `entreprises`, as a query in a scope names it.
pub const ENTREPRISE: [&str; 30] = [
    "e.id",
    "e.name",
    "e.name_key",
    "e.search",
    "e.siren",
    "e.siret",
    "e.vat_number",
    "e.naf_code",
    "e.naf_nomenclature",
    "e.idcc",
    "e.opco",
    "e.kind",
    "e.headcount",
    "e.line1",
    "e.line2",
    "e.postcode",
    "e.city",
    "e.city_key",
    "e.country",
    "e.phone",
    "e.email",
    "e.website",
    "e.tags",
    "e.notes",
    "e.active",
    "e.localisation_id",
    "e.origin",
    "e.created_at",
    "e.updated_at",
    "e.version",
];

/// Every column of `contacts`.
pub const CONTACT: [&str; 9] =
    ["id", "entreprise_id", "first_name", "last_name", "job", "email", "phone", "main", "position"];

/// Columns that say nothing of the company itself.
const ASIDE: [&str; 5] = ["id", "search", "created_at", "updated_at", "version"];

/// A column that a merge changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Changed {
    pub column: String,
    pub before: Json,
    pub after: Json,
}

/// A row of `entreprises`.
#[derive(Debug, Clone)]
pub struct Raw {
    pub columns: Stored,
}

impl FromRow for Raw {
    fn from_row(row: &Row) -> afpi_db::Result<Self> {
        let column = |(at, column): (usize, &'static str)| -> afpi_db::Result<(String, Json)> {
            Ok((bare(column).to_owned(), json_of(&row.at::<Value>(at)?)))
        };
        ENTREPRISE
            .into_iter()
            .enumerate()
            .map(column)
            .collect::<afpi_db::Result<Stored>>()
            .map(|columns| Raw { columns })
    }
}

impl Raw {
    pub fn version(&self) -> i64 {
        self.columns["version"].as_i64().unwrap_or_default()
    }
}

/// A row of `contacts`.
#[derive(Debug, Clone)]
pub struct RawContact(pub Stored);

impl FromRow for RawContact {
    fn from_row(row: &Row) -> afpi_db::Result<Self> {
        let column = |(at, column): (usize, &'static str)| -> afpi_db::Result<(String, Json)> {
            Ok((column.to_owned(), json_of(&row.at::<Value>(at)?)))
        };
        CONTACT.into_iter().enumerate().map(column).collect::<afpi_db::Result<Stored>>().map(RawContact)
    }
}

/// The name of a column without its table.
fn bare(column: &'static str) -> &'static str {
    column.strip_prefix("e.").unwrap_or(column)
}

/// These companies of the whole network, locked. A company that is gone has no entry.
pub async fn locked(tx: &mut Conn, ids: [EntrepriseId; 2]) -> afpi_db::Result<HashMap<EntrepriseId, Loaded<Raw>>> {
    let mut found = HashMap::new();
    // One after the other in the order of their ids, so that two merges of the same pair do not wait for each other.
    let mut ids = ids;
    ids.sort();
    for id in ids {
        let mut query = Scope::All.entreprises(&ENTREPRISE[..], "");
        query.push(" AND e.id = ?").arg(id).push(dialect::for_update(tx.backend()));
        if let Some(row) = query.loaded::<Raw>(tx).await? {
            found.insert(id, row);
        }
    }
    Ok(found)
}

/// The columns that differ.
pub fn differences(before: &Raw, after: &Raw) -> Vec<Changed> {
    let differs = |(column, was): (&String, &Json)| {
        let is = after.columns.get(column)?;
        let changed = was != is && !ASIDE.contains(&column.as_str());
        changed.then(|| Changed { column: column.clone(), before: was.clone(), after: is.clone() })
    };
    before.columns.iter().filter_map(differs).collect()
}

/// `INSERT INTO entreprises` with this row. A column that is newer than the row gets its default.
pub async fn insert(tx: &mut Conn, row: &Stored) -> afpi_db::Result<()> {
    let columns = ENTREPRISE.into_iter().map(bare).filter(|column| row.contains_key(*column));
    inserted(sql("INSERT INTO entreprises ("), columns, row).execute(tx).await.map(drop)
}

/// Does another company have this SIRET?
pub async fn siret_taken(tx: &mut Conn, siret: Option<&str>, by: EntrepriseId) -> afpi_db::Result<bool> {
    let mut query = Scope::All.entreprises("e.id", "");
    query.push(" AND e.siret = ?").arg(siret).push(" AND e.id <> ?").arg(by);
    Ok(query.optional::<(EntrepriseId,)>(tx).await?.is_some())
}

/// The same for `contacts`.
pub async fn insert_contact(tx: &mut Conn, row: &Stored) -> afpi_db::Result<()> {
    let columns = CONTACT.into_iter().filter(|column| row.contains_key(*column));
    inserted(sql("INSERT INTO contacts ("), columns, row).execute(tx).await.map(drop)
}

fn inserted(mut query: Sql, columns: impl Iterator<Item = &'static str>, row: &Stored) -> Sql {
    let mut values = Vec::new();
    for column in columns {
        query.push(if values.is_empty() { "" } else { ", " }).push(column);
        values.push(value_of(&row[column]));
    }
    query.push(") VALUES ").row(values);
    query
}

/// `, column = ?` for each of these changes, with what was before.
pub fn set_back(query: &mut Sql, changes: &[&Changed]) {
    for change in changes {
        if let Some(column) = ENTREPRISE.into_iter().map(bare).find(|column| *column == change.column) {
            query.push(", ").push(column).push(" = ?").arg(value_of(&change.before));
        }
    }
}

/// The id of a company as it is stored.
pub fn id_of(row: &Raw) -> EntrepriseId {
    match value_of(&row.columns["id"]) {
        Value::Bytes(bytes) => Uuid::from_slice(&bytes).unwrap_or_default().into(),
        _ => Uuid::nil().into(),
    }
}

/// What requests call a column: `nafCode`, `address.city`.
pub fn api_name(column: &str) -> String {
    match column {
        "line1" | "line2" | "postcode" | "city" | "country" => format!("address.{column}"),
        _ => afpi_http::input::camel(column),
    }
}
