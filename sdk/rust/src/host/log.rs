//! Lines for the host's log, marked there with the plugin, its version and the site. Over 4 KiB they are cut, and a
//! flood is dropped and counted. Personal data does not belong here.
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

/// For the one who hunts a fault in this plugin. The example stands [above](self).
pub fn debug(message: &str) {
    super::side::log::write(Level::Debug, message);
}

/// Worth a line in daily business; the example stands [above](self).
pub fn info(message: &str) {
    super::side::log::write(Level::Info, message);
}

/// Odd, but carried on; the example stands [above](self).
pub fn warn(message: &str) {
    super::side::log::write(Level::Warn, message);
}

/// Something could not be done; the example stands [above](self).
pub fn error(message: &str) {
    super::side::log::write(Level::Error, message);
}
