//! Links between our records and those of the other system, with the last values taken over: the table `external_ids`.
//! A source without memory has an empty key and no links.

use std::collections::HashMap;

use afpi_db::{Conn, Json, Value as Sql, dialect, sql};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::change::{Entity, Fields};
use afpi_core::clock::Instant;

/// Identifies the state of a record when it was taken over: SHA-256 of its fields and parent. The last bit says whether
/// it was archived there. So a record that comes back differs from one that a person switched off here.
pub type Digest = [u8; 32];

/// A known pair.
#[derive(Debug, Clone)]
pub struct Link {
    pub record: Uuid,
    pub digest: Vec<u8>,
    pub missing: bool,
    /// The values last seen there. None for a link that is older than this column.
    pub seen: Option<Fields>,
}

impl Link {
    /// Was it archived over there when it was last taken over?
    pub fn archived(&self) -> bool {
        archived(&self.digest)
    }
}

/// Reads the last bit of a digest.
pub fn archived(digest: &[u8]) -> bool {
    digest.last().is_some_and(|byte| byte & 1 == 1)
}

/// The digest of a received record.
pub fn digest(fields: &Fields, parent: &str, archived: bool) -> Digest {
    let mut text = String::with_capacity(256);
    canonical(&Value::Object(fields.clone()), &mut text);
    let mut hash = Sha256::new();
    hash.update((parent.len() as u64).to_le_bytes());
    hash.update(parent.as_bytes());
    hash.update(text.as_bytes());
    let mut digest: Digest = hash.finalize().into();
    digest[31] = (digest[31] & !1) | u8::from(archived);
    digest
}

/// JSON with sorted names, so that the plugin's order does not matter.
fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut names: Vec<&String> = fields.keys().collect();
            names.sort();
            out.push('{');
            for name in names {
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                canonical(&fields[name], out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

/// The links of these external ids.
pub async fn by_external<'a>(
    conn: &mut Conn,
    source: &str,
    entity: Entity,
    ids: impl Iterator<Item = &'a str>,
) -> afpi_db::Result<HashMap<String, Link>> {
    if source.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = sql("SELECT external_id, record_id, digest, missing_since, seen_fields FROM external_ids WHERE source = ? AND entity = ? AND external_id IN ")
        .bind(source).bind(entity.as_str());
    query.list(ids);
    let rows = query.all::<(String, Uuid, Vec<u8>, Option<Instant>, Option<Json<Fields>>)>(conn).await?;
    Ok(rows
        .into_iter()
        .map(|(id, record, digest, missing, seen)| {
            (id, Link { record, digest, missing: missing.is_some(), seen: seen.map(|seen| seen.0) })
        })
        .collect())
}

/// All links whose records were present at the last run, ordered by external id.
pub async fn present(conn: &mut Conn, source: &str, entity: Entity) -> afpi_db::Result<Vec<(String, Uuid)>> {
    sql("SELECT external_id, record_id FROM external_ids WHERE source = ? AND entity = ? AND missing_since IS NULL ORDER BY external_id")
        .bind(source).bind(entity.as_str()).all(conn).await
}

/// The external ids of these records in this source.
pub async fn by_record(
    conn: &mut Conn,
    source: &str,
    entity: Entity,
    records: impl Iterator<Item = Uuid>,
) -> afpi_db::Result<HashMap<Uuid, String>> {
    if source.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query =
        sql("SELECT record_id, external_id FROM external_ids WHERE source = ? AND entity = ? AND record_id IN ")
            .bind(source)
            .bind(entity.as_str());
    query.list(records);
    Ok(query.all::<(Uuid, String)>(conn).await?.into_iter().collect())
}

/// A link to store.
pub struct NewLink<'a> {
    pub entity: Entity,
    pub external_id: &'a str,
    pub record: Uuid,
    pub digest: &'a [u8],
    pub missing_since: Option<Instant>,
    /// The values to remember as seen. None leaves the stored ones.
    pub seen: Option<&'a Fields>,
}

