//! Trainers and rooms.

use std::collections::BTreeSet;

use afpi_db::{Conn, Json};
use afpi_plugins::contract::query::Entry;
use serde::Serialize;

use super::{IDS, entry};
use crate::formateurs::Certification;
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::id::{FormateurId, LocalisationId, SalleId};
use afpi_core::scope::Scope;

#[derive(Serialize)]
struct Formateur<'a> {
    certifications: &'a [Certification],
    active: bool,
}

#[derive(Serialize)]
struct Salle {
    #[serde(skip_serializing_if = "Option::is_none")]
    capacity: Option<i64>,
    active: bool,
}

afpi_db::row! {
    struct FormateurRow { id: FormateurId, name: String, certifications: Json<Vec<Certification>>, active: bool, version: i64, updated_at: Instant }
}

afpi_db::row! {
    struct SalleRow { id: SalleId, name: String, capacity: Option<i64>, active: bool, version: i64, updated_at: Instant }
}

/// Whoever teaches at this site, wherever they belong.
pub async fn formateurs(conn: &mut Conn, site: LocalisationId, ids: BTreeSet<FormateurId>) -> Result<Vec<Entry>> {
    let ids: Vec<FormateurId> = ids.into_iter().collect();
    let mut all = Vec::new();
    for some in ids.chunks(IDS) {
        let mut query = Scope::All.formateurs("f.id, f.name, f.certifications, f.active, f.version, f.updated_at", "");
        query.push(" AND f.id IN ").list(some.iter().copied());
        for row in query.all::<FormateurRow>(conn).await? {
            let data = Formateur { certifications: &row.certifications.0, active: row.active };
            all.push(entry("formateur", row.id.uuid(), site, row.name, (row.version, row.updated_at), &data)?);
        }
    }
    Ok(all)
}

/// The rooms of this site.
pub async fn salles(conn: &mut Conn, site: LocalisationId) -> Result<Vec<Entry>> {
    let mut query = Scope::All.salles("s.id, s.name, s.capacity, s.active, s.version, s.updated_at", "");
    query.push(" AND s.localisation_id = ?").arg(site);
    let rows: Vec<SalleRow> = query.all(conn).await?;
    rows.into_iter()
        .map(|row| {
            let data = Salle { capacity: row.capacity, active: row.active };
            entry("salle", row.id.uuid(), site, row.name, (row.version, row.updated_at), &data)
        })
        .collect()
}
