//! The search words of a company for `?q=`: its names, identifiers, places and numbers, and its contacts. Code that
//! writes a company or its contacts calls [`write`] in the same transaction.

use std::collections::BTreeMap;

use afpi_db::{Conn, Db, sql};
use uuid::Uuid;

use super::description::{CONTACTS, ENTREPRISES};
use crate::search::index;
use afpi_core::id::EntrepriseId;
use afpi_core::scope::Scope;
use afpi_platform::feed::{Changed, noted};

/// The width of the column, in characters.
const LONGEST: usize = 4000;

/// Companies written in one statement.
const BATCH: usize = 500;

/// Writes the column `search` of these companies, and notes that they changed.
pub async fn write(tx: &mut Conn, ids: &[EntrepriseId]) -> afpi_db::Result<()> {
    noted(tx, ids.iter().map(|id| (Changed::Entreprise, id.uuid()))).await?;
    for ids in ids.chunks(BATCH) {
        let mut query = ENTREPRISES.searched(&Scope::All);
        query.push(" AND e.id IN ").list(ids);
        let mut found: BTreeMap<EntrepriseId, Vec<String>> = BTreeMap::new();
        query
            .each(tx, |row| {
                found.insert(row.at(0)?, ENTREPRISES.words(&row)?);
                Ok(true)
            })
            .await?;
        let mut query = CONTACTS.searched(&Scope::All);
        query.push(" AND e.id IN ").list(ids).push(" ORDER BY c.position, c.id");
        query
            .each(tx, |row| {
                if let Some(texts) = found.get_mut(&row.at(0)?) {
                    texts.extend(CONTACTS.words(&row)?);
                }
                Ok(true)
            })
            .await?;
        if found.is_empty() {
            continue;
        }
        let mut query = sql("UPDATE entreprises SET search = CASE id");
        for (id, texts) in &found {
            query.push(" WHEN ? THEN ?").arg(id).arg(index(texts.iter().map(String::as_str), LONGEST));
        }
        query.push(" END WHERE id IN ").list(found.keys());
        query.execute(tx).await?;
    }
    Ok(())
}

/// Writes the search words of companies that have none, after a migration that empties the column.
pub async fn fill(db: &Db) -> afpi_db::Result<()> {
    let mut last = Uuid::nil().into();
    while let Some(end) = afpi_db::retry(|| fill_some(db, last)).await? {
        last = end;
    }
    Ok(())
}

async fn fill_some(db: &Db, last: EntrepriseId) -> afpi_db::Result<Option<EntrepriseId>> {
    let mut tx = db.begin().await?;
    let mut query = Scope::All.entreprises("e.id", "");
    query.push(" AND e.search = '' AND e.id > ?").arg(last).push(" ORDER BY e.id").limit(BATCH as u32);
    let ids: Vec<EntrepriseId> = query.all::<(EntrepriseId,)>(&mut tx).await?.into_iter().map(|(id,)| id).collect();
    write(&mut tx, &ids).await?;
    tx.commit().await?;
    Ok(ids.last().copied())
}
