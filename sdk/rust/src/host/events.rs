//! “Announces events.” Only names declared in the manifest. Hooks and notifiers of the site receive
//! `plugin.<id>.<name>`.
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

/// Announces an event, about an opportunité of this site if one is named. `payload` becomes JSON, at most 64 KiB and 32
/// levels deep. It is delivered after the call has answered without an error, and not at all when the call fails. See
/// the example [above](self).
///
/// # Errors
/// `denied` without the grant, for a name that is not declared, and while a change is being decided; `not-found` for an
/// opportunité of another site; `invalid` when the payload is over its limits; `rate-limited` (in ms) when there were
/// too many; `conflict` when too many events and jobs have caused one another; `unavailable` when the host's store is
/// away; `other` when the payload is no JSON.
pub fn emit(name: &str, opportunite: Option<&str>, payload: &impl Serialize) -> Result<()> {
    let announcement = Announcement {
        name: name.into(),
        opportunite: opportunite.map(Into::into),
        payload: serde_json::to_string(payload)?,
    };
    super::side::events::emit(&announcement)
}
