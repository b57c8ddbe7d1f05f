//! Europe/Paris without a time zone database: UTC+1, and UTC+2 between the last Sundays of March and October, 01:00 UTC
//! (directive 2000/84/EC). Right for every instant since 1996; older ones are not needed.

use super::Date;
use crate::types::Instant;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// The day it is in Paris at this instant.
///
/// ```
/// use afpi_sdk::calendar::day_of;
/// // 2026-12-31T23:30:00Z is already next year in Paris.
/// assert_eq!(day_of(1_798_759_800_000).to_string(), "2027-01-01");
/// ```
pub fn day_of(instant: Instant) -> Date {
    split(instant).0
}

/// The instant at which the clocks of Paris show so many minutes after midnight on this day; right for every minute of
/// working hours, not for the hours in which the clocks change.
///
/// ```
/// use afpi_sdk::calendar::instant_at;
/// // 9:00 in Paris is 7:00 UTC in summer.
/// assert_eq!(instant_at("2026-07-15".parse().unwrap(), 9 * 60), 1_784_098_800_000);
/// ```
pub fn instant_at(date: Date, minute: i64) -> Instant {
    let wall = i64::from(date.days()) * DAY + minute * 60_000;
    // Clocks change at night, on a Sunday: the offset of two hours before is right for every working minute.
    wall - offset(wall - 2 * HOUR)
}

/// The day in Paris and the milliseconds since its midnight on the clock.
pub(super) fn split(instant: Instant) -> (Date, i64) {
    let wall = instant.saturating_add(offset(instant));
    (Date::from_days(wall.div_euclid(DAY) as i32), wall.rem_euclid(DAY))
}

fn offset(instant: Instant) -> i64 {
    let (year, month, _) = Date::from_days(instant.div_euclid(DAY) as i32).ymd();
    let summer = match month {
        4..=9 => true,
        3 => instant >= change(year, 3),
        10 => instant < change(year, 10),
        _ => false,
    };
    if summer { 2 * HOUR } else { HOUR }
}

/// 01:00 UTC on the last Sunday of a month with 31 days.
fn change(year: i32, month: u32) -> Instant {
    let last = Date::new(year, month, 31).unwrap_or(Date::from_days(0));
    let since_sunday = (last.days() + 4).rem_euclid(7);
    i64::from(last.days() - since_sunday) * DAY + HOUR
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str, hour: i64, minute: i64) -> Instant {
        i64::from(day.parse::<Date>().unwrap().days()) * DAY + hour * HOUR + minute * 60_000
    }

    #[test]
    fn the_clocks_change_at_one_utc() {
        for (instant, day, hours) in [
            (at("2027-03-28", 0, 59), "2027-03-28", 1),
            (at("2027-03-28", 1, 0), "2027-03-28", 3),
            (at("2026-10-25", 0, 59), "2026-10-25", 2),
            (at("2026-10-25", 1, 0), "2026-10-25", 2),
            (at("2026-07-14", 22, 30), "2026-07-15", 0),
            (at("2026-01-01", 22, 30), "2026-01-01", 23),
        ] {
            let (date, since) = split(instant);
            assert_eq!((date.to_string().as_str(), since / HOUR), (day, hours));
        }
    }

    #[test]
    fn clock_times_go_there_and_back_all_year() {
        let first = Date::new(2026, 1, 1).unwrap();
        for day in 0..730 {
            for minute in [9 * 60, 12 * 60 + 30, 18 * 60] {
                assert_eq!(split(instant_at(first.plus(day), minute)), (first.plus(day), minute * 60_000));
            }
        }
    }
}
