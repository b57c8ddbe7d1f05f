//! Brings a backup back, into a database of either engine. Until the end no program takes that database. A restore that
//! was killed begins again; files that are there already stay.

use std::collections::BTreeSet;
use std::time::Duration;

use afpi_db::{Content as Found, Db, Loader, Pages, Table, Values, catalogue};
use afpi_files::{Files, Key};
use futures::{TryStreamExt, stream};

use crate::error::{BackupError, Result};
use crate::manifest::{Manifest, TableEntry};
use crate::read::{FileList, Rows, verify};
use crate::rows::{Content, line};
use crate::vault::Vault;

/// Rows that are written together.
const BATCH: usize = 500;
/// Bytes of rows that are in memory together, more or less.
const BYTES: usize = 4 << 20;

/// Where to.
pub struct Target<'a> {
    pub db: &'a Db,
    pub files: &'a Files,
    /// Drop what is in the database.
    pub replace: bool,
}

/// Verifies a backup and brings it back.
pub async fn restore(vault: &Vault, backup: &Manifest, target: Target<'_>) -> Result<()> {
    accepts(target.db, backup.schema, target.replace).await?;
    verify(vault, backup).await?;
    restore_files(vault, backup, target.files).await?;
    let mut loader = target.db.loader(backup.schema).await?;
    for table in &backup.tables {
        let mut rows = Rows::open(vault, backup, table).await?;
        let mut batch = Batch::of(&table.name, &table.columns);
        while let Some(row) = rows.next().await? {
            batch.add(&mut loader, row).await?;
        }
        batch.end(&mut loader).await?;
        rows.finish()?;
        positioned(&mut loader, table).await?;
        tracing::debug!(table = table.name, rows = table.rows, "restored");
    }
    compare(target.db, &backup.tables).await?;
    Ok(loader.finish().await?)
}

/// May this database take tables of this migration?
pub(crate) async fn accepts(db: &Db, schema: i64, replace: bool) -> Result<()> {
    let standing = db.standing().await?;
    if schema > standing.newest {
        return Err(BackupError::Newer { schema, known: standing.newest });
    }
    match db.content().await? {
        Found::Tables if !replace => Err(BackupError::NotEmpty),
        _ => Ok(()),
    }
}

async fn restore_files(vault: &Vault, backup: &Manifest, files: &Files) -> Result<()> {
    let mut there = BTreeSet::new();
    let mut kept = files.kept(Duration::ZERO);
    while let Some(keys) = kept.try_next().await.map_err(crate::vault::at("files"))? {
        there.extend(keys.into_iter().map(|key| key.as_str().to_owned()));
    }
    let mut list = FileList::open(vault, backup).await?;
    while let Some(file) = list.next().await? {
        if there.contains(&file.key) {
            continue;
        }
        let object = vault.content(&file.sha256);
        let key = Key::read(&file.key).filter(|key| key.sha256() == file.sha256);
        let key = key.ok_or_else(|| BackupError::damaged(&object, "its key is none"))?;
        let content = stream::try_unfold(vault.read(&object).await?, |mut content| async {
            Ok::<_, BackupError>(content.next().await?.map(|bytes| (bytes, content)))
        });
        match files.put_back(&key, Box::pin(content)).await {
            Ok(true) => {}
            Ok(false) => return Err(BackupError::damaged(&object, "its content is not that of its hash")),
            Err(afpi_files::Refusal::Broken(error)) => return Err(error),
            Err(afpi_files::Refusal::Lost(source)) => return Err(BackupError::Place { object: file.key, source }),
            Err(other) => return Err(BackupError::damaged(&object, other)),
        }
    }
    list.finish(backup)
}

/// Rows of a table on their way into the database.
pub(crate) struct Batch<'t> {
    table: &'t str,
    columns: &'t [String],
    rows: Vec<Values>,
    bytes: usize,
}

impl<'t> Batch<'t> {
    pub fn of(table: &'t str, columns: &'t [String]) -> Self {
        Batch { table, columns, rows: Vec::new(), bytes: 0 }
    }

    pub async fn add(&mut self, loader: &mut Loader, row: Values) -> Result<()> {
        self.bytes += row.iter().map(afpi_db::Value::size).sum::<usize>();
        self.rows.push(row);
        if self.rows.len() >= BATCH || self.bytes >= BYTES {
            self.put(loader).await?;
        }
        Ok(())
    }

    async fn put(&mut self, loader: &mut Loader) -> Result<()> {
        self.bytes = 0;
        let put = loader.rows(self.table, self.columns, std::mem::take(&mut self.rows)).await;
        put.map_err(|source| BackupError::Rows { table: self.table.to_owned(), source })
    }

    pub async fn end(mut self, loader: &mut Loader) -> Result<()> {
        self.put(loader).await
    }
}

pub(crate) async fn positioned(loader: &mut Loader, table: &TableEntry) -> Result<()> {
    match table.position {
        Some(last) => Ok(loader.position(&table.name, last).await?),
        None => Ok(()),
    }
}

/// Does the database have these rows, and no others?
pub(crate) async fn compare(db: &Db, expected: &[TableEntry]) -> Result<()> {
    let mut snapshot = db.snapshot().await?;
    for table in catalogue::tables(&mut snapshot).await? {
        let found = content(&mut snapshot, &table).await?;
        let entry = expected.iter().find(|entry| entry.name == table.name);
        let same = entry.map_or(found.rows == 0, |entry| {
            entry.rows == found.rows && entry.content == found.hex() && entry.columns == table.columns
        });
        if !same {
            let expected = entry.map_or(0, |entry| entry.rows);
            return Err(BackupError::Unequal { table: table.name, rows: found.rows, expected });
        }
    }
    Ok(())
}

async fn content(conn: &mut afpi_db::Conn, table: &Table) -> Result<Content> {
    let mut content = Content::default();
    let mut pages = Pages::of(table);
    loop {
        let rows = pages.next(conn).await?;
        if rows.is_empty() {
            return Ok(content);
        }
        rows.iter().for_each(|row| content.add(&line(row)));
    }
}
