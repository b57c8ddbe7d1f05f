//! Two hundred invented companies with valid SIRETs.

use std::collections::HashSet;

use afpi_db::{Conn, sql};
use anyhow::{Result, anyhow};
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

use super::days;
use afpi_core::clock::Instant;
use afpi_core::id::{EntrepriseId, LocalisationId};
use afpi_core::network::Place;
use afpi_crm::entreprises::{AddressInput, ContactInput, EntrepriseCreate, Kind, NewEntreprise, insert};
use afpi_crm::identifiants;

/// A company of the demo.
pub struct Company {
    pub id: EntrepriseId,
    pub name: String,
    pub site: LocalisationId,
}

/// The origin of these companies in their records.
const ORIGIN: &str = "demo";

const TRADES: [&str; 16] = [
    "Mécanique",
    "Fonderie",
    "Chaudronnerie",
    "Tôlerie",
    "Usinage",
    "Plasturgie",
    "Robotique",
    "Électrotechnique",
    "Hydraulique",
    "Soudage",
    "Métallerie",
    "Outillage",
    "Verrerie",
    "Emballages",
    "Automatismes",
    "Maintenance",
];
const PLACES: [&str; 20] = [
    "du Canal",
    "des Trois Rivières",
    "du Vieux Moulin",
    "de la Plaine",
    "du Plateau",
    "des Hauts Fourneaux",
    "de la Vallée",
    "du Pont Neuf",
    "des Tilleuls",
    "du Beffroi",
    "de la Gare",
    "des Quatre Vents",
    "du Marais",
    "de l'Écluse",
    "du Belvédère",
    "des Carrières",
    "du Grand Pré",
    "de la Fontaine",
    "du Chemin Vert",
    "des Ateliers",
];
const STREETS: [&str; 8] = [
    "rue de l'Industrie",
    "avenue des Forges",
    "rue du Port",
    "zone des Longs Champs",
    "rue des Artisans",
    "allée des Métiers",
    "chemin du Halage",
    "boulevard Sud",
];
const OPCOS: [&str; 5] = ["OPCO 2i", "AKTO", "OPCO EP", "OPCO Mobilités", "Constructys"];
const JOBS: [&str; 4] =
    ["Responsable formation", "Direction des ressources humaines", "Gérance", "Responsable de production"];

pub async fn fill(tx: &mut Conn, places: &[Place], rng: &mut StdRng) -> Result<()> {
    let now = Instant::now();
    let mut names = HashSet::new();
    for i in 0..200usize {
        // A third of them at the first site, which all demo accounts have.
        let place = if i % 3 == 0 { &places[0] } else { &places[i % places.len()] };
        let name = format!("{} {}", TRADES[i % TRADES.len()], PLACES[(i / TRADES.len() + i * 7) % PLACES.len()]);
        let name = if names.insert(name.clone()) { name } else { format!("{name} {}", place.city) };
        let input = company(rng, &name, place);
        let new = NewEntreprise {
            id: EntrepriseId::generate(),
            input: input.settled().0,
            localisation: place.id,
            origin: ORIGIN,
        };
        insert(tx, &new, now - days(rng.random_range(20..400)))
            .await
            .map_err(|p| anyhow!("demo company {name}: {}", p.kind().code()))?;
    }
    Ok(())
}

/// The companies that [`fill`] wrote, in that order.
pub async fn read(conn: &mut Conn) -> Result<Vec<Company>> {
    let found = sql("SELECT id, name, localisation_id FROM entreprises WHERE origin = ? ORDER BY id")
        .bind(ORIGIN)
        .all::<(EntrepriseId, String, LocalisationId)>(conn)
        .await?;
    Ok(found.into_iter().map(|(id, name, site)| Company { id, name, site }).collect())
}

fn company(rng: &mut StdRng, name: &str, place: &Place) -> EntrepriseCreate {
    let headcount: i64 = *[8, 14, 32, 48, 75, 120, 240, 410, 900].choose(rng).unwrap_or(&50);
    let kind = if headcount < 10 {
        Kind::Tpe
    } else if headcount < 250 {
        Kind::Pme
    } else {
        Kind::Eti
    };
    let domain = format!("{}.example", afpi_core::text::fold(name).replace([' ', '\''], "-"));
    EntrepriseCreate {
        name: name.into(),
        siret: Some(new_siret(rng).into()),
        naf_code: Some(
            ["25.62B", "28.99B", "25.11Z", "22.29A", "33.12Z", "27.12Z"]
                .choose(rng)
                .copied()
                .unwrap_or("25.62B")
                .into(),
        ),
        naf_nomenclature: Some("NAF rév. 2".into()),
        idcc: Some("3248".into()),
        opco: OPCOS.choose(rng).map(|o| (*o).into()),
        kind: Some(kind),
        headcount: Some(headcount.into()),
        address: Some(AddressInput {
            line1: Some(
                format!("{} {}", rng.random_range(1..180), STREETS.choose(rng).unwrap_or(&"rue du Port")).into(),
            ),
            postcode: Some(place.postcode.into()),
            city: Some(place.city.into()),
            ..AddressInput::default()
        }),
        phone: Some(
            format!(
                "0{} {:02} {:02} {:02} {:02}",
                rng.random_range(1..4),
                rng.random_range(10..99),
                rng.random_range(10..99),
                rng.random_range(10..99),
                rng.random_range(10..99)
            )
            .into(),
        ),
        email: Some(format!("contact@{domain}").into()),
        website: Some(format!("https://{domain}").into()),
        tags: Some((headcount >= 240).then(|| "grand compte".into()).into_iter().collect()),
        contacts: Some(
            vec![ContactInput {
                id: None,
                first_name: None,
                last_name: (*JOBS.choose(rng).unwrap_or(&"Direction")).into(),
                function: Some("Interlocuteur formation".into()),
                email: Some(format!("formation@{domain}").into()),
                phone: None,
                main: true,
            }]
            .into(),
        ),
        ..EntrepriseCreate::default()
    }
}

/// Random digits with both Luhn check digits.
fn new_siret(rng: &mut StdRng) -> String {
    let with_key = |stem: String| {
        (0..10).map(|key| format!("{stem}{key}")).find(|n| match n.len() {
            9 => identifiants::is_siren(n),
            _ => identifiants::is_siret(n),
        })
    };
    let siren = with_key(format!("{:08}", rng.random_range(30_000_000..99_999_999))).unwrap_or_default();
    with_key(format!("{siren}{:04}", rng.random_range(1..30))).unwrap_or_default()
}
