//! The AFPI relay: six sections from the first need to the paid invoice, as data and pure decisions. It knows the rules
//! of the business (quotes, funding, half-days, invoices), but no storage, no users and no web.
//!
//! `forms` contains the documents of the sections with their sums and checks. `statuses` and `moves` are the relay.
//! `rights` says who may do what. `case` is one question of the host. `words` lists every id and every fact that other
//! parts use.

pub mod case;
pub mod config;
mod definition;
pub mod forms;
pub mod moves;
pub mod rights;
pub mod statuses;
pub mod words;

use afpi_sdk::Plugin;
use afpi_sdk::workflow::*;

use case::Case;
pub use config::Config;
use rights::Right;

/// The plugin.
pub struct Relay;

impl Plugin for Relay {
    type Config = Config;
}

impl Workflow for Relay {
    fn definition(config: &Config) -> WorkflowDefinition {
        definition::definition(config)
    }

    fn start(config: &Config, subject: &Opportunite, actor: &Actor, moment: &Moment) -> Result<Decision> {
        Right::Create.demand(actor, true)?;
        moves::collecte::start(Case::open(config, subject, actor, moment)?)
    }

    fn decide(
        config: &Config,
        subject: &Opportunite,
        transition: &str,
        input: &str,
        actor: &Actor,
        moment: &Moment,
    ) -> Result<Decision> {
        moves::decide(Case::open(config, subject, actor, moment)?, transition, input)
    }

    fn edit(
        config: &Config,
        subject: &Opportunite,
        section: &str,
        document: &str,
        actor: &Actor,
        moment: &Moment,
    ) -> Result<Decision> {
        moves::edit(Case::open(config, subject, actor, moment)?, section, document)
    }

    fn offers(config: &Config, subject: &Opportunite, actor: &Actor, moment: &Moment) -> Vec<Offer> {
        match Case::open(config, subject, actor, moment) {
            Ok(case) => moves::offers(&case),
            Err(error) => {
                log::error(&format!("{}: {error}", subject.numero));
                Vec::new()
            }
        }
    }

    fn editable(_: &Config, subject: &Opportunite, actor: &Actor) -> Vec<String> {
        rights::editable(&subject.status, actor).map(String::from).collect()
    }
}

afpi_sdk::workflow::export!(Relay);
