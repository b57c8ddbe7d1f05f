//! Imports in the database.

use std::str::FromStr;
use std::time::Duration;

use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result};
use afpi_core::id::{ImportId, LocalisationId, RunId, UserId};
use afpi_db::{Conn, Db, Json, sql};

use super::file::{Encoding, Format};
use super::mapping::Mapping;
use super::source;
use crate::engine::run::State;

/// How long a file is kept: 30 days.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

afpi_db::row! {
    /// An import without its file.
    pub struct ImportRow {
        pub id: ImportId, pub localisation_id: LocalisationId, pub user_id: UserId, pub name: String, pub encoding: String, pub delimiter: String,
        pub header: Json<Vec<String>>, pub mapping: Json<Mapping>, pub total: i64, pub created_at: Instant, pub version: i64,
    }
}

impl ImportRow {
    /// The format of its file.
    pub fn format(&self) -> Format {
        Format {
            encoding: Encoding::from_str(&self.encoding).unwrap_or(Encoding::Utf8),
            delimiter: self.delimiter.bytes().next().unwrap_or(b';'),
        }
    }
}

/// The import with this id, of any localisation.
pub async fn find(conn: &mut Conn, id: ImportId) -> afpi_db::Result<Option<ImportRow>> {
    sql("SELECT id, localisation_id, user_id, name, encoding, delimiter, header, mapping, total, created_at, version FROM imports WHERE id = ?")
        .bind(id)
        .optional(conn)
        .await
}

/// Its file.
pub async fn content(conn: &mut Conn, id: ImportId) -> afpi_db::Result<Option<Vec<u8>>> {
    let row = sql("SELECT content FROM imports WHERE id = ?").bind(id).optional::<(Vec<u8>,)>(conn).await?;
    Ok(row.map(|(content,)| content))
}

/// Stores an uploaded file.
pub async fn insert(tx: &mut Conn, row: &ImportRow, content: &[u8]) -> afpi_db::Result<()> {
    let mut query = sql(
        "INSERT INTO imports (id, localisation_id, user_id, name, content, encoding, delimiter, header, mapping, total, created_at, version) VALUES ",
    );
    query.rows([[
        row.id.into(),
        row.localisation_id.into(),
        row.user_id.into(),
        row.name.as_str().into(),
        content.into(),
        row.encoding.as_str().into(),
        row.delimiter.as_str().into(),
        afpi_db::Value::json(&row.header.0),
        afpi_db::Value::json(&row.mapping.0),
        row.total.into(),
        row.created_at.into(),
        row.version.into(),
    ]]);
    query.execute(tx).await.map(drop)
}

/// Sets the mapping if the version still matches. Returns whether it did.
pub async fn map(tx: &mut Conn, id: ImportId, seen: i64, mapping: &Mapping) -> afpi_db::Result<bool> {
    let changed = sql("UPDATE imports SET mapping = ?, version = version + 1 WHERE id = ? AND version = ?")
        .bind(afpi_db::Value::json(mapping))
        .bind(id)
        .bind(seen)
        .execute(tx)
        .await?;
    Ok(changed == 1)
}

/// Its newest run: id, state, and whether some of it is applied.
pub async fn last_run(conn: &mut Conn, import: ImportId) -> afpi_db::Result<Option<(RunId, State, bool)>> {
    let run = sql("SELECT id, state FROM sync_runs WHERE source = ? ORDER BY id DESC LIMIT 1")
        .bind(source::key(import))
        .optional::<(RunId, String)>(conn)
        .await?;
    let Some((run, state)) = run else { return Ok(None) };
    let applied =
        sql("SELECT 1 FROM sync_changes WHERE run_id = ? AND applied_at IS NOT NULL AND action <> 'unchanged' LIMIT 1")
            .bind(run)
            .optional::<(i64,)>(conn)
            .await?;
    Ok(Some((run, State::parse(&state), applied.is_some())))
}

/// Deletes the runs that changed nothing here: a new preview replaces them.
pub async fn forget_runs(tx: &mut Conn, import: ImportId) -> afpi_db::Result<()> {
    sql("DELETE FROM sync_runs WHERE source = ? AND active_key IS NULL")
        .bind(source::key(import))
        .execute(tx)
        .await
        .map(drop)
}

/// Deletes files older than [`KEPT`], with their runs: they hold personal data (GDPR, art. 5.1.e). Their changes stay,
/// but can no longer be reverted as a whole.
///
/// # Errors
/// Those of the database.
pub async fn expire(db: &Db, now: Instant) -> Result<()> {
    let mut old = sql("SELECT id FROM imports WHERE created_at < ? ORDER BY created_at").bind(now - KEPT);
    old.limit(100);
    let old: Vec<(ImportId,)> = old.all(&mut db.read().await?).await?;
    for (id,) in old {
        afpi_db::retry(|| async {
            let mut tx = db.begin().await?;
            forget_runs(&mut tx, id).await?;
            // An import that is still running keeps its file.
            if last_run(&mut tx, id).await?.is_none() {
                sql("DELETE FROM imports WHERE id = ?").bind(id).execute(&mut tx).await?;
            }
            Ok::<(), Error>(tx.commit().await?)
        })
        .await?;
    }
    Ok(())
}
