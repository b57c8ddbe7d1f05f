//! The settings of a site: the moves that the commercial and the managers are told about.

use afpi_sdk::schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Config {
    #[schemars(
        title = "Actions dont le commercial est informé",
        description = "En plus de chaque changement de section et de tout ce qui porte un motif.",
        extend(
            "x-title-en" = "Moves the sales rep hears of",
            "x-description-en" = "Besides every change of section and all that carries a reason.",
            "x-widget" = "tags"
        )
    )]
    pub informer_commercial: Vec<String>,
    #[schemars(
        title = "Actions signalées aux responsables",
        extend("x-title-en" = "Moves reported to managers and the head of sales", "x-widget" = "tags")
    )]
    pub signaler_responsables: Vec<String>,
    #[schemars(title = "Montrer les montants", extend("x-title-en" = "Show amounts"))]
    pub montants: bool,
}

impl Default for Config {
    fn default() -> Config {
        let words = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        Config {
            informer_commercial: words(&["accepter_devis", "enregistrer_paiement", "cloturer"]),
            signaler_responsables: words(&["suspendre", "annuler", "classer_perdu"]),
            montants: true,
        }
    }
}
