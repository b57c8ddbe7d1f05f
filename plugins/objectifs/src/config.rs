//! The settings of a site: the longest stay in a section.

use afpi_sdk::schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    #[schemars(
        title = "Délais par section",
        description = "En heures ouvrées (8 par jour) ; pour la part des dossiers traités à temps.",
        extend("x-title-en" = "Time limits per section", "x-description-en" = "In working hours (8 a day); for the share handled in time.", "x-widget" = "rows")
    )]
    pub delais: Vec<Limit>,
}

/// The time limit of one section.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    #[schemars(title = "Section", length(min = 1, max = 60), extend("x-title-en" = "Section"))]
    pub section: String,
    #[schemars(title = "Heures ouvrées", range(min = 1, max = 10_000), extend("x-title-en" = "Working hours"))]
    pub heures: u32,
}

impl Default for Config {
    fn default() -> Config {
        let usual = [
            ("collecte", 72),
            ("devis", 48),
            ("montage", 120),
            ("planification", 72),
            ("documents", 48),
            ("facturation", 48),
        ];
        Config { delais: usual.map(|(section, heures)| Limit { section: section.into(), heures }).into() }
    }
}
