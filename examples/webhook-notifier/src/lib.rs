//! Writes into a chat room, over its webhook, when an opportunité is created or changes hands.

use afpi_sdk::{Plugin, notifier::*};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    #[schemars(title = "Adresse du webhook", extend("x-title-en" = "Address of the webhook"))]
    pub webhook: String,
}

pub struct Webhook;

impl Plugin for Webhook {
    type Config = Settings;
}

impl Notifier for Webhook {
    fn kinds(_: &Settings) -> Vec<Kind> {
        Vec::new() // It writes to a room; there is nothing for a person to switch off.
    }

    fn notify(settings: &Settings, event: &Event) -> Result<Vec<Message>> {
        let (Some(subject), false) = (&event.subject, settings.webhook.is_empty()) else { return Ok(Vec::new()) };
        let what = match event.name.as_str() {
            "opportunite.created" => "Nouvelle opportunité",
            "opportunite.assigned" => "Change de main",
            _ => return Ok(Vec::new()),
        };
        let text = format!("{what} : {} ({}), {}", subject.title, subject.entreprise_name, subject.numero);
        let body = serde_json::json!({ "text": text }).to_string();
        let answer = http::post(&settings.webhook).header("Content-Type", "application/json").body(body).send()?;
        if answer.is_success() {
            Ok(Vec::new())
        } else {
            Err(Error::Unavailable(format!("the chat answers {}", answer.status())))
        }
    }
}

afpi_sdk::notifier::export!(Webhook);