/// Stores links, over existing ones.
pub async fn put(tx: &mut Conn, source: &str, links: &[NewLink<'_>], now: Instant) -> afpi_db::Result<()> {
    let (seen, unseen): (Vec<&NewLink>, Vec<&NewLink>) = links.iter().partition(|link| link.seen.is_some());
    put_all(tx, source, &seen, now, &["record_id", "digest", "synced_at", "missing_since", "seen_fields"]).await?;
    put_all(tx, source, &unseen, now, &["record_id", "digest", "synced_at", "missing_since"]).await
}

async fn put_all(
    tx: &mut Conn,
    source: &str,
    links: &[&NewLink<'_>],
    now: Instant,
    columns: &[&'static str],
) -> afpi_db::Result<()> {
    if links.is_empty() {
        return Ok(());
    }
    let mut query = sql(
        "INSERT INTO external_ids (source, entity, external_id, record_id, digest, synced_at, missing_since, seen_fields) VALUES ",
    );
    query.rows(links.iter().map(|l| -> [Sql; 8] {
        [
            source.into(),
            l.entity.as_str().into(),
            l.external_id.into(),
            l.record.into(),
            l.digest.into(),
            now.into(),
            l.missing_since.into(),
            l.seen.map_or(Sql::Null, Sql::json),
        ]
    }));
    dialect::upsert(&mut query, tx.backend(), &["source", "entity", "external_id"], columns);
    query.execute(tx).await?;
    Ok(())
}

/// Marks links as missing there, or as present again.
pub async fn missing<'a>(
    tx: &mut Conn,
    source: &str,
    entity: Entity,
    ids: impl Iterator<Item = &'a str>,
    since: Option<Instant>,
) -> afpi_db::Result<()> {
    let mut query =
        sql("UPDATE external_ids SET missing_since = ? WHERE source = ? AND entity = ? AND external_id IN ")
            .bind(since)
            .bind(source)
            .bind(entity.as_str());
    query.list(ids);
    query.execute(tx).await?;
    Ok(())
}

/// Deletes a link, if it exists.
pub async fn forget(
    tx: &mut Conn,
    source: &str,
    entity: Entity,
    external_id: &str,
    record: Uuid,
) -> afpi_db::Result<()> {
    if source.is_empty() {
        return Ok(());
    }
    sql("DELETE FROM external_ids WHERE source = ? AND entity = ? AND external_id = ? AND record_id = ?")
        .bind(source)
        .bind(entity.as_str())
        .bind(external_id)
        .bind(record)
        .execute(tx)
        .await?;
    Ok(())
}

/// A digest that matches nothing, so that the next run compares the record again.
pub fn doubtful(archived: bool) -> Digest {
    let mut digest = [0; 32];
    digest[31] = u8::from(archived);
    digest
}

/// Makes the next run compare again: these fields, taken over from there, have other values here now. Remembers the
/// given values as seen.
pub async fn doubt(
    tx: &mut Conn,
    source: &str,
    entity: Entity,
    external_id: &str,
    fields: &Fields,
) -> afpi_db::Result<()> {
    if source.is_empty() {
        return Ok(());
    }
    see(tx, source, entity, external_id, fields).await?;
    sql("UPDATE external_ids SET digest = ?, missing_since = NULL WHERE source = ? AND entity = ? AND external_id = ?")
        .bind(doubtful(false))
        .bind(source)
        .bind(entity.as_str())
        .bind(external_id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Remembers these fields as seen there (`null`: not there), beside the others. Returns whether the link still exists.
pub async fn see(
    tx: &mut Conn,
    source: &str,
    entity: Entity,
    external_id: &str,
    fields: &Fields,
) -> afpi_db::Result<bool> {
    let links = by_external(tx, source, entity, std::iter::once(external_id)).await?;
    let Some(link) = links.get(external_id) else { return Ok(false) };
    let mut seen = link.seen.clone().unwrap_or_default();
    for (name, value) in fields {
        if value.is_null() {
            seen.remove(name)
        } else {
            seen.insert(name.clone(), value.clone())
        };
    }
    sql("UPDATE external_ids SET seen_fields = ? WHERE source = ? AND entity = ? AND external_id = ?")
        .bind(Sql::json(&seen))
        .bind(source)
        .bind(entity.as_str())
        .bind(external_id)
        .execute(tx)
        .await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(value: Value, parent: &str, archived: bool) -> Digest {
        digest(value.as_object().unwrap(), parent, archived)
    }

    #[test]
    fn the_order_of_fields_does_not_count_and_everything_else_does() {
        let one = of(json!({"name": "A", "address": {"city": "B", "postcode": "02100"}}), "", false);
        assert_eq!(one, of(json!({"address": {"postcode": "02100", "city": "B"}, "name": "A"}), "", false));
        for other in [
            of(json!({"name": "A", "address": {"city": "B", "postcode": "02101"}}), "", false),
            of(json!({"name": "A", "address": {"city": "B", "postcode": "02100"}}), "1", false),
            of(json!({"name": "A", "address": {"city": "B", "postcode": "02100"}}), "", true),
            of(json!({"name": "A"}), "", false),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn a_digest_remembers_whether_the_record_was_archived() {
        for archived in [true, false] {
            let digest = of(json!({"name": "A"}), "", archived);
            assert_eq!(
                Link { record: Uuid::nil(), digest: digest.to_vec(), missing: false, seen: None }.archived(),
                archived
            );
        }
    }
}
