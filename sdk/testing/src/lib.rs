//! Tests a plugin as the component it is, in the runtime it will run in, with a world around it that the test makes up.
//!
//! The runtime is the host's own, in a process of its own (`afpi plugin harness`), so that a test compiles in seconds
//! and finds what a native test cannot: an import that was not asked for, memory or time that ran out, an address that
//! is not declared. The guards are the real ones; only time, chance, the network, notes, secrets and records are the
//! test's.
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
//! [`protocol`] describes the lines that go back and forth, for tests in other languages.

mod plugin;
mod process;
pub mod protocol;

pub use plugin::{Failure, Plugin};
pub use protocol::{Answer, Line, Request, Seen, SeenEvent, SeenJob, SeenRequest};
pub use serde_json::{Value, json};
