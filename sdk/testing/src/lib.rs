//! Tests a plugin as a component in the real runtime, in a world that the test defines.
//!
//! The runtime is the host's own, in a process of its own (`afpi plugin harness`), so a test compiles in seconds and
//! finds errors that a native test cannot: a missing grant, exceeded memory or time, an undeclared address. The guards
//! are real. The test controls time, random numbers, the network, notes, secrets and records.
//!
//! ```no_run
//! use afpi_plugin_testing::{Answer, Plugin, Request, json};
//!
//! let mut plugin = Plugin::here();
//! plugin.config(&json!({ "url": "https://chat.example.fr/hook" }));
//! plugin.expect(Request::post("https://chat.example.fr/hook").body_has("Soudure"), Answer::status(204));
//! let event = json!({ "name": "opportunite.created", "at": 0, "site": "s", "actor": null, "subject": null, "data": "{}" });
//! let messages: Vec<afpi_plugin_testing::Value> = plugin.call("notify", (&event,)).unwrap();
//! assert!(messages.is_empty());
//! assert_eq!(plugin.seen().requests.len(), 1);
//! ```
//!
//! [`protocol`] describes the messages, for tests in other languages.

mod plugin;
mod process;
pub mod protocol;

pub use plugin::{Failure, Plugin};
pub use protocol::{Answer, Line, Request, Seen, SeenEvent, SeenJob, SeenRequest};
pub use serde_json::{Value, json};
