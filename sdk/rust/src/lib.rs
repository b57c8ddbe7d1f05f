//! The SDK for plugins: typed records, settings, forms and the host's capabilities, without generated code. Knows the
//! contract in `wit/` and nothing about the host.
//!
//! A plugin is one type that implements [`Plugin`] and the trait of its kind, and one `export!` line:
//!
//! | kind | module | trait | may use |
//! |---|---|---|---|
//! | workflow | [`workflow`] | [`workflow::Workflow`] | log, context |
//! | objectives | [`objectives`] | [`objectives::Objectives`] | log, context |
//! | notifier | [`notifier`] | [`notifier::Notifier`] | log, context, clock, events, http, jobs, kv, metrics, query, random, records, secrets |
//! | connector | [`connector`] | [`connector::Connector`] | the same |
//! | hook | [`hook`] | [`hook::Hook`] | the same |
//! | app | [`app`] | none of its own | the same |
//!
//! A facet is one more trait and one more `export!` line, and a section of `plugin.toml` that declares it:
//!
//! | facet | module | trait | declared by |
//! |---|---|---|---|
//! | runs its own jobs, and its schedules | [`job`] | [`job::Jobs`] | `jobs` under `[capabilities]` |
//! | carries documents of another version | [`migration`] | [`migration::Migration`] | `[data-migration]`, of workflows |
//! | looks companies up | [`lookup`] | [`lookup::Lookup`] | `[lookup]`, not of workflows and objectives |
//! | audits a site | [`auditor`] | [`auditor::Auditor`] | `[auditor]`, of workflows and apps |
//! | writes documents | [`documents`] | [`documents::Documents`] | `[documents]` |
//!
//! Settings are the plugin's own struct. It is deserialised on every call, and the administrator's form comes from its
//! JSON Schema ([`schema`]). A whole notifier:
//!
//! ```
//! use afpi_sdk::{notifier::*, schemars::{self, JsonSchema}, serde::Deserialize, Plugin};
//!
//! #[derive(Default, Deserialize, JsonSchema)]
//! #[serde(crate = "afpi_sdk::serde", default)]
//! struct Settings {
//!     #[schemars(title = "Salle de discussion", extend("x-title-en" = "Chat room"))]
//!     room: String,
//! }
//!
//! struct Chat;
//!
//! impl Plugin for Chat {
//!     type Config = Settings;
//! }
//!
//! impl Notifier for Chat {
//!     fn kinds(_: &Settings) -> Vec<Kind> {
//!         Vec::new()
//!     }
//!
//!     fn notify(settings: &Settings, event: &Event) -> Result<Vec<Message>> {
//!         let body = format!(r#"{{"room":"{}","text":"{}"}}"#, settings.room, event.name);
//!         let answer = http::post("https://chat.example.fr/hook")
//!             .secret_header("Authorization", "Bearer ", "token")
//!             .body(body)
//!             .send()?;
//!         log::info(&format!("chat answered {}", answer.status()));
//!         Ok(Vec::new())
//!     }
//! }
//!
//! afpi_sdk::notifier::export!(Chat);
//! # fn main() {}
//! ```
//!
//! Everything also compiles natively, so plain `cargo test` tests the logic of a plugin. There [`testing`] replaces the
//! host.

#![warn(missing_docs, clippy::missing_errors_doc)]

pub mod app;
pub mod auditor;
#[doc(hidden)]
#[allow(missing_docs, unsafe_code, clippy::all)]
pub mod bindings;
pub mod calendar;
mod config;
pub mod connector;
pub mod documents;
mod glue;
pub mod hook;
mod host;
pub mod job;
pub mod lookup;
pub mod migration;
pub mod money;
pub mod notifier;
pub mod objectives;
mod panics;
pub mod schema;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;
pub mod types;
pub mod workflow;

pub use config::{NoSettings, Plugin};
pub use types::{Actor, Entreprise, Error, FieldProblem, Opportunite, Result, Text};
pub use {schemars, serde, serde_json};
