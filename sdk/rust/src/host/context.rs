//! The caller of the running call, and its time limit.
//!
//! ```
//! use afpi_sdk::notifier::{Text, context};
//!
//! fn in_the_language_of_the_caller(text: Text) -> String {
//!     if context::current().locale == "en" { text.en } else { text.fr }
//! }
//! # assert_eq!(in_the_language_of_the_caller(Text::new("oui", "yes")), "oui");
//! ```

pub use crate::bindings::base::afpi::host::context::CallContext;

/// Facts about the running call: site, language of the person, correlation id, time left at its start in ms. See the
/// example [above](self).
pub fn current() -> CallContext {
    super::side::context::current()
}
