//! The hours in which a person gets no mail about what happens.

use afpi_core::clock::{Day, Instant};
use serde::Serialize;
use utoipa::ToSchema;

/// Quiet hours, in the time of Paris. They go over midnight when `from` is later than `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = QuietHours)]
pub struct Quiet {
    /// The hour when they begin, 0 to 23.
    pub from: u32,
    /// The hour when they end. The same one as `from`: there are none in the week.
    pub to: u32,
    /// Are Saturday and Sunday quiet as a whole? Monday begins when the night ends.
    pub weekends: bool,
}

impl Quiet {
    /// Hours of the day, 0 to 23.
    pub fn new(from: i64, to: i64, weekends: bool) -> Quiet {
        let hour = |hour: i64| u32::try_from(hour.clamp(0, 23)).unwrap_or_default();
        Quiet { from: hour(from), to: hour(to), weekends }
    }

    /// When a mail may go out that was written at this instant; `None`: at once.
    pub fn until(self, now: Instant) -> Option<Instant> {
        let (day, hour) = (now.day(), now.hour());
        if self.weekends && day.is_weekend() {
            return Some(self.morning(day.plus(1)));
        }
        let night = if self.from <= self.to {
            (self.from..self.to).contains(&hour)
        } else {
            hour >= self.from || hour < self.to
        };
        match night {
            false => None,
            true if hour < self.to => Some(day.hour(self.to)),
            true => Some(self.morning(day.plus(1))),
        }
    }

    /// When mails go out on the first day from this one that is not quiet as a whole.
    fn morning(self, day: Day) -> Instant {
        let mut day = day;
        while self.weekends && day.is_weekend() {
            day = day.plus(1);
        }
        // A night that ends before midnight does not reach into the morning.
        let hour = if self.from > self.to { self.to } else { 0 };
        self.until(day.hour(hour)).unwrap_or(day.hour(hour))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `YYYY-MM-DD HH` in Paris.
    fn at(text: &str) -> Instant {
        let (day, hour) = text.split_once(' ').unwrap();
        day.parse::<Day>().unwrap().hour(hour.parse().unwrap())
    }

    fn until(quiet: Quiet, now: &str) -> Option<String> {
        quiet.until(at(now)).map(|at| format!("{} {:02}", at.day(), at.hour()))
    }

    #[test]
    fn mails_wait_for_the_morning() {
        // 2026-11-27 is a Friday.
        let night = Quiet { from: 19, to: 7, weekends: false };
        assert_eq!(until(night, "2026-11-26 18"), None);
        assert_eq!(until(night, "2026-11-26 19").as_deref(), Some("2026-11-27 07"));
        assert_eq!(until(night, "2026-11-27 03").as_deref(), Some("2026-11-27 07"));
        assert_eq!(until(night, "2026-11-27 07"), None);
        assert_eq!(until(night, "2026-11-28 12"), None);
    }

    #[test]
    fn mails_of_a_weekend_wait_for_monday() {
        let quiet = Quiet { from: 19, to: 7, weekends: true };
        assert_eq!(until(quiet, "2026-11-27 20").as_deref(), Some("2026-11-30 07"));
        assert_eq!(until(quiet, "2026-11-28 12").as_deref(), Some("2026-11-30 07"));
        assert_eq!(until(quiet, "2026-11-29 23").as_deref(), Some("2026-11-30 07"));
        assert_eq!(until(quiet, "2026-11-30 06").as_deref(), Some("2026-11-30 07"));
        assert_eq!(until(quiet, "2026-11-30 07"), None);
        let weekends = Quiet { from: 0, to: 0, weekends: true };
        assert_eq!(until(weekends, "2026-11-28 12").as_deref(), Some("2026-11-30 00"));
        assert_eq!(until(weekends, "2026-11-27 23"), None);
    }

    #[test]
    fn quiet_hours_of_the_day_end_on_the_same_day() {
        let lunch = Quiet { from: 12, to: 14, weekends: false };
        assert_eq!(until(lunch, "2026-11-27 13").as_deref(), Some("2026-11-27 14"));
        assert_eq!(until(lunch, "2026-11-27 14"), None);
        // From midnight: the weekend ends with the night.
        let early = Quiet { from: 0, to: 6, weekends: true };
        assert_eq!(until(early, "2026-11-28 12").as_deref(), Some("2026-11-30 06"));
    }

    #[test]
    fn the_night_of_the_change_of_the_clock_has_a_morning() {
        // On 2027-03-28 the clock goes from 2 to 3.
        let night = Quiet { from: 22, to: 2, weekends: false };
        assert_eq!(until(night, "2027-03-27 23").as_deref(), Some("2027-03-28 03"));
    }
}
