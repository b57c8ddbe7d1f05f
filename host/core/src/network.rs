//! The initial AFPI network of every installation: the fourteen localisations. A site is not a legal entity. The
//! customer must say which association runs which site, so at first there is one per region.

use afpi_db::{Conn, DbError, sql};

use crate::id::{LegalEntityId, LocalisationId};

/// A site of the network.
pub struct Place {
    pub id: LocalisationId,
    pub code: &'static str,
    pub city: &'static str,
    /// Of the town.
    pub postcode: &'static str,
    pub legal_entity: LegalEntityId,
}

/// Code, name, city, region, postcode.
const PLACES: [(&str, &str, &str, &str, &str); 14] = [
    ("AFPI-02", "AFPI Aisne", "Saint-Quentin", "Hauts-de-France", "02100"),
    ("AFPI-60", "AFPI Oise", "Beauvais", "Hauts-de-France", "60000"),
    ("AFPI-80", "AFPI Somme", "Amiens", "Hauts-de-France", "80000"),
    ("AFPI-59", "AFPI Nord", "Lille", "Hauts-de-France", "59000"),
    ("AFPI-62", "AFPI Pas-de-Calais", "Arras", "Hauts-de-France", "62000"),
    ("AFPI-77", "AFPI Seine-et-Marne", "Meaux", "Île-de-France", "77100"),
    ("AFPI-78", "AFPI Yvelines", "Versailles", "Île-de-France", "78000"),
    ("AFPI-91", "AFPI Essonne", "Évry", "Île-de-France", "91000"),
    ("AFPI-92", "AFPI Hauts-de-Seine", "Nanterre", "Île-de-France", "92000"),
    ("AFPI-93", "AFPI Seine-Saint-Denis", "Saint-Denis", "Île-de-France", "93200"),
    ("AFPI-94", "AFPI Val-de-Marne", "Créteil", "Île-de-France", "94000"),
    ("AFPI-95", "AFPI Val-d'Oise", "Cergy", "Île-de-France", "95000"),
    ("AFPI-75", "AFPI Paris", "Paris", "Île-de-France", "75011"),
    ("AFPI-35", "AFPI Bretagne", "Rennes", "Bretagne", "35000"),
];

/// The words of the network: codes, names, towns, regions and postcodes.
pub fn words() -> impl Iterator<Item = &'static str> {
    PLACES.into_iter().flat_map(|(code, name, city, region, postcode)| [code, name, city, region, postcode])
}

/// Writes the sites that are missing.
pub async fn fill(tx: &mut Conn) -> afpi_db::Result<Vec<Place>> {
    let mut places = Vec::new();
    for (code, name, city, region, postcode) in PLACES {
        let known = sql("SELECT id, entite_legale_id FROM localisations WHERE code = ?")
            .bind(code)
            .optional::<(LocalisationId, LegalEntityId)>(tx)
            .await?;
        // A site that is there keeps its legal entity, whatever that is called by now.
        let (id, legal_entity) = match known {
            Some(known) => known,
            None => {
                let (id, legal_entity) = (LocalisationId::generate(), entity(tx, region).await?);
                sql("INSERT INTO localisations (id, code, name, city, region, postcode, entite_legale_id) VALUES (?, ?, ?, ?, ?, ?, ?)")
                    .bind(id).bind(code).bind(name).bind(city).bind(region).bind(postcode).bind(legal_entity).execute(tx).await.map_err(again)?;
                (id, legal_entity)
            }
        };
        places.push(Place { id, code, city, postcode, legal_entity });
    }
    Ok(places)
}

/// Another process writes the same sites at this moment: the transaction is run again, and finds them.
fn again(error: DbError) -> DbError {
    match error {
        DbError::Unique(message) => DbError::Contention(message),
        other => other,
    }
}

/// The legal entity of a region's first sites.
async fn entity(tx: &mut Conn, region: &str) -> afpi_db::Result<LegalEntityId> {
    let name = format!("AFPI {region}");
    let known = sql("SELECT id FROM entites_legales WHERE name = ?").bind(&name);
    if let Some((id,)) = known.optional::<(LegalEntityId,)>(tx).await? {
        return Ok(id);
    }
    let id = LegalEntityId::generate();
    sql("INSERT INTO entites_legales (id, name) VALUES (?, ?)").bind(id).bind(name).execute(tx).await?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use afpi_db::{Db, testing};

    use super::*;

    async fn filled(db: &Db) -> afpi_db::Result<usize> {
        afpi_db::retry(|| async {
            let mut tx = db.begin().await?;
            let places = fill(&mut tx).await?;
            tx.commit().await?;
            Ok(places.len())
        })
        .await
    }

    #[tokio::test]
    async fn two_nodes_that_start_at_once_write_the_sites_once() {
        let dir = tempfile::tempdir().unwrap();
        let db = testing::sqlite(&dir).await;
        both(&db).await;
        if let Some(server) = testing::mariadb_url() {
            let database = testing::MariaDb::create(&server).await;
            both(&database.db).await;
            database.drop().await;
        }
    }

    async fn both(db: &Db) {
        let (one, other) = tokio::join!(filled(db), filled(db));
        assert_eq!((one.unwrap(), other.unwrap()), (PLACES.len(), PLACES.len()));
        let mut conn = db.read().await.unwrap();
        let there: i64 = sql("SELECT COUNT(*) FROM localisations").scalar(&mut conn).await.unwrap();
        assert_eq!(there, PLACES.len() as i64);
    }
}
