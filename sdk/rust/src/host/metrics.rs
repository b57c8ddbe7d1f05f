//! “Publishes figures for operations.” Only names declared in the manifest; the host adds plugin and site. Names that
//! are not declared or not granted are ignored and counted.
//!
//! ```
//! use afpi_sdk::notifier::metrics;
//!
//! metrics::add("messages_sent", 1);
//! metrics::set("rooms", 3);
//! # assert_eq!(afpi_sdk::testing::figure("messages_sent"), Some(1));
//! ```

/// Adds `value` to the counter `name`. See the example [above](self).
pub fn add(name: &str, value: u64) {
    super::side::metrics::add(name, value);
}

/// Sets the gauge `name`. See the example [above](self).
pub fn set(name: &str, value: i64) {
    super::side::metrics::set(name, value);
}
