//! Who should hear what: turns committed events into messages for people. Pure; delivery is the host's.
//! Knows the events' shapes and the product's roles; knows nothing of users, channels or mail.
//!
//! `relay` speaks about opportunités, `operations` about synchronisations and plugins, `kinds` lists what people can
//! switch off, `words` how records and amounts are put.

mod config;
mod kinds;
mod operations;
mod relay;
mod words;

use afpi_sdk::Plugin;
use afpi_sdk::notifier::*;

pub use config::Config;

/// The plugin.
pub struct Notifications;

impl Plugin for Notifications {
    type Config = Config;
}

impl Notifier for Notifications {
    fn kinds(_: &Config) -> Vec<Kind> {
        kinds::all()
    }

    fn notify(config: &Config, event: &Event) -> Result<Vec<Message>> {
        match event.name.as_str() {
            "opportunite.created" => Ok(relay::created(config, event)),
            "opportunite.assigned" => Ok(relay::assigned(config, event)),
            "opportunite.moved" => relay::moved(config, event),
            "connecteur.run" => operations::run(event),
            "plugin.state" => operations::plugin(event),
            _ => Ok(Vec::new()),
        }
    }
}

afpi_sdk::notifier::export!(Notifications);
