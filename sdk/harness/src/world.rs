//! The clock and the random numbers of a test.

use afpi_plugins::ports::Ambience;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};

/// 2026-01-05T08:00:00Z, which is a Monday.
const BEGINNING: i64 = 1_767_600_000_000;

/// A clock that does not move by itself, and repeatable random numbers.
pub struct Stage {
    now: AtomicI64,
    /// The state of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
    random: AtomicU64,
}

impl Default for Stage {
    fn default() -> Self {
        Stage { now: AtomicI64::new(BEGINNING), random: AtomicU64::new(0) }
    }
}

impl Stage {
    pub fn set_now(&self, now: i64) {
        self.now.store(now, Relaxed);
    }

    pub fn seed(&self, seed: u64) {
        self.random.store(seed, Relaxed);
    }
}

impl Ambience for Stage {
    fn now(&self) -> i64 {
        self.now.load(Relaxed)
    }

    fn random(&self, bytes: &mut [u8]) -> std::io::Result<()> {
        const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
        for piece in bytes.chunks_mut(8) {
            let mut word = self.random.fetch_add(GOLDEN, Relaxed).wrapping_add(GOLDEN);
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            word ^= word >> 31;
            piece.copy_from_slice(&word.to_le_bytes()[..piece.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_numbers() {
        let draw = |seed: u64| {
            let stage = Stage::default();
            stage.seed(seed);
            let mut bytes = [0; 11];
            stage.random(&mut bytes).unwrap();
            bytes
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        // The first number of SplitMix64 with seed 0.
        assert_eq!(draw(0)[..8], 0xe220_a839_7b1d_cdaf_u64.to_le_bytes());
    }
}
