//! Searches the public directory of French companies, the API Recherche d'entreprises, to fill the form of a new one.
//!
//! [`request`] asks, [`answer`] reads, and [`establishment`] makes a company of what the API tells about one. The plugin knows
//! no record of the CRM: the host says which companies it has.

pub mod answer;
pub mod establishment;
pub mod request;
mod settings;

pub use settings::Settings;

use afpi_sdk::lookup::{Company, Lookup, Query};
use afpi_sdk::{FieldProblem, Plugin, Result, Text};

/// The plugin.
pub struct Annuaire;

impl Plugin for Annuaire {
    type Config = Settings;

    fn validate(settings: &Settings) -> Vec<FieldProblem> {
        match settings.base() {
            Some(_) => vec![],
            None => vec![FieldProblem::new(
                "/baseUrl",
                "format",
                Text::new("Adresse http:// ou https:// attendue.", "An http:// or https:// address is expected."),
            )],
        }
    }
}

impl Lookup for Annuaire {
    fn find(settings: &Settings, query: &Query) -> Result<Vec<Company>> {
        let found = request::send(settings, query)?;
        Ok(answer::companies(&query.wanted, &query.postcode, found))
    }
}

afpi_sdk::app::export!(Annuaire);
afpi_sdk::lookup::export!(Annuaire);
