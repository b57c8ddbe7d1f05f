//! Three trainers per site, named after their subjects. They are invented.

use afpi_db::{Conn, Value, sql};
use anyhow::Result;
use rand::Rng;
use rand::rngs::StdRng;
use serde_json::json;

use afpi_core::clock::Instant;
use afpi_core::id::{FormateurId, LocalisationId};
use afpi_core::network::Place;
use afpi_crm::formateurs;

const SKILLS: [(&str, &[&str]); 6] = [
    ("Soudage", &["Soudage TIG", "Soudage MIG-MAG"]),
    ("Usinage", &["Tournage", "Fraisage", "Commande numérique"]),
    ("Maintenance", &["Maintenance industrielle", "Pneumatique"]),
    ("Habilitation", &["Habilitation électrique", "Sécurité"]),
    ("Robotique", &["Robotique", "Automatismes"]),
    ("Management", &["Management d'équipe", "Tutorat"]),
];

pub async fn fill(tx: &mut Conn, places: &[Place], rng: &mut StdRng) -> Result<()> {
    let now = Instant::now();
    for (p, place) in places.iter().enumerate() {
        for i in 0..3 {
            let (topic, skills) = SKILLS[(p + i * 2) % SKILLS.len()];
            let name = format!("Formateur {topic} {}", place.city);
            let email = format!("formateur{}.{}@demo.afpi", i + 1, place.code.to_lowercase());
            let certifications =
                json!([{"name": skills[0], "expiresOn": format!("{}-06-30", now.day().year() + 1 + i as i32)}]);
            sql("INSERT INTO formateurs (id, name, name_key, search, email, kind, skills, certifications, unavailability, hourly_rate, localisation_id, active, \
                 created_at, updated_at, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '[]', ?, ?, ?, ?, ?, 1)")
                .bind(FormateurId::generate())
                .bind(&name)
                .bind(afpi_core::collation::key(&name))
                .bind(formateurs::search::words(&name, Some(&email), None, skills.iter().copied()))
                .bind(&email)
                .bind(if i == 2 { "vacataire" } else { "permanent" })
                .bind(Value::json(skills))
                .bind(Value::json(&certifications))
                .bind(rng.random_range(3_500..6_500i64))
                .bind(place.id)
                .bind(true)
                .bind(now)
                .bind(now)
                .execute(tx)
                .await?;
        }
    }
    Ok(())
}

/// Site and trainer.
pub async fn read(conn: &mut Conn) -> Result<Vec<(LocalisationId, FormateurId)>> {
    Ok(sql("SELECT localisation_id, id FROM formateurs ORDER BY id").all(conn).await?)
}
