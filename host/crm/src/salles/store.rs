//! Rooms in the database, and how a booking finds its room.

use std::collections::BTreeSet;

use afpi_db::{Conn, Db, DbError, Value, dialect, sql};

use super::input::{Name, SalleCreate};
use crate::search::index;
use afpi_core::clock::Instant;
use afpi_core::collation;
use afpi_core::id::{LocalisationId, SalleId};
use afpi_core::scope::Scope;
use afpi_core::text::fold;

/// The search words for `?q=`.
pub(super) fn search<'a>(name: &'a str, equipment: impl IntoIterator<Item = &'a str>) -> String {
    index([name].into_iter().chain(equipment), 600)
}

/// The normal form of a name, for comparison: `Salle B12`, `salle b12` and `Salle  B12` are one room.
pub(crate) fn normalised(name: &str) -> String {
    fold(name).split_whitespace().collect::<Vec<_>>().join(" ").chars().take(190).collect()
}

/// Stores a new room, already checked; [`DbError::Unique`] when the site has one of this name.
pub async fn insert(
    tx: &mut Conn,
    new: &SalleCreate,
    localisation: LocalisationId,
    now: Instant,
) -> afpi_db::Result<SalleId> {
    let id = SalleId::generate();
    let (name, equipment) = (new.name.as_str(), new.equipment.as_deref().unwrap_or_default());
    let mut query = sql(
        "INSERT INTO salles (id, name, name_key, name_norm, search, capacity, equipment, localisation_id, active, created_at, updated_at, version) VALUES ",
    );
    query.rows([[
        id.into(),
        name.into(),
        collation::key(name).into(),
        normalised(name).into(),
        search(name, equipment.iter().map(|piece| &**piece)).into(),
        new.capacity.into(),
        Value::json(equipment),
        localisation.into(),
        true.into(),
        now.into(),
        now.into(),
        1i64.into(),
    ]]);
    query.execute(tx).await?;
    Ok(id)
}

/// The room of this site that a booking names, and whether it is active. The booking has its id, or its name: documents
/// older than rooms and other workflows use names. An unknown name becomes a new room. `None` when the text names no
/// room of the site.
pub async fn resolve(
    tx: &mut Conn,
    site: LocalisationId,
    named: &str,
    now: Instant,
) -> afpi_db::Result<Option<(SalleId, bool)>> {
    if let Ok(id) = named.parse::<SalleId>() {
        let mut query = Scope::Sites(vec![site]).salles("s.id, s.active", "");
        query.push(" AND s.id = ?").arg(id);
        return query.optional(tx).await;
    }
    let wanted = normalised(named);
    if !wanted.chars().any(char::is_alphanumeric) {
        return Ok(None);
    }
    if let Some(found) = find(tx, site, &wanted).await? {
        return Ok(Some(found));
    }
    let name: String = afpi_text::salvage(named).chars().take(Name::MAX).collect();
    let new = SalleCreate { name: name.into(), capacity: None, equipment: None, localisation_id: None };
    match insert(tx, &new, site, now).await {
        Ok(id) => Ok(Some((id, true))),
        // Another transaction has just created it.
        Err(DbError::Unique(_)) => find(tx, site, &wanted).await,
        Err(other) => Err(other),
    }
}

async fn find(tx: &mut Conn, site: LocalisationId, normalised: &str) -> afpi_db::Result<Option<(SalleId, bool)>> {
    let mut query = Scope::Sites(vec![site]).salles("s.id, s.active", "");
    // Locked, so that rows that another transaction has just written are seen.
    query.push(" AND s.name_norm = ?").arg(normalised).push(dialect::for_update(tx.backend()));
    query.optional(tx).await
}

/// Creates rooms from the texts that were booked before rooms existed. When two spellings of one room are booked on the
/// same half-day, only one booking can move to the room; the second keeps its text. Several processes may do so at
/// once.
pub async fn adopt(db: &Db, kind: &'static str, now: Instant) -> afpi_db::Result<()> {
    let texts: BTreeSet<(String, LocalisationId)> =
        sql("SELECT DISTINCT resource_id, localisation_id FROM reservations WHERE kind = ? AND resource_id LIKE '%/%'")
            .bind(kind)
            .all::<(String, LocalisationId)>(&mut db.read().await?)
            .await?
            .into_iter()
            .collect();
    for (resource, site) in texts {
        afpi_db::retry(|| adopt_one(db, kind, &resource, site, now)).await?;
    }
    Ok(())
}

async fn adopt_one(
    db: &Db,
    kind: &'static str,
    resource: &str,
    site: LocalisationId,
    now: Instant,
) -> afpi_db::Result<()> {
    let name = resource.split_once('/').map_or(resource, |(_, name)| name);
    let mut tx = db.begin().await?;
    let Some((room, _)) = resolve(&mut tx, site, name, now).await? else { return Ok(()) };
    let free = sql(
        "SELECT r.day, r.half FROM reservations r LEFT JOIN reservations x ON x.kind = r.kind AND x.resource_id = ? \
         AND x.day = r.day AND x.half = r.half WHERE r.kind = ? AND r.resource_id = ? AND x.day IS NULL",
    )
    .bind(room.to_string())
    .bind(kind)
    .bind(resource)
    .all::<(String, String)>(&mut tx)
    .await?;
    for (day, half) in free {
        sql("UPDATE reservations SET resource_id = ? WHERE kind = ? AND resource_id = ? AND day = ? AND half = ?")
            .bind(room.to_string())
            .bind(kind)
            .bind(resource)
            .bind(day)
            .bind(half)
            .execute(&mut tx)
            .await?;
    }
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_room_are_one() {
        for other in ["salle b12", "Salle  B12", " SALLE B12 ", "Sallé B12", "Salle\u{a0}B12"] {
            assert_eq!(normalised(other), normalised("Salle B12"), "{other:?}");
        }
        assert_ne!(normalised("Salle B1"), normalised("Salle B12"));
    }
}
