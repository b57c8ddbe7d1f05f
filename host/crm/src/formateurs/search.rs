//! What `?q=` finds a trainer by: name, e-mail, telephone and skills.

use afpi_db::{Db, Json, sql};
use uuid::Uuid;

use crate::search::{index, phone as digits};
use afpi_core::scope::Scope;

/// As wide as the column, in characters.
const LONGEST: usize = 600;

/// Rows written anew in one transaction.
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

afpi_db::row! {
    struct Row { id: Uuid, name: String, email: Option<String>, phone: Option<String>, skills: Json<Vec<String>> }
}

/// Writes the words of trainers that have none: after a migration that empties the column.
pub async fn fill(db: &Db) -> afpi_db::Result<()> {
    let mut last = Uuid::nil();
    while let Some(end) = afpi_db::retry(|| fill_some(db, last)).await? {
        last = end;
    }
    Ok(())
}

async fn fill_some(db: &Db, last: Uuid) -> afpi_db::Result<Option<Uuid>> {
    let mut tx = db.begin().await?;
    let mut query = Scope::All.formateurs("f.id, f.name, f.email, f.phone, f.skills", "");
    query.push(" AND f.search = '' AND f.id > ?").arg(last).push(" ORDER BY f.id").limit(BATCH);
    let rows: Vec<Row> = query.all(&mut tx).await?;
    for row in &rows {
        sql("UPDATE formateurs SET search = ? WHERE id = ?")
            .bind(words(&row.name, row.email.as_deref(), row.phone.as_deref(), row.skills.0.iter().map(String::as_str)))
            .bind(row.id)
            .execute(&mut tx)
            .await?;
    }
    tx.commit().await?;
    Ok(rows.last().map(|row| row.id))
}
