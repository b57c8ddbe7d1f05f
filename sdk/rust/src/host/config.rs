//! The plugin's settings from the host. Plugins get them parsed, as the first argument of every function:
//!
//! ```
//! use afpi_sdk::{Plugin, notifier::*};
//! use schemars::JsonSchema;
//! use serde::Deserialize;
//!
//! #[derive(Default, Deserialize, JsonSchema)]
//! #[serde(default)]
//! struct Settings {
//!     #[schemars(title = "Salle de discussion", extend("x-title-en" = "Chat room"))]
//!     room: String,
//! }
//!
//! struct Rooms;
//!
//! impl Plugin for Rooms {
//!     type Config = Settings;
//! }
//!
//! impl Notifier for Rooms {
//!     fn kinds(_: &Settings) -> Vec<Kind> {
//!         Vec::new()
//!     }
//!
//!     fn notify(settings: &Settings, event: &Event) -> Result<Vec<Message>> {
//!         log::info(&format!("{} for the room {}", event.name, settings.room));
//!         Ok(Vec::new())
//!     }
//! }
//! ```

/// The settings on this site as JSON text.
pub(crate) fn get() -> String {
    super::side::config::get()
}
