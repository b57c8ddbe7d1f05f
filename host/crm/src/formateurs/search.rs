//! The search words of a trainer for `?q=`: name, e-mail, telephone and skills.

use afpi_db::{Db, sql};
use uuid::Uuid;

use super::description::FORMATEURS;
use crate::search::{index, phone as digits};
use afpi_core::id::FormateurId;
use afpi_core::scope::Scope;

/// The width of the column, in characters.
const LONGEST: usize = 600;

/// Rows rewritten in one transaction.
const BATCH: u32 = 500;

/// The column `search`.
pub fn words<'a>(
    name: &str,
    email: Option<&str>,
    phone: Option<&str>,
    skills: impl IntoIterator<Item = &'a str>,
) -> String {
    let phone = phone.map(digits).unwrap_or_default();
    let skills: Vec<&str> = skills.into_iter().collect();
    index([name, email.unwrap_or_default(), &phone, &skills.join(" ")], LONGEST)
}

/// Writes the search words of trainers that have none, after a migration that empties the column.
pub async fn fill(db: &Db) -> afpi_db::Result<()> {
    let mut last = Uuid::nil().into();
    while let Some(end) = afpi_db::retry(|| fill_some(db, last)).await? {
        last = end;
    }
    Ok(())
}

async fn fill_some(db: &Db, last: FormateurId) -> afpi_db::Result<Option<FormateurId>> {
    let mut tx = db.begin().await?;
    let mut query = FORMATEURS.searched(&Scope::All);
    query.push(" AND f.search = '' AND f.id > ?").arg(last).push(" ORDER BY f.id").limit(BATCH);
    let mut found: Vec<(FormateurId, Vec<String>)> = Vec::new();
    query
        .each(&mut tx, |row| {
            found.push((row.at(0)?, FORMATEURS.words(&row)?));
            Ok(true)
        })
        .await?;
    for (id, texts) in &found {
        sql("UPDATE formateurs SET search = ? WHERE id = ?")
            .bind(index(texts.iter().map(String::as_str), LONGEST))
            .bind(id)
            .execute(&mut tx)
            .await?;
    }
    tx.commit().await?;
    Ok(found.last().map(|(id, _)| *id))
}
