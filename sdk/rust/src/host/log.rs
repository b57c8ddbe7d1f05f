//! Lines for the host's log, marked there with the plugin, its version and the site. Lines over 4 KiB are cut. Too many
//! lines are dropped and counted. Never log personal data.
//!
//! ```
//! use afpi_sdk::notifier::log;
//!
//! log::debug("looking for the room");
//! log::info("the room was told");
//! log::warn(&format!("the chat answers {}", 429));
//! log::error("there is no such room");
//! # assert_eq!(afpi_sdk::testing::take_log().len(), 4);
//! ```

use crate::bindings::base::afpi::host::log::Level;

/// For somebody who looks for a fault in this plugin. See the example [above](self).
pub fn debug(message: &str) {
    super::side::log::write(Level::Debug, message);
}

/// Worth a line in normal operation. See the example [above](self).
pub fn info(message: &str) {
    super::side::log::write(Level::Info, message);
}

/// Unusual, but the work goes on. See the example [above](self).
pub fn warn(message: &str) {
    super::side::log::write(Level::Warn, message);
}

/// Something failed. See the example [above](self).
pub fn error(message: &str) {
    super::side::log::write(Level::Error, message);
}
