//! The figures of AFPI: revenue, rates, delays, and the attainment of targets. Pure sums over facts. Knows the kinds of
//! facts, and nothing about records, users or storage.
//!
//! `metrics` is the table of metrics, `calculation` adds facts up, `stays` computes time spent in sections,
//! `attainment` compares results with targets.

mod attainment;
mod calculation;
mod config;
mod metrics;
mod stays;

use afpi_sdk::Plugin;
use afpi_sdk::objectives::*;

pub use calculation::Sums;
pub use config::{Config, Limit};

/// The plugin.
pub struct Figures;

impl Plugin for Figures {
    type Config = Config;
}

impl Objectives for Figures {
    type Calculation = Sums;

    fn metrics(_: &Config) -> Vec<Metric> {
        metrics::all()
    }

    fn calculation(config: &Config, query: Query) -> Sums {
        Sums::new(config, query)
    }

    fn attain(_: &Config, targets: &[Target]) -> Vec<Attainment> {
        targets.iter().map(attainment::attain).collect()
    }
}

afpi_sdk::objectives::export!(Figures);
