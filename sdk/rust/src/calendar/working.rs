//! Working time: Monday to Friday 9:00–12:30 and 13:30–18:00 in Paris, legal holidays off.

use super::holidays::holidays_of;
use super::{Date, Weekday, holiday, paris};
use crate::types::Instant;

/// Minutes after midnight between which people work.
const SPANS: [(i64, i64); 2] = [(9 * 60, 12 * 60 + 30), (13 * 60 + 30, 18 * 60)];

/// Minutes in a working day: eight hours.
///
/// ```
/// use afpi_sdk::calendar::{WORKING_MINUTES_PER_DAY, instant_at, working_due};
/// let monday = instant_at("2026-11-23".parse().unwrap(), 9 * 60);
/// let friday = instant_at("2026-11-27".parse().unwrap(), 18 * 60);
/// assert_eq!(working_due(monday, 5 * WORKING_MINUTES_PER_DAY), friday);
/// ```
pub const WORKING_MINUTES_PER_DAY: i64 = 8 * 60;

/// Do people work on this day: Monday to Friday, and no legal holiday?
///
/// ```
/// use afpi_sdk::calendar::is_working_day;
/// assert!(is_working_day("2026-07-13".parse().unwrap()));
/// assert!(!is_working_day("2026-07-14".parse().unwrap()), "the national holiday");
/// ```
pub fn is_working_day(date: Date) -> bool {
    is_weekday(date) && holiday(date).is_none()
}

/// The first working day on or after this one.
///
/// ```
/// use afpi_sdk::calendar::next_working_day;
/// // From the Saturday before Whit Monday.
/// assert_eq!(next_working_day("2027-05-15".parse().unwrap()).to_string(), "2027-05-18");
/// ```
pub fn next_working_day(mut date: Date) -> Date {
    while !is_working_day(date) {
        date = date.plus(1);
    }
    date
}

/// Working days from `first` to `last`, both included; 0 when `last` comes first.
///
/// ```
/// use afpi_sdk::calendar::working_days;
/// assert_eq!(working_days("2026-11-01".parse().unwrap(), "2026-11-30".parse().unwrap()), 20);
/// ```
pub fn working_days(first: Date, last: Date) -> i64 {
    if last < first {
        return 0;
    }
    let ((from, ..), (to, ..)) = (first.ymd(), last.ymd());
    let off = (from..=to).flat_map(holidays_of).filter(|day| (first..=last).contains(day) && is_weekday(*day)).count();
    weekdays_before(last.plus(1)) - weekdays_before(first) - off as i64
}

fn is_weekday(date: Date) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Mondays to Fridays between a Monday long ago and this day, which does not count.
fn weekdays_before(date: Date) -> i64 {
    // 1969-12-29 was a Monday.
    let days = i64::from(date.days()) + 3;
    days.div_euclid(7) * 5 + days.rem_euclid(7).min(5)
}

/// Whole working minutes between two instants; 0 when `end` comes first.
///
/// ```
/// use afpi_sdk::calendar::{instant_at, working_minutes};
/// let friday = instant_at("2026-11-20".parse().unwrap(), 17 * 60);
/// let monday = instant_at("2026-11-23".parse().unwrap(), 10 * 60);
/// assert_eq!(working_minutes(friday, monday), 120);
/// ```
pub fn working_minutes(start: Instant, end: Instant) -> i64 {
    if end <= start {
        return 0;
    }
    let ((first, from), (last, to)) = (paris::split(start), paris::split(end));
    let milliseconds: i64 = if first == last {
        worked(first, from, to)
    } else {
        const DAY_END: i64 = 24 * 3_600_000;
        let between = working_days(first.plus(1), last.plus(-1)) * WORKING_MINUTES_PER_DAY * 60_000;
        worked(first, from, DAY_END) + between + worked(last, 0, to)
    };
    milliseconds / 60_000
}

/// Milliseconds worked on this day between two clock times, given in milliseconds since midnight.
fn worked(date: Date, from: i64, to: i64) -> i64 {
    if !is_working_day(date) {
        return 0;
    }
    SPANS.iter().map(|&(start, end)| (to.min(end * 60_000) - from.max(start * 60_000)).max(0)).sum()
}

/// The instant at which so many working minutes after `start` are over; `start` itself, or the next opening, for none.
///
/// ```
/// use afpi_sdk::calendar::{instant_at, working_due};
/// let friday = instant_at("2026-11-20".parse().unwrap(), 17 * 60);
/// assert_eq!(working_due(friday, 120), instant_at("2026-11-23".parse().unwrap(), 10 * 60));
/// ```
pub fn working_due(start: Instant, minutes: i64) -> Instant {
    let (mut date, mut from) = paris::split(start);
    let mut left = minutes.max(0) * 60_000;
    loop {
        if is_working_day(date) {
            for (open, close) in SPANS {
                let begin = from.max(open * 60_000);
                let available = (close * 60_000 - begin).max(0);
                if left <= available {
                    return paris::instant_at(date, 0) + begin + left;
                }
                left -= available;
            }
        }
        (date, from) = (date.plus(1), 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str, hour: i64, minute: i64) -> Instant {
        paris::instant_at(day.parse().unwrap(), hour * 60 + minute)
    }

    #[test]
    fn nights_lunches_weekends_and_holidays_do_not_count() {
        for (start, end, minutes) in [
            (at("2026-11-23", 9, 0), at("2026-11-23", 18, 0), 480),
            (at("2026-11-23", 12, 0), at("2026-11-23", 14, 0), 60),
            (at("2026-11-23", 12, 30), at("2026-11-23", 13, 30), 0),
            (at("2026-11-23", 20, 0), at("2026-11-24", 8, 0), 0),
            (at("2026-11-20", 0, 0), at("2026-11-23", 23, 59), 960),
            // 14 July 2026 is a Tuesday.
            (at("2026-07-13", 17, 0), at("2026-07-15", 10, 0), 120),
            // The clocks go forward between Friday 26 and (Easter) Monday 29 March 2027.
            (at("2027-03-26", 17, 30), at("2027-03-30", 9, 30), 60),
            (at("2026-11-23", 10, 0), at("2026-11-23", 9, 0), 0),
        ] {
            assert_eq!(working_minutes(start, end), minutes);
        }
    }

    #[test]
    fn what_is_due_is_so_many_minutes_away() {
        let mut start = at("2026-12-18", 7, 13);
        for minutes in (1..6000).step_by(97) {
            let due = working_due(start, minutes);
            assert_eq!(working_minutes(start, due), minutes);
            assert_eq!(working_minutes(start, due - 60_000), minutes - 1);
            start += 50 * 60_000;
        }
    }

    #[test]
    fn counting_days_and_calculating_them_is_the_same() {
        let first = Date::new(2023, 12, 20).unwrap();
        for from in (0..1200).step_by(7) {
            let mut counted = 0;
            for to in from..from + 500 {
                counted += i64::from(is_working_day(first.plus(to)));
                assert_eq!(working_days(first.plus(from), first.plus(to)), counted, "{from} {to}");
            }
        }
        assert_eq!(working_days(Date::new(1969, 12, 26).unwrap(), Date::new(1970, 1, 2).unwrap()), 5);
    }

    #[test]
    fn working_days_of_a_month() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(working_days(day("2026-11-01"), day("2026-11-30")), 20);
        assert_eq!(working_days(day("2027-05-01"), day("2027-05-31")), 19);
        assert_eq!(working_days(day("2026-11-30"), day("2026-11-01")), 0);
        assert_eq!(next_working_day(day("2027-05-15")), day("2027-05-18"));
    }
}
