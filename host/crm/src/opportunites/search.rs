//! The search words of an opportunité for `?q=`: its number, its title, its company, and the document fields that the
//! workflow's forms mark `x-search`, e.g. the numbers of quotes and invoices. The document fields depend on the plugin
//! and have a column of their own.

use afpi_db::{Conn, Db, sql};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::search::index;
use afpi_core::error::Result;
use afpi_core::id::{EntrepriseId, LocalisationId, OpportuniteId};
use afpi_core::scope::Scope;
use afpi_platform::feed::{Changed, noted};
use afpi_platform::state::App;
use afpi_platform::workflow::Definition;

/// The columns that the search looks in.
pub const COLUMNS: [&str; 2] = ["o.search", "o.search_data"];

/// The width of the columns, in characters.
const LONGEST: usize = 1000;
const LONGEST_DATA: usize = 2000;

/// Rows rewritten in one transaction.
const BATCH: u32 = 500;

/// The column `search`.
pub fn words(numero: &str, title: &str, entreprise: &str) -> String {
    index([numero, title, entreprise], LONGEST)
}

/// The column `search_data`: the marked fields of the section documents.
pub fn documents(definition: &Definition, documents: &Map<String, Value>) -> String {
    let mut texts = Vec::new();
    for section in &definition.workflow.sections {
        if let Some(document) = documents.get(&section.id) {
            marked(&section.form, &section.form, document, &mut texts);
        }
    }
    index(texts, LONGEST_DATA)
}

/// Collects the texts of `value` that `schema` marks. `root` holds the referenced definitions. The host has already
/// refused recursive schemas.
fn marked<'a>(root: &Value, schema: &Value, value: &'a Value, texts: &mut Vec<&'a str>) {
    if let Some(target) =
        schema.get("$ref").and_then(Value::as_str).and_then(|to| root.pointer(to.trim_start_matches('#')))
    {
        marked(root, target, value, texts);
    }
    match value {
        Value::String(text) if schema.get("x-search") == Some(&Value::Bool(true)) => texts.push(text),
        Value::Array(items) => {
            let Some(schema) = schema.get("items") else { return };
            items.iter().for_each(|item| marked(root, schema, item, texts));
        }
        Value::Object(fields) => {
            let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
            for (name, value) in fields {
                if let Some(schema) = properties.get(name) {
                    marked(root, schema, value, texts);
                }
            }
        }
        _ => {}
    }
}

/// Updates the search words of the opportunités of a renamed company. Their versions stay because no field of them
/// changes.
pub async fn renamed(tx: &mut Conn, entreprise: EntrepriseId, name: &str) -> afpi_db::Result<()> {
    let mut query = Scope::All.opportunites("o.id, o.numero, o.title", "");
    query.push(" AND o.entreprise_id = ?").arg(entreprise);
    let all = query.all::<(OpportuniteId, String, String)>(tx).await?;
    noted(tx, all.iter().map(|(id, ..)| (Changed::Opportunite, id.uuid()))).await?;
    for (id, numero, title) in all {
        set(tx, id, "search", words(&numero, &title, name)).await?;
    }
    Ok(())
}

async fn set(tx: &mut Conn, id: OpportuniteId, column: &'static str, words: String) -> afpi_db::Result<()> {
    let mut query = sql("UPDATE opportunites SET ");
    query.push(column).push(" = ? WHERE id = ?").arg(words).arg(id);
    query.execute(tx).await?;
    Ok(())
}

/// Writes the search words of rows that have none, after a migration that empties the column.
pub async fn fill(db: &Db) -> afpi_db::Result<()> {
    let mut last = Uuid::nil().into();
    while let Some(end) = afpi_db::retry(|| fill_some(db, last)).await? {
        last = end;
    }
    Ok(())
}

async fn fill_some(db: &Db, last: OpportuniteId) -> afpi_db::Result<Option<OpportuniteId>> {
    let mut tx = db.begin().await?;
    let mut query =
        Scope::All.opportunites("o.id, o.numero, o.title, e.name", "JOIN entreprises e ON e.id = o.entreprise_id");
    query.push(" AND o.search = '' AND o.id > ?").arg(last).push(" ORDER BY o.id").limit(BATCH);
    let rows: Vec<(OpportuniteId, String, String, String)> = query.all(&mut tx).await?;
    let end = rows.last().map(|(id, ..)| *id);
    for (id, numero, title, entreprise) in rows {
        set(&mut tx, id, "search", words(&numero, &title, &entreprise)).await?;
    }
    tx.commit().await?;
    Ok(end)
}

/// The same for the words of the documents, which need the workflow of each site. A site without a workflow is tried
/// again at the next start.
pub async fn fill_documents(app: &App) -> Result<()> {
    let mut last = OpportuniteId::from(Uuid::nil());
    loop {
        let mut tx = app.db.begin().await?;
        let mut query = Scope::All.opportunites("o.id, o.localisation_id, o.data", "");
        query.push(" AND o.search_data IS NULL AND o.id > ?").arg(last).push(" ORDER BY o.id").limit(BATCH);
        let rows: Vec<(OpportuniteId, LocalisationId, String)> = query.all(&mut tx).await?;
        drop(tx);
        let Some((end, ..)) = rows.last() else { return Ok(()) };
        last = *end;
        let mut found = Vec::new();
        for (id, site, data) in rows {
            if let Ok((_, definition)) = app.plugins.workflow(site).await {
                let data: Map<String, Value> = serde_json::from_str(&data).unwrap_or_default();
                found.push((id, documents(&definition, &data)));
            }
        }
        let mut tx = app.db.begin().await?;
        noted(&mut tx, found.iter().map(|(id, _)| (Changed::Opportunite, id.uuid()))).await?;
        for (id, words) in found {
            // Another writer may have set it meanwhile. That value is newer and stays.
            sql("UPDATE opportunites SET search_data = ? WHERE id = ? AND search_data IS NULL")
                .bind(words)
                .bind(id)
                .execute(&mut tx)
                .await?;
        }
        tx.commit().await?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marked_fields_are_found_in_lists_and_behind_references() {
        let form = serde_json::json!({
            "$defs": {"line": {"properties": {"numero": {"type": "string", "x-search": true}, "note": {"type": "string"}}}},
            "properties": {
                "numero": {"type": ["string", "null"], "x-search": true},
                "lines": {"type": "array", "items": {"$ref": "#/$defs/line"}},
                "amount": {"type": "integer", "x-search": true},
            },
        });
        let document = serde_json::json!({
            "numero": "D2026-00007", "amount": 12, "unknown": "x",
            "lines": [{"numero": "F2026-00012", "note": "private"}, {"numero": null}, "broken"],
        });
        let mut texts = Vec::new();
        marked(&form, &form, &document, &mut texts);
        texts.sort_unstable();
        assert_eq!(texts, ["D2026-00007", "F2026-00012"]);
    }
}
