//! Finds what a court or a funder would reject: records that contradict each other. Pure: facts in, findings out.
//!
//! [`facts`] reads the records, [`papers`] the documents of an opportunité, [`world`] answers what rules ask of them, and
//! each file of [`rules`] judges. A rule that does not know for certain finds nothing.

pub mod audit;
pub mod facts;
pub mod finding;
mod papers;
pub mod rules;
mod settings;
mod words;
mod world;

pub use audit::Audit;
pub use settings::Settings;

use afpi_sdk::Plugin;
use afpi_sdk::auditor::{Auditor, Rule};

use rules::Regle;

/// The plugin.
pub struct Coherence;

impl Plugin for Coherence {
    type Config = Settings;
}

impl Auditor for Coherence {
    type Audit = Audit;

    fn rules(settings: &Settings) -> Vec<Rule> {
        Regle::ALL.into_iter().filter(|rule| settings.has(*rule)).map(Regle::told).collect()
    }

    fn audit(settings: &Settings, today: String) -> Audit {
        Audit::new(settings.clone(), &today)
    }
}

afpi_sdk::app::export!(Coherence);
afpi_sdk::auditor::export!(Coherence);
