//! Finds backups, and holds one against its manifest, byte by byte.

use std::collections::BTreeSet;

use crate::error::{BackupError, Result};
use crate::manifest::{self, BACKUPS, FileLine, Manifest, TableEntry};
use crate::rows::{Content, row};
use crate::vault::{Reading, Vault};

/// The ids of complete backups, oldest first.
pub(crate) async fn ids(vault: &Vault) -> Result<BTreeSet<String>> {
    let objects = vault.list(BACKUPS).await?;
    let complete = objects.iter().filter(|object| object.ends_with(".manifest"));
    Ok(complete.filter_map(|object| manifest::id(object)).map(str::to_owned).collect())
}

/// The backup with this id, or the newest one.
pub async fn find(vault: &Vault, id: Option<&str>) -> Result<Manifest> {
    let ids = ids(vault).await?;
    let id = match id {
        Some(id) => ids.get(id).ok_or_else(|| BackupError::Unknown(id.to_owned()))?,
        None => ids.last().ok_or(BackupError::NoBackup)?,
    };
    let object = manifest::manifest(id);
    let text = vault.read(&object).await?.all().await?;
    serde_json::from_slice(&text).map_err(|error| BackupError::damaged(&object, error))
}

/// Reads everything that belongs to a backup. The first object that is not as it was written is an error.
pub async fn verify(vault: &Vault, backup: &Manifest) -> Result<()> {
    for table in &backup.tables {
        let mut rows = Rows::open(vault, backup, table).await?;
        while rows.next().await?.is_some() {}
        rows.finish()?;
    }
    let mut files = FileList::open(vault, backup).await?;
    while let Some(file) = files.next().await? {
        let mut content = vault.read(&vault.content(&file.sha256)).await?;
        while content.next().await?.is_some() {}
        content.is(&file.sha256)?;
    }
    files.finish(backup)
}

/// The rows of a table in a backup.
pub(crate) struct Rows<'m> {
    from: Reading,
    entry: &'m TableEntry,
    content: Content,
}

impl<'m> Rows<'m> {
    pub async fn open(vault: &Vault, backup: &Manifest, entry: &'m TableEntry) -> Result<Rows<'m>> {
        let from = vault.read(&manifest::table(&backup.id, &entry.name)).await?;
        Ok(Rows { from, entry, content: Content::default() })
    }

    pub async fn next(&mut self) -> Result<Option<afpi_db::Values>> {
        let Some(mut line) = self.from.line().await? else { return Ok(None) };
        let values = row(&line).map_err(|error| BackupError::damaged(&self.from.object, error))?;
        if values.len() != self.entry.columns.len() {
            return Err(BackupError::damaged(&self.from.object, "a row has another number of values"));
        }
        line.push(b'\n');
        self.content.add(&line);
        Ok(Some(values))
    }

    /// Was everything there?
    pub fn finish(self) -> Result<()> {
        if (self.content.rows, self.content.hex()) != (self.entry.rows, self.entry.content.clone()) {
            return Err(BackupError::damaged(&self.from.object, "its rows are not those of the manifest"));
        }
        self.from.is(&self.entry.sha256)
    }
}

/// The list of files of a backup.
pub(crate) struct FileList {
    from: Reading,
    count: u64,
}

impl FileList {
    pub async fn open(vault: &Vault, backup: &Manifest) -> Result<FileList> {
        Ok(FileList { from: vault.read(&manifest::files(&backup.id)).await?, count: 0 })
    }

    pub async fn next(&mut self) -> Result<Option<FileLine>> {
        let Some(line) = self.from.line().await? else { return Ok(None) };
        self.count += 1;
        let file = serde_json::from_slice(&line);
        file.map(Some).map_err(|error| BackupError::damaged(&self.from.object, error))
    }

    /// Was everything there?
    pub fn finish(self, backup: &Manifest) -> Result<()> {
        if self.count != backup.files.count {
            return Err(BackupError::damaged(&self.from.object, "it has another number of files"));
        }
        self.from.is(&backup.files.sha256)
    }
}
