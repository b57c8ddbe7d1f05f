//! The order of names that French readers expect (Durand, eau, Ébénisterie, Zoé; Salle 2 before Salle 10), from ICU's
//! collation data, so that both engines agree. Each sortable text has a key beside it in its row, written together with
//! it.

use std::sync::LazyLock;

use afpi_db::{Db, dialect, sql};
use icu_collator::CollatorBorrowed;
use icu_collator::options::CollatorOptions;
use icu_collator::preferences::CollationNumericOrdering;
use icu_locale_core::locale;
use uuid::Uuid;

/// First byte of every key. Raise it with the collation data (a test notices): rows with an earlier one, or none, are
/// rewritten at start.
const VERSION: u8 = 1;

/// Longest key: the width of the columns. It begins with the letters. What is cut off matters only for very long texts.
const LONGEST: usize = 255;

/// Rows rewritten in one transaction.
const BATCH: u32 = 500;

static COLLATOR: LazyLock<CollatorBorrowed<'static>> = LazyLock::new(|| {
    let mut french = icu_collator::CollatorPreferences::from(locale!("fr"));
    french.numeric_ordering = Some(CollationNumericOrdering::True);
    CollatorBorrowed::try_new(french, CollatorOptions::default()).expect("French is in the compiled data")
});

/// The sort key of a text: keys compare byte by byte in the readers' order.
pub fn key(text: &str) -> Vec<u8> {
    let mut key = vec![VERSION];
    let Ok(()) = COLLATOR.write_sort_key_to(text, &mut key);
    key.truncate(LONGEST);
    key
}

/// Table, text, key.
type Keyed = (&'static str, &'static str, &'static str);

/// Every text that lists sort by.
const KEYED: [Keyed; 9] = [
    ("entreprises", "name", "name_key"),
    ("entreprises", "city", "city_key"),
    ("formateurs", "name", "name_key"),
    ("opportunites", "title", "title_key"),
    ("produits", "title", "title_key"),
    ("salles", "name", "name_key"),
    ("sessions", "title", "title_key"),
    ("stagiaires", "name", "name_key"),
    ("users", "name", "name_key"),
];

/// Writes keys that are missing or older than the present collation data, [`BATCH`] rows at a time. Several processes
/// may do so at once. A killed process loses nothing.
pub async fn fill(db: &Db) -> afpi_db::Result<()> {
    for keyed in KEYED {
        while afpi_db::retry(|| fill_some(db, keyed)).await? == u64::from(BATCH) {}
    }
    Ok(())
}

async fn fill_some(db: &Db, (table, text, key_column): Keyed) -> afpi_db::Result<u64> {
    let mut tx = db.begin().await?;
    let mut query = sql("SELECT id, ");
    query.push(text).push(" FROM ").push(table).push(" WHERE ").push(key_column).push(" < ?").arg(vec![VERSION]);
    query.limit(BATCH).push(dialect::for_update(tx.backend()));
    let rows: Vec<(Uuid, Option<String>)> = query.all(&mut tx).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let mut query = sql("UPDATE ");
    query.push(table).push(" SET ").push(key_column).push(" = CASE id");
    for (id, text) in &rows {
        query.push(" WHEN ? THEN ?").arg(id).arg(key(text.as_deref().unwrap_or_default()));
    }
    query.push(" END WHERE id IN ").list(rows.iter().map(|(id, _)| id));
    query.execute(&mut tx).await?;
    tx.commit().await?;
    Ok(rows.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_as_french_readers_do() {
        let sorted = [
            "",
            "3M",
            "20 Vins",
            "cote",
            "Cote",
            "coté",
            "côte",
            "côté",
            "Durand",
            "eau",
            "Ébénisterie",
            "Éclair",
            "Edelweiss",
            "L’Oréal",
            "Léger",
            "Lyon",
            "Œuvre",
            "Salle 2",
            "salle 10",
            "Zoé",
        ];
        let mut keys: Vec<_> = sorted.iter().rev().map(|text| (key(text), *text)).collect();
        keys.sort();
        let read: Vec<_> = keys.iter().map(|(_, text)| *text).collect();
        assert_eq!(read, sorted);
    }

    #[test]
    fn one_letter_has_one_key_however_it_is_written() {
        assert_eq!(key("Zoé"), key("Zoe\u{301}"));
        assert_ne!(key("Zoé"), key("Zoe"));
        assert_eq!(key(&"é".repeat(200)).len(), LONGEST);
    }

    /// The bytes of stored keys. Raise [`VERSION`] when the collation data changes.
    #[test]
    fn keys_are_those_of_this_version() {
        let bytes = |text: &str| key(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(
            (VERSION, bytes("Ébène & L’Œil 10").as_str()),
            (1, "01332d334533040a920441097047333b4104100c014588448a4073700901dcbddcc5e0e208")
        );
    }
}
