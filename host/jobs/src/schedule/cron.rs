//! The next time of a cron expression, in French time on every server.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Paris;
use croner::Cron;

use crate::{JobsError, Result};

/// The first instant (epoch ms) after `after` at which the expression matches in Paris. If the change to summer time
/// skips a local time, it matches right after the gap. If the change to winter time repeats a local time, only the
/// first one matches.
pub(super) fn next(expression: &str, after: i64) -> Result<i64> {
    let refused = |error: croner::errors::CronError| JobsError::Refused(format!("cron {expression:?}: {error}"));
    if expression.len() > 100 {
        return Err(JobsError::Refused("cron expression over 100 characters".into()));
    }
    let cron = Cron::from_str(expression).map_err(refused)?;
    let after = DateTime::<Utc>::from_timestamp_millis(after)
        .ok_or_else(|| JobsError::Refused(format!("no such instant: {after}")))?
        .with_timezone(&Paris);
    Ok(cron.find_next_occurrence(&after, false).map_err(refused)?.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The matches after `start` (RFC 3339), as RFC 3339 in Paris.
    fn strikes(expression: &str, start: &str, n: usize) -> Vec<String> {
        let mut at = DateTime::parse_from_rfc3339(start).unwrap().timestamp_millis();
        (0..n)
            .map(|_| {
                at = next(expression, at).unwrap();
                DateTime::<Utc>::from_timestamp_millis(at).unwrap().with_timezone(&Paris).to_rfc3339()
            })
            .collect()
    }

    #[test]
    fn a_daily_job_keeps_its_wall_clock_time_over_both_changes() {
        assert_eq!(
            strikes("0 6 * * *", "2026-03-28T12:00:00Z", 2),
            ["2026-03-29T06:00:00+02:00", "2026-03-30T06:00:00+02:00"]
        );
        assert_eq!(
            strikes("0 6 * * *", "2026-10-24T12:00:00Z", 2),
            ["2026-10-25T06:00:00+01:00", "2026-10-26T06:00:00+01:00"]
        );
    }

    #[test]
    fn a_time_that_does_not_exist_strikes_after_the_gap() {
        assert_eq!(
            strikes("30 2 * * *", "2026-03-28T12:00:00Z", 2),
            ["2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"]
        );
    }

    #[test]
    fn a_time_that_comes_twice_strikes_once() {
        assert_eq!(
            strikes("30 2 * * *", "2026-10-24T12:00:00Z", 2),
            ["2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"]
        );
    }

    #[test]
    fn every_quarter_hour_goes_on_through_the_repeated_hour() {
        let day = strikes("*/15 * * * *", "2026-10-24T23:59:00Z", 9);
        assert_eq!(day[0], "2026-10-25T02:00:00+02:00");
        assert_eq!(day[4], "2026-10-25T02:00:00+01:00");
        assert_eq!(day[8], "2026-10-25T03:00:00+01:00");
    }

    #[test]
    fn nonsense_is_refused() {
        for expression in ["", "every day", "61 * * * *", "0 0 31 2 *", "* * * * * * * *"] {
            assert!(matches!(next(expression, 0), Err(JobsError::Refused(_))), "{expression}");
        }
    }
}
