//! Monitoring: metrics, traces, health, memory, capacity.

pub mod access;
pub mod capacity;
pub mod gauges;
pub mod health;
pub mod memory;
pub mod metrics;
pub mod scrape;
pub mod trace;
pub mod track;
