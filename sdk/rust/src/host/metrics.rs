//! “Publishes figures for operations.” Only names declared in the manifest; the host adds plugin and site.

/// Adds `value` to a counter.
pub fn add(name: &str, value: u64) {
    super::side::metrics::add(name, value);
}

/// Sets a gauge.
pub fn set(name: &str, value: i64) {
    super::side::metrics::set(name, value);
}
