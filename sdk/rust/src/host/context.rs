//! Who is calling and for how long.
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

/// The facts of the running call: site, language of the person behind it, correlation id, time left at its start in ms.
/// The example stands [above](self).
pub fn current() -> CallContext {
    super::side::context::current()
}
