//! What a backup has.

use serde::{Deserialize, Serialize};

/// The folder of the backups' objects.
pub(crate) const BACKUPS: &str = "backups";

/// `backups/<id>.manifest`, as JSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Manifest {
    /// When it began, in UTC: `2026-11-29T02-00-00-000Z`. Later ones have greater ids.
    pub id: String,
    /// The version of the program that made it.
    pub program: String,
    /// `mariadb` or `sqlite`.
    pub engine: String,
    pub installation: String,
    /// The newest migration of the tables.
    pub schema: i64,
    /// A mark of `AFPI_SECRET`: another secret has another one.
    pub secret: String,
    pub tables: Vec<TableEntry>,
    pub files: FilesEntry,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableEntry {
    pub name: String,
    /// Of the values in a row, in this order.
    pub columns: Vec<String>,
    pub rows: u64,
    /// Of the lines in `backups/<id>.table.<name>`.
    pub sha256: String,
    /// Of the rows in any order: the same on both engines.
    pub content: String,
    /// The last number that the engine gave out, where it counts the rows.
    pub position: Option<i64>,
}

/// The files, and the list of them in `backups/<id>.files`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct FilesEntry {
    pub count: u64,
    pub bytes: u64,
    /// Of the list.
    pub sha256: String,
    /// Files that the installation itself does not have any more.
    pub lost: Vec<Lost>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    pub sha256: String,
    pub why: String,
}

/// A line of the list of files.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FileLine {
    pub sha256: String,
    /// The key of the object in the store of files.
    pub key: String,
    pub size: u64,
}

pub(crate) fn manifest(id: &str) -> String {
    format!("{BACKUPS}/{id}.manifest")
}

pub(crate) fn table(id: &str, name: &str) -> String {
    format!("{BACKUPS}/{id}.table.{name}")
}

pub(crate) fn files(id: &str) -> String {
    format!("{BACKUPS}/{id}.files")
}

/// The id of an object of a backup.
pub(crate) fn id(object: &str) -> Option<&str> {
    object.strip_prefix(BACKUPS)?.strip_prefix('/')?.split('.').next()
}
