//! Makes a backup. Nobody waits for it: it reads what the database held when it began, while others go on writing.

use std::collections::BTreeSet;

use afpi_db::{Backend, Db, Pages, Snapshot, Standing, Table, catalogue, sql};
use afpi_files::{Files, Key};
use futures::TryStreamExt;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::error::{BackupError, Result};
use crate::manifest::{self, FileLine, FilesEntry, Lost, Manifest, TableEntry};
use crate::rows::{Content, hex, line};
use crate::vault::Vault;

/// An installation.
pub struct Source<'a> {
    pub db: &'a Db,
    pub files: &'a Files,
    /// See [`Manifest::secret`].
    pub secret: &'a str,
}

/// The id of an installation.
pub async fn installation(db: &Db) -> Result<String> {
    let mut conn = db.read().await?;
    let known = catalogue::tables(&mut conn).await?.iter().any(|table| table.name == "installation");
    let id = match known {
        true => sql("SELECT id FROM installation WHERE one = 1").optional::<(Uuid,)>(&mut conn).await?,
        false => None,
    };
    id.map(|(id,)| id.to_string()).ok_or(BackupError::NoTables)
}

/// Makes a backup. It is complete when this returns, and not yet verified.
pub async fn backup(vault: &Vault, source: Source<'_>) -> Result<Manifest> {
    let installation = installation(source.db).await?;
    let id = chrono::Utc::now().format("%Y-%m-%dT%H-%M-%S-%3fZ").to_string();
    let mut snapshot = source.db.snapshot().await?;
    let standing = Standing::read(&mut snapshot).await?;
    standing.check()?;
    let mut backup = Manifest {
        id,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        engine: match source.db.backend() {
            Backend::MariaDb => "mariadb",
            Backend::Sqlite => "sqlite",
        }
        .to_owned(),
        installation,
        schema: standing.applied.ok_or(BackupError::NoTables)?,
        secret: source.secret.to_owned(),
        tables: Vec::new(),
        files: FilesEntry::default(),
    };
    for table in catalogue::tables(&mut snapshot).await? {
        let object = manifest::table(&backup.id, &table.name);
        let entry = write_table(vault, &object, &mut snapshot, &table).await?;
        tracing::debug!(table = entry.name, rows = entry.rows, "written");
        backup.tables.push(entry);
    }
    backup.files = write_files(vault, &backup.id, &mut snapshot, &source).await?;
    let mut to = vault.write(&manifest::manifest(&backup.id)).await?;
    to.push(&serde_json::to_vec_pretty(&backup).expect("plain data serialises")).await?;
    to.finish().await?;
    Ok(backup)
}

async fn write_table(vault: &Vault, object: &str, snapshot: &mut Snapshot, table: &Table) -> Result<TableEntry> {
    let mut to = vault.write(object).await?;
    let mut content = Content::default();
    let mut pages = Pages::of(table);
    loop {
        let rows = pages.next(snapshot).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            let line = line(&row);
            content.add(&line);
            to.push(&line).await?;
        }
    }
    Ok(TableEntry {
        name: table.name.clone(),
        columns: table.columns.clone(),
        rows: content.rows,
        sha256: to.finish().await?,
        content: content.hex(),
        position: snapshot.position(table).await?,
    })
}

/// Files never change, so one that is in the place already is not written again.
async fn write_files(vault: &Vault, id: &str, snapshot: &mut Snapshot, source: &Source<'_>) -> Result<FilesEntry> {
    const BATCH: u32 = 500;
    let mut there = vault.contents().await?;
    let mut list = vault.write(&manifest::files(id)).await?;
    let (mut entry, mut after) = (FilesEntry::default(), String::new());
    loop {
        let mut query = sql("SELECT sha256, object_key, size FROM files WHERE sha256 > ? ORDER BY sha256").bind(&after);
        query.limit(BATCH);
        let files = query.all::<(String, String, i64)>(snapshot).await?;
        let Some((last, ..)) = files.last() else { break };
        after = last.clone();
        for (sha256, key, size) in files {
            if let Some(why) = write_content(vault, &mut there, source, &sha256, &key).await? {
                tracing::warn!(file = sha256, why, "a file is not in the backup");
                entry.lost.push(Lost { sha256, why });
                continue;
            }
            entry.count += 1;
            entry.bytes += size.unsigned_abs();
            let mut line = serde_json::to_vec(&FileLine { sha256, key, size: size.unsigned_abs() })
                .expect("plain data serialises");
            line.push(b'\n');
            list.push(&line).await?;
        }
    }
    entry.sha256 = list.finish().await?;
    Ok(entry)
}

/// Copies the content of a file, unless it is there. Says why it cannot, when the installation has lost it.
async fn write_content(
    vault: &Vault,
    there: &mut BTreeSet<String>,
    source: &Source<'_>,
    sha256: &str,
    key: &str,
) -> Result<Option<String>> {
    let object = vault.content(sha256);
    if there.contains(&object) {
        return Ok(None);
    }
    let Some(key) = Key::read(key) else { return Ok(Some("its row names no object".to_owned())) };
    let mut content = match source.files.read(&key).await {
        Err(afpi_files::Lost::Missing) => return Ok(Some(gone(source.db, sha256).await?)),
        content => content.map_err(crate::vault::at(key.as_str()))?,
    };
    let mut to = vault.write(&object).await?;
    let mut hash = Sha256::new();
    while let Some(bytes) = content.try_next().await.map_err(crate::vault::at(key.as_str()))? {
        hash.update(&bytes);
        to.push(&bytes).await?;
    }
    if hex(&hash.finalize()) != sha256 {
        to.abort().await;
        return Ok(Some("its object is not as it was uploaded".to_owned()));
    }
    to.finish().await?;
    there.insert(object);
    Ok(None)
}

/// A file that nothing refers to may be removed while the backup is made.
async fn gone(db: &Db, sha256: &str) -> Result<String> {
    let row = sql("SELECT sha256 FROM files WHERE sha256 = ?").bind(sha256);
    let still = row.optional::<(String,)>(&mut db.read().await?).await?.is_some();
    Ok(if still { "its object is missing" } else { "it was removed meanwhile" }.to_owned())
}
