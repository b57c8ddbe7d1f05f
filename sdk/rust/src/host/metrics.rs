//! “Publishes figures for operations.” Only names declared in the manifest; the host adds plugin and site.
//!
//! ```
//! use afpi_sdk::notifier::metrics;
//!
//! metrics::add("messages_sent", 1);
//! metrics::set("rooms", 3);
//! # assert_eq!(afpi_sdk::testing::figure("messages_sent"), Some(1));
//! ```

/// Adds `value` to a counter.
pub fn add(name: &str, value: u64) {
    super::side::metrics::add(name, value);
}

/// Sets a gauge.
pub fn set(name: &str, value: i64) {
    super::side::metrics::set(name, value);
}
