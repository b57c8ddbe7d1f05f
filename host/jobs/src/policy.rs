//! When a failed job is retried, and how long things may take.

use std::time::Duration;

use crate::Lease;
use crate::clock::ms;

/// Rules that all workers of a queue share.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// A worker that does not answer for this long loses its jobs. It renews its leases after a third of this time.
    pub lease: Duration,
    /// A job is given up after this many dead workers, because the job probably kills them.
    pub max_crashes: u32,
    pub backoff: Backoff,
    /// How long completed jobs are kept, for people and to make the relay idempotent.
    pub keep_completed: Duration,
    /// How long dead jobs are kept.
    pub keep_dead: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        const DAY: u64 = 24 * 3600;
        Settings {
            lease: Duration::from_secs(30),
            max_crashes: 3,
            backoff: Backoff::default(),
            keep_completed: Duration::from_secs(7 * DAY),
            keep_dead: Duration::from_secs(90 * DAY),
        }
    }
}

/// Exponential backoff with jitter: between half of and the whole `base · 2^(attempt − 1)`, at most `cap`.
#[derive(Debug, Clone, PartialEq)]
pub struct Backoff {
    pub base: Duration,
    pub cap: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Backoff { base: Duration::from_secs(5), cap: Duration::from_secs(3600) }
    }
}

impl Backoff {
    /// The wait after the failed attempt number `attempt` (from 1). The jitter separates jobs that failed together.
    pub fn delay(&self, attempt: u32) -> Duration {
        let full = self.base.saturating_mul(2u32.saturating_pow(attempt.saturating_sub(1))).min(self.cap);
        full.mul_f64(rand::random_range(0.5..=1.0))
    }
}

/// Why an attempt failed, and whether the handler asks for a retry.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    pub message: String,
    pub retry: Retry,
}

/// What happens after a failure if attempts are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Retry after the backoff.
    Backoff,
    /// Retry after this time, which the other side has asked for.
    After(Duration),
    /// A retry cannot help.
    Never,
}

/// How a worker ends a job.
#[derive(Debug, Clone, PartialEq)]
pub enum End {
    Completed,
    /// The job is retried as [`Failure::retry`] says while attempts are left. Otherwise it is dead.
    Failed(Failure),
    /// The job returns unfinished to the front of the queue. The attempt does not count. A worker does this when it
    /// stops.
    Released,
}

/// What an end makes of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Completed,
    /// The job runs again at this instant (epoch ms).
    Retried {
        at: i64,
    },
    Dead,
    /// The job waits again.
    Released,
}

impl Settings {
    /// What this end makes of the job.
    pub(crate) fn fate(&self, lease: &Lease, end: &End, now: i64) -> Fate {
        match end {
            End::Completed => Fate::Completed,
            End::Released => Fate::Released,
            End::Failed(failure) => match self.next_try(lease.attempt, lease.max_attempts, failure.retry) {
                Some(delay) => Fate::Retried { at: now + ms(delay) },
                None => Fate::Dead,
            },
        }
    }

    /// The wait before the next attempt. `None` if there is no further attempt.
    fn next_try(&self, attempt: u32, max_attempts: u32, retry: Retry) -> Option<Duration> {
        match retry {
            _ if attempt >= max_attempts => None,
            Retry::Never => None,
            Retry::Backoff => Some(self.backoff.delay(attempt)),
            Retry::After(delay) => Some(delay),
        }
    }
}

/// Shortens an error text. It is for people and logs, so one page is enough.
pub(crate) fn short(message: &str) -> String {
    const MAX: usize = 2000;
    match message.char_indices().nth(MAX) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_doubles_within_its_jitter_and_stops_at_the_cap() {
        let backoff = Backoff { base: Duration::from_millis(100), cap: Duration::from_millis(1000) };
        for (attempt, full) in [(1, 100), (2, 200), (4, 800), (5, 1000), (40, 1000), (u32::MAX, 1000)] {
            for _ in 0..50 {
                let delay = backoff.delay(attempt).as_millis();
                assert!((full / 2..=full).contains(&delay), "attempt {attempt}: {delay} ms of {full}");
            }
        }
    }

    #[test]
    fn the_last_attempt_and_a_hopeless_one_are_not_tried_again() {
        let settings = Settings::default();
        let after = Retry::After(Duration::from_secs(7));
        assert_eq!(settings.next_try(1, 3, after), Some(Duration::from_secs(7)));
        assert_eq!(settings.next_try(3, 3, after), None);
        assert_eq!(settings.next_try(1, 3, Retry::Never), None);
    }

    #[test]
    fn long_errors_are_cut_between_characters() {
        assert_eq!(short("é"), "é");
        assert_eq!(short(&"é".repeat(3000)).chars().count(), 2001);
    }
}
