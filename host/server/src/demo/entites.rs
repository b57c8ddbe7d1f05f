//! What the documents of the demo say of its legal entities and sites.

use afpi_core::network::Place;
use afpi_db::{Conn, sql};

/// Name, SIRET, VAT number, declaration number, region, postcode, town, IBAN, colour.
const ENTITIES: [[&str; 9]; 3] = [
    [
        "AFPI Hauts-de-France",
        "90000001900001",
        "FR25900000019",
        "32600000160",
        "Hauts-de-France",
        "60000",
        "Beauvais",
        "FR7630006000010000000000152",
        "#1F4E79",
    ],
    [
        "AFPI Île-de-France",
        "90000002700004",
        "FR49900000027",
        "11750000275",
        "Île-de-France",
        "75011",
        "Paris",
        "FR7630006000010000000000249",
        "#0B6E4F",
    ],
    [
        "AFPI Bretagne",
        "90000003500007",
        "FR73900000035",
        "53350000335",
        "Bretagne",
        "35000",
        "Rennes",
        "FR7630006000010000000000346",
        "#7A1F3D",
    ],
];

pub async fn fill(tx: &mut Conn, places: &[Place]) -> afpi_db::Result<()> {
    for [name, siret, vat, nda, region, postcode, city, iban, colour] in ENTITIES {
        let mut query = sql("UPDATE entites_legales SET legal_form = 'Association loi 1901', ");
        query.push("bank = 'Banque de la démonstration', bic = 'AGRIFRPP', line1 = '12 rue de l''Atelier', ");
        query.push("signatory_name = 'Direction Démo', signatory_quality = 'Direction générale', ");
        query.push("mediator = 'Médiateur de la démonstration', phone = '03 00 00 00 00', payment_days = 30, ");
        query.push("payment_terms = 'Virement à 30 jours, date de facture', penalty_rate = 1215");
        for (column, value) in [
            (", siret = ?", siret),
            (", vat_number = ?", vat),
            (", nda = ?", nda),
            (", nda_region = ?", region),
            (", postcode = ?", postcode),
            (", city = ?", city),
            (", iban = ?", iban),
            (", colour = ?", colour),
        ] {
            query.push(column).arg(value);
        }
        query.push(" WHERE name = ?").arg(name);
        query.execute(tx).await?;
    }
    for place in places {
        sql("UPDATE localisations SET address = ?, access = ?, referent_name = ?, rules_version = '2026-09' WHERE id = ?")
            .bind("Parc d'activités, rue de l'Atelier")
            .bind("Parking gratuit devant l'entrée. Accueil à partir de 8 h.")
            .bind("Accueil handicap du site")
            .bind(place.id)
            .execute(tx)
            .await?;
    }
    Ok(())
}
