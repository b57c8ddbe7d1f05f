//! Imports in the database.

use std::str::FromStr;
use std::time::Duration;

use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result};
use afpi_core::id::{ImportId, LocalisationId, RunId, UserId};
use afpi_core::text::fold;
use afpi_db::{Conn, Db, Json, Value, dialect, sql};
use sha2::{Digest, Sha256};

use super::file::{Encoding, Format};
use super::kind::Kind;
use super::mapping::{Defaults, Mapping};
use super::source;
use crate::engine::run::State;

/// How long a file is kept: 30 days.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
/// How long a person's mapping is remembered after its last use: files that come once a year find it.
const REMEMBERED: Duration = Duration::from_secs(400 * 24 * 3600);

afpi_db::row! {
    /// An import without its file.
    pub struct ImportRow {
        pub id: ImportId, pub kind: Kind, pub localisation_id: LocalisationId, pub user_id: UserId, pub name: String, pub encoding: String, pub delimiter: String,
        pub header: Json<Vec<String>>, pub mapping: Json<Mapping>, pub total: i64, pub created_at: Instant, pub version: i64,
        pub samples: Option<Json<Vec<Vec<String>>>>, pub defaults: Option<Json<Defaults>>, pub recalled: bool,
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

/// The columns of an [`ImportRow`].
pub const SELECT: &str = "SELECT i.id, i.kind, i.localisation_id, i.user_id, i.name, i.encoding, i.delimiter, i.header, i.mapping, i.total, \
     i.created_at, i.version, i.samples, i.defaults, i.recalled FROM imports i WHERE ";

/// The import with this id, of any localisation.
pub async fn find(conn: &mut Conn, id: ImportId) -> afpi_db::Result<Option<ImportRow>> {
    let mut query = sql(SELECT);
    query.push("i.id = ?").arg(id);
    query.optional(conn).await
}

/// Its file.
pub async fn content(conn: &mut Conn, id: ImportId) -> afpi_db::Result<Option<Vec<u8>>> {
    let row = sql("SELECT content FROM imports WHERE id = ?").bind(id).optional::<(Vec<u8>,)>(conn).await?;
    Ok(row.map(|(content,)| content))
}

/// Stores an uploaded file.
pub async fn insert(tx: &mut Conn, row: &ImportRow, content: &[u8]) -> afpi_db::Result<()> {
    let mut query = sql(
        "INSERT INTO imports (id, localisation_id, user_id, name, content, encoding, delimiter, header, mapping, total, created_at, version, \
         samples, defaults, recalled, kind) VALUES ",
    );
    query.rows([[
        row.id.into(),
        row.localisation_id.into(),
        row.user_id.into(),
        row.name.as_str().into(),
        content.into(),
        row.encoding.as_str().into(),
        row.delimiter.as_str().into(),
        Value::json(&row.header.0),
        Value::json(&row.mapping.0),
        row.total.into(),
        row.created_at.into(),
        row.version.into(),
        row.samples.as_ref().map_or(Value::Null, |samples| Value::json(&samples.0)),
        row.defaults.as_ref().map_or(Value::Null, |defaults| Value::json(&defaults.0)),
        row.recalled.into(),
        row.kind.word().into(),
    ]]);
    query.execute(tx).await.map(drop)
}

/// Sets mapping and default values if the version still matches. Returns whether it did.
pub async fn map(
    tx: &mut Conn,
    id: ImportId,
    seen: i64,
    mapping: &Mapping,
    defaults: &Defaults,
) -> afpi_db::Result<bool> {
    let changed =
        sql("UPDATE imports SET mapping = ?, defaults = ?, version = version + 1 WHERE id = ? AND version = ?")
            .bind(Value::json(mapping))
            .bind(Value::json(defaults))
            .bind(id)
            .bind(seen)
            .execute(tx)
            .await?;
    Ok(changed == 1)
}

/// Remembers how this person maps files of this kind with these columns.
pub async fn remember(
    tx: &mut Conn,
    user: UserId,
    kind: Kind,
    header: &[String],
    mapping: &Mapping,
    defaults: &Defaults,
) -> afpi_db::Result<()> {
    let mut query = sql("INSERT INTO import_mappings (user_id, shape, mapping, defaults, used_at) VALUES ");
    query.rows([[
        user.into(),
        shape(kind, header).into(),
        Value::json(mapping),
        Value::json(defaults),
        Instant::now().into(),
    ]]);
    dialect::upsert(&mut query, tx.backend(), &["user_id", "shape"], &["mapping", "defaults", "used_at"]);
    query.execute(tx).await.map(drop)
}

/// How this person mapped the last file of this kind with these columns.
pub async fn recall(
    conn: &mut Conn,
    user: UserId,
    kind: Kind,
    header: &[String],
) -> afpi_db::Result<Option<(Mapping, Defaults)>> {
    let found = sql("SELECT mapping, defaults FROM import_mappings WHERE user_id = ? AND shape = ?")
        .bind(user)
        .bind(shape(kind, header))
        .optional::<(Json<Mapping>, Json<Defaults>)>(conn)
        .await?;
    Ok(found.map(|(mapping, defaults)| (mapping.0, defaults.0)))
}

/// The key of these names of columns, in this order, however they are capitalised.
fn shape(kind: Kind, header: &[String]) -> [u8; 32] {
    let mut hash = Sha256::new();
    // Mappings of companies are older than other kinds.
    if kind != Kind::Entreprises {
        hash.update(kind.word());
        hash.update([1]);
    }
    for name in header {
        hash.update(fold(name).trim());
        hash.update([0]);
    }
    hash.finalize().into()
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
/// but can no longer be reverted as a whole. Forgets mappings that nobody used for [`REMEMBERED`].
///
/// # Errors
/// Those of the database.
pub async fn expire(db: &Db, now: Instant) -> Result<()> {
    let mut tx = db.begin().await?;
    sql("DELETE FROM import_mappings WHERE used_at < ?").bind(now - REMEMBERED).execute(&mut tx).await?;
    tx.commit().await?;
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
