//! Turns committed events into messages for people. It is pure: the host delivers the messages. It knows the data of
//! the events and the product's roles, but no users, channels or mails.
//!
//! `relay` is for opportunités, `work` is for notes and tasks, `operations` is for synchronisations and plugins, `kinds` lists the kinds that people
//! can switch off, and `words` formats records and amounts.

mod config;
mod kinds;
mod operations;
mod relay;
mod words;
mod work;

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
            "note.written" | "note.changed" => work::note(event),
            "tache.given" | "tache.due" | "tache.done" => work::task(event),
            "connecteur.run" => operations::run(event),
            "plugin.state" => operations::plugin(event),
            _ => Ok(Vec::new()),
        }
    }
}

afpi_sdk::notifier::export!(Notifications);
