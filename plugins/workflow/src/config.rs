//! The settings of a site: time limits, terms, and mandatory documents. Every setting has an effect in `moves` or
//! `case`.

use afpi_sdk::schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::forms::documents::Piece;
use crate::words::section;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Config {
    #[schemars(
        title = "Délais par section",
        description = "En heures ouvrées (8 par jour). 0 : pas de délai.",
        extend("x-title-en" = "Time limits per section", "x-description-en" = "In working hours (8 a day). 0: no limit.")
    )]
    pub delais: Delais,
    #[schemars(
        title = "Validité d’un devis (jours)",
        description = "Appliquée à l’envoi quand le devis n’en porte pas.",
        range(min = 1, max = 365),
        extend("x-title-en" = "Validity of a quote (days)", "x-description-en" = "Applied on sending when the quote has none.")
    )]
    pub validite_devis_jours: u16,
    #[schemars(
        title = "Délai de paiement (jours)",
        description = "De l’émission d’une facture à son échéance ; 60 au plus (C. com. L441-10).",
        range(min = 0, max = 60),
        extend("x-title-en" = "Payment term (days)", "x-description-en" = "From an invoice’s issue to its due date; at most 60.")
    )]
    pub delai_paiement_jours: u16,
    #[schemars(
        title = "Pièces exigées avant la formation",
        extend("x-title-en" = "Documents needed before the training", "x-widget" = "checklist", "uniqueItems" = true)
    )]
    pub pieces_avant_formation: Vec<Piece>,
    #[schemars(
        title = "Pièces exigées avant de facturer",
        extend("x-title-en" = "Documents needed before invoicing", "x-widget" = "checklist", "uniqueItems" = true)
    )]
    pub pieces_avant_facture: Vec<Piece>,
}

/// Working hours per section; 0 for no limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Delais {
    #[schemars(title = "Collecte d’informations", range(max = 10_000), extend("x-title-en" = "Information gathering"))]
    pub collecte: u32,
    #[schemars(title = "Devis", range(max = 10_000), extend("x-title-en" = "Quote"))]
    pub devis: u32,
    #[schemars(title = "Montage administratif", range(max = 10_000), extend("x-title-en" = "Funding"))]
    pub montage: u32,
    #[schemars(title = "Planification", range(max = 10_000), extend("x-title-en" = "Scheduling"))]
    pub planification: u32,
    #[schemars(title = "Documents administratifs", range(max = 10_000), extend("x-title-en" = "Paperwork"))]
    pub documents: u32,
    #[schemars(title = "Facturation", range(max = 10_000), extend("x-title-en" = "Invoicing"))]
    pub facturation: u32,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            delais: Delais::default(),
            validite_devis_jours: 30,
            delai_paiement_jours: 30,
            pieces_avant_formation: vec![
                Piece::FicheProgramme,
                Piece::Planning,
                Piece::EvaluationPrealable,
                Piece::Convention,
                Piece::BulletinsInscription,
            ],
            pieces_avant_facture: vec![Piece::FeuillesPresence],
        }
    }
}

impl Default for Delais {
    fn default() -> Delais {
        Delais { collecte: 72, devis: 48, montage: 120, planification: 72, documents: 48, facturation: 48 }
    }
}

impl Config {
    /// The number of working hours after which a stay in this section is overdue.
    pub fn limit_hours(&self, section: &str) -> Option<u32> {
        let hours = match section {
            section::COLLECTE => self.delais.collecte,
            section::DEVIS => self.delais.devis,
            section::MONTAGE => self.delais.montage,
            section::PLANIFICATION => self.delais.planification,
            section::DOCUMENTS => self.delais.documents,
            section::FACTURATION => self.delais.facturation,
            _ => 0,
        };
        (hours > 0).then_some(hours)
    }
}
