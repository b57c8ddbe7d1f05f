//! When a person gets mails about what happens as one.

use afpi_core::clock::{Day, Instant};
use chrono::Datelike;
use serde::Serialize;
use utoipa::ToSchema;

/// One mail a day or a week, in the time of Paris.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Digest {
    /// 1 Monday to 7 Sunday. None: every day.
    #[schema(required = true)]
    pub weekday: Option<u32>,
    /// The hour from which on it comes, 0 to 23.
    pub hour: u32,
}

impl Digest {
    pub fn new(weekday: Option<i64>, hour: i64) -> Digest {
        let within = |value: i64, least: i64, most: i64| u32::try_from(value.clamp(least, most)).unwrap_or_default();
        Digest { weekday: weekday.map(|day| within(day, 1, 7)), hour: within(hour, 0, 23) }
    }

    /// The day of the newest one that is due at this instant.
    pub fn due(self, now: Instant) -> Day {
        let mut day = if now.hour() < self.hour { now.day().plus(-1) } else { now.day() };
        while self.weekday.is_some_and(|wanted| day.date().weekday().number_from_monday() != wanted) {
            day = day.plus(-1);
        }
        day
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_due_from_its_hour_on() {
        // 2026-11-27 is a Friday.
        let at = |day: &str, hour: u32| day.parse::<Day>().unwrap().hour(hour);
        let due = |weekday, day, hour| Digest { weekday, hour: 8 }.due(at(day, hour)).to_string();
        assert_eq!(due(None, "2026-11-27", 7), "2026-11-26");
        assert_eq!(due(None, "2026-11-27", 8), "2026-11-27");
        assert_eq!(due(Some(5), "2026-11-27", 8), "2026-11-27");
        assert_eq!(due(Some(5), "2026-11-27", 7), "2026-11-20");
        assert_eq!(due(Some(1), "2026-11-27", 9), "2026-11-23");
    }
}
