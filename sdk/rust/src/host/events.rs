//! “Announces events.” Only names declared in the manifest; hooks and notifiers of the site hear `plugin.<id>.<name>`.
//!
//! ```
//! use afpi_sdk::hook::{Result, events};
//!
//! fn too_late(opportunite: &str, days: u32) -> Result<()> {
//!     events::emit("late", Some(opportunite), &days)
//! }
//! # too_late("o-1", 3).unwrap();
//! # assert_eq!(afpi_sdk::testing::take_events()[0].payload, "3");
//! ```

use serde::Serialize;

pub use crate::bindings::base::afpi::host::events::Event as Announcement;
use crate::types::Result;

/// Announces an event, about an opportunité of this site if one is named. `payload` becomes JSON, at most 64 KiB.
///
/// # Errors
/// `denied` without the grant and while a change is being decided, `not-found` for an opportunité of another site, `rate-limited` and
/// `conflict` when there are too many; `other` when the payload is no JSON.
pub fn emit(name: &str, opportunite: Option<&str>, payload: &impl Serialize) -> Result<()> {
    let announcement =
        Announcement { name: name.into(), opportunite: opportunite.map(Into::into), payload: serde_json::to_string(payload)? };
    super::side::events::emit(&announcement)
}
