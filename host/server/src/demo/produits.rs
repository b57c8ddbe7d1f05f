//! A catalogue of training products: most of them of the network, some of a legal entity.

use afpi_db::Conn;
use anyhow::Result;

use afpi_core::clock::Instant;
use afpi_core::id::ProduitId;
use afpi_core::network::Place;
use afpi_crm::produits::{self, Modality, PriceUnit, ProduitCreate};

/// A product of the demo. The duration is in hours, the price in cents.
struct Product {
    code: &'static str,
    title: &'static str,
    category: &'static str,
    modality: Modality,
    hours: i64,
    price: (i64, PriceUnit),
    vat_rate: i64,
    aims: &'static str,
    contents: &'static str,
    /// The code of a site whose legal entity has it; none for the network.
    site: Option<&'static str>,
}

const PRODUCTS: [Product; 10] = [
    Product {
        code: "SOUD-TIG-35",
        title: "Soudage TIG, initiation",
        category: "Soudage",
        modality: Modality::Presentiel,
        hours: 35,
        price: (4_550, PriceUnit::Hour),
        vat_rate: 0,
        aims: "Régler un poste TIG\nSouder à plat des tôles d'acier et d'inox\nContrôler ses soudures à l'œil",
        contents: "Sécurité et équipements : 2 h\nRéglages du poste : 5 h\nSoudage à plat : 20 h\nContrôle visuel : 8 h",
        site: None,
    },
    Product {
        code: "SOUD-MAG-70",
        title: "Soudage semi-automatique MAG",
        category: "Soudage",
        modality: Modality::Presentiel,
        hours: 70,
        price: (4_550, PriceUnit::Hour),
        vat_rate: 0,
        aims: "Régler un poste MAG\nSouder en angle et bout à bout\nLire un descriptif de mode opératoire",
        contents: "Sécurité : 2 h\nRéglages : 8 h\nSoudage en angle : 30 h\nSoudage bout à bout : 30 h",
        site: None,
    },
    Product {
        code: "ELEC-B1V",
        title: "Habilitation électrique B1V, BR",
        category: "Électricité",
        modality: Modality::Presentiel,
        hours: 21,
        price: (189_000, PriceUnit::Group),
        vat_rate: 0,
        aims: "Intervenir en sécurité en basse tension\nConnaître la norme NF C 18-510",
        contents: "Dangers du courant : 4 h\nRègles de la norme : 10 h\nTravaux pratiques : 7 h",
        site: None,
    },
    Product {
        code: "SST-14",
        title: "Sauveteur secouriste du travail",
        category: "Sécurité",
        modality: Modality::Presentiel,
        hours: 14,
        price: (22_500, PriceUnit::Trainee),
        vat_rate: 0,
        aims: "Protéger, examiner, alerter, secourir\nSituer son rôle dans la prévention",
        contents: "Prévention : 3 h\nExamen de la victime : 3 h\nGestes de secours : 8 h",
        site: None,
    },
    Product {
        code: "CACES-R489",
        title: "Conduite de chariots élévateurs (R489)",
        category: "Logistique",
        modality: Modality::Presentiel,
        hours: 21,
        price: (35_000, PriceUnit::Trainee),
        vat_rate: 0,
        aims: "Conduire un chariot des catégories 1A, 3 et 5\nVérifier son engin",
        contents: "Théorie : 7 h\nPratique : 11 h\nTests : 3 h",
        site: None,
    },
    Product {
        code: "MAINT-HYD",
        title: "Maintenance hydraulique, niveau 1",
        category: "Maintenance",
        modality: Modality::Mixte,
        hours: 28,
        price: (98_000, PriceUnit::Day),
        vat_rate: 0,
        aims: "Lire un schéma hydraulique\nDiagnostiquer une panne simple",
        contents: "Lois physiques, à distance : 4 h\nComposants : 8 h\nSchémas : 6 h\nDépannage : 10 h",
        site: None,
    },
    Product {
        code: "LEAN-14",
        title: "Amélioration continue en atelier",
        category: "Production",
        modality: Modality::Afest,
        hours: 14,
        price: (120_000, PriceUnit::Day),
        vat_rate: 0,
        aims: "Repérer les gaspillages\nMener un chantier 5S",
        contents: "Observation du poste : 4 h\nChantier 5S : 8 h\nBilan : 2 h",
        site: None,
    },
    Product {
        code: "CONSEIL-RH",
        title: "Conseil : plan de développement des compétences",
        category: "Conseil",
        modality: Modality::Mixte,
        hours: 14,
        price: (95_000, PriceUnit::Day),
        vat_rate: 2_000,
        aims: "Établir le plan de l'année",
        contents: "Entretiens : 7 h\nRédaction : 7 h",
        site: None,
    },
    Product {
        code: "ROBOT-60",
        title: "Programmation de robots, plateau de Beauvais",
        category: "Robotique",
        modality: Modality::Presentiel,
        hours: 35,
        price: (135_000, PriceUnit::Day),
        vat_rate: 0,
        aims: "Créer une trajectoire\nReprendre une production après un arrêt",
        contents: "Sécurité : 3 h\nRepères et trajectoires : 16 h\nReprise de production : 16 h",
        site: Some("AFPI-60"),
    },
    Product {
        code: "USINAGE-35",
        title: "Usinage à commande numérique, atelier de Rennes",
        category: "Usinage",
        modality: Modality::Presentiel,
        hours: 35,
        price: (4_900, PriceUnit::Hour),
        vat_rate: 0,
        aims: "Préparer une machine\nContrôler une pièce",
        contents: "Lecture de plan : 7 h\nRéglage : 14 h\nUsinage : 14 h",
        site: Some("AFPI-35"),
    },
];

pub async fn fill(tx: &mut Conn, places: &[Place]) -> Result<()> {
    let now = Instant::now();
    for product in &PRODUCTS {
        let entity =
            product.site.and_then(|code| places.iter().find(|place| place.code == code)).map(|p| p.legal_entity);
        let new = ProduitCreate {
            code: product.code.into(),
            title: product.title.into(),
            category: Some(product.category.into()),
            modality: Some(product.modality),
            duration_minutes: Some((product.hours * 60).into()),
            price: Some(product.price.0.into()),
            price_unit: product.price.1,
            vat_rate: product.vat_rate.into(),
            objectives: Some(product.aims.into()),
            prerequisites: None,
            programme: Some(format!("Objectifs\n{}\nContenu\n{}", product.aims, product.contents).into()),
            legal_entity_id: entity,
        };
        produits::insert(tx, ProduitId::generate(), &new, entity, now).await?;
    }
    Ok(())
}
