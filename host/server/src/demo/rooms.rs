//! Three rooms per site.

use afpi_db::Conn;
use anyhow::Result;

use afpi_core::clock::Instant;
use afpi_core::network::Place;
use afpi_crm::salles::{self, SalleCreate};

/// Name, places, equipment.
const ROOMS: [(&str, i64, &[&str]); 3] = [
    ("Salle 1", 14, &["Vidéoprojecteur", "Tableau blanc"]),
    ("Salle 2", 10, &["Écran", "Postes informatiques"]),
    ("Atelier", 8, &["Postes à souder", "Extraction de fumées"]),
];

pub async fn fill(tx: &mut Conn, places: &[Place]) -> Result<()> {
    let now = Instant::now();
    for place in places {
        for (name, capacity, equipment) in ROOMS {
            let new = SalleCreate {
                name: name.into(),
                capacity: Some(capacity.into()),
                equipment: Some(equipment.iter().map(|&piece| piece.into()).collect()),
                localisation_id: None,
            };
            salles::insert(tx, &new, place.id, now).await?;
        }
    }
    Ok(())
}
