//! Copies a database into another one, of the same engine or the other one. Files stay where they are.

use afpi_db::{Db, Pages, Standing, catalogue};

use crate::error::{BackupError, Result};
use crate::manifest::TableEntry;
use crate::restore::{Batch, accepts, compare, positioned};
use crate::rows::{Content, line};

/// Copies all tables as they are now, and compares both sides. `replace` drops what is in the other database.
pub async fn copy(from: &Db, to: &Db, replace: bool) -> Result<Vec<TableEntry>> {
    let mut snapshot = from.snapshot().await?;
    let standing = Standing::read(&mut snapshot).await?;
    standing.check()?;
    let schema = standing.applied.ok_or(BackupError::NoTables)?;
    accepts(to, schema, replace).await?;
    let mut loader = to.loader(schema).await?;
    let mut copied = Vec::new();
    for table in catalogue::tables(&mut snapshot).await? {
        let (mut content, mut pages) = (Content::default(), Pages::of(&table));
        let mut batch = Batch::of(&table.name, &table.columns);
        loop {
            let rows = pages.next(&mut snapshot).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                content.add(&line(&row));
                batch.add(&mut loader, row).await?;
            }
        }
        batch.end(&mut loader).await?;
        let entry = TableEntry {
            name: table.name.clone(),
            columns: table.columns.clone(),
            rows: content.rows,
            sha256: String::new(),
            content: content.hex(),
            position: snapshot.position(&table).await?,
        };
        positioned(&mut loader, &entry).await?;
        copied.push(entry);
    }
    compare(to, &copied).await?;
    loader.finish().await?;
    Ok(copied)
}
