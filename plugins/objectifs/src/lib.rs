//! The figures of AFPI: revenue, rates, delays, and the attainment of targets. They are pure sums over facts. The
//! plugin knows the kinds of facts, but no records, users or storage.
//!
//! `metrics` is the table of metrics, `calculation` adds up facts, `stays` computes the time spent in sections, and
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
