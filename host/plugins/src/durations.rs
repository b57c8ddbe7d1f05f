//! The durations of calls: a histogram that every call updates, and a copy of it that can be added to others.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Counts durations in buckets. They grow by a quarter octave from 128 ns to about 2 minutes. It takes 1 KB and no
/// lock.
pub(crate) struct Histogram {
    buckets: [AtomicU64; BUCKETS],
}

const BUCKETS: usize = 124;
const LEAST: u64 = 128;

impl Default for Histogram {
    fn default() -> Self {
        Histogram { buckets: [const { AtomicU64::new(0) }; BUCKETS] }
    }
}

impl Histogram {
    pub fn record(&self, took: Duration) {
        let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX).max(LEAST);
        let octave = nanos.ilog2();
        // The two bits after the leading one divide an octave into four.
        let quarter = (nanos >> (octave - 2)) & 3;
        let bucket = ((octave - LEAST.ilog2()) as usize * 4 + quarter as usize).min(BUCKETS - 1);
        self.buckets[bucket].fetch_add(1, Relaxed);
    }

    pub fn view(&self) -> Durations {
        let counts = self.buckets.iter().map(|bucket| bucket.load(Relaxed)).zip(0..);
        Durations(counts.filter(|(count, _)| *count > 0).map(|(count, bucket)| (bucket, count)).collect())
    }
}

/// The number of calls by duration. It serialises as counts by bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Durations(BTreeMap<u8, u64>);

impl Durations {
    /// The median. The error is below a tenth of the value. `None` before the first call.
    pub fn p50(&self) -> Option<Duration> {
        self.quantile(0.50)
    }

    /// The duration below which 99 of 100 calls are. It is as exact as the median.
    pub fn p99(&self) -> Option<Duration> {
        self.quantile(0.99)
    }

    /// Adds the calls of another process.
    pub fn absorb(&mut self, other: &Durations) {
        for (bucket, count) in &other.0 {
            *self.0.entry(*bucket).or_default() += count;
        }
    }

    /// The middle of the bucket that contains the quantile.
    fn quantile(&self, share: f64) -> Option<Duration> {
        let total: u64 = self.0.values().sum();
        let rank = ((total as f64 * share).ceil() as u64).max(1);
        let mut seen = 0;
        let (bucket, _) = self.0.iter().find(|(_, count)| {
            seen += **count;
            seen >= rank
        })?;
        let octave = LEAST << (bucket / 4);
        let quarter = octave / 4;
        Some(Duration::from_nanos(octave + quarter * u64::from(bucket % 4) + quarter / 2))
    }
}

impl FromIterator<Duration> for Durations {
    fn from_iter<I: IntoIterator<Item = Duration>>(all: I) -> Self {
        let histogram = Histogram::default();
        all.into_iter().for_each(|took| histogram.record(took));
        histogram.view()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_within_a_tenth() {
        assert_eq!(Durations::default().quantile(0.5), None);
        let mut durations: Durations = (1..=1_000).map(Duration::from_micros).collect();
        for (share, true_value) in [(0.5, 500e-6), (0.99, 990e-6), (0.01, 10e-6)] {
            let found = durations.quantile(share).unwrap().as_secs_f64();
            assert!((found / true_value - 1.0).abs() < 0.13, "{share}: {found}");
        }
        durations.absorb(&[Duration::from_secs(86_400), Duration::ZERO].into_iter().collect());
        assert_eq!(durations.quantile(0.0), Some(Duration::from_nanos(144)), "the middle of the first bucket");
        assert!(durations.quantile(1.0) > Some(Duration::from_secs(100)));
    }
}
