//! What operations look at: metrics, health, keys, logs.

pub mod gauges;
pub mod health;
pub mod keys;
pub mod memory;
pub mod metrics;
