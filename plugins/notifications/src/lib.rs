//! Turns committed events into messages for people. Pure: the host delivers them. Knows the events' shapes and the
//! product's roles, and nothing about users, channels or mail.
//!
//! `relay` is for opportunités, `operations` for synchronisations and plugins; `kinds` lists the kinds that people can
//! switch off; `words` formats records and amounts.

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
