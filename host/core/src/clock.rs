//! Instants as epoch milliseconds, days as ISO texts in the time zone of the sites.

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, TimeZone, Utc};
use chrono_tz::Europe::Paris;

use crate::text::{Text, text};

/// The months' names in French and in English.
pub const MONTHS: [(&str, &str); 12] = [
    ("janvier", "January"),
    ("février", "February"),
    ("mars", "March"),
    ("avril", "April"),
    ("mai", "May"),
    ("juin", "June"),
    ("juillet", "July"),
    ("août", "August"),
    ("septembre", "September"),
    ("octobre", "October"),
    ("novembre", "November"),
    ("décembre", "December"),
];

const WEEKDAYS: [(&str, &str); 7] = [
    ("lundi", "Monday"),
    ("mardi", "Tuesday"),
    ("mercredi", "Wednesday"),
    ("jeudi", "Thursday"),
    ("vendredi", "Friday"),
    ("samedi", "Saturday"),
    ("dimanche", "Sunday"),
];

/// Now, in milliseconds since 1970.
pub fn now() -> i64 {
    Utc::now().timestamp_millis()
}

/// Today in Paris, `YYYY-MM-DD`.
pub fn today() -> String {
    day_of(now())
}

/// The day in Paris on which this instant falls.
pub fn day_of(instant: i64) -> String {
    at(instant).with_timezone(&Paris).format("%Y-%m-%d").to_string()
}

/// Year of an instant in Paris.
pub fn year_of(instant: i64) -> i64 {
    day_of(instant)[..4].parse().unwrap_or_default()
}

/// RFC 3339 in UTC with milliseconds: the form of instants in JSON.
pub fn rfc3339(instant: i64) -> String {
    at(instant).to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// First instant of a day in Paris; `None` when the text is no date.
pub fn start_of_day(day: &str) -> Option<i64> {
    let date = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
    Paris.from_local_datetime(&date.and_hms_opt(0, 0, 0)?).earliest().map(|t| t.timestamp_millis())
}

/// A day for people: « mardi 9 mars 2027 », “Tuesday 9 March 2027”. A text that is no ISO day stays as it is.
pub fn long_day(day: &str) -> Text {
    let Ok(date) = day.parse::<NaiveDate>() else { return text(day, day) };
    let weekday = WEEKDAYS[date.weekday().num_days_from_monday() as usize];
    let month = MONTHS[date.month0() as usize];
    let (number, year) = (date.day(), date.year());
    let first = if number == 1 { "er" } else { "" };
    text(
        format!("{} {number}{first} {} {year}", weekday.0, month.0),
        format!("{} {number} {} {year}", weekday.1, month.1),
    )
}

fn at(instant: i64) -> DateTime<Utc> {
    Utc.timestamp_millis_opt(instant).single().unwrap_or_default()
}

/// An instant that serialises as RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, utoipa::ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-11-22T18:05:00.123Z")]
pub struct Instant(pub i64);

impl serde::Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&rfc3339(self.0))
    }
}

impl<'de> serde::Deserialize<'de> for Instant {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        DateTime::<Utc>::deserialize(d).map(|at| Instant(at.timestamp_millis()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_said_in_words() {
        assert_eq!(long_day("2027-03-09"), text("mardi 9 mars 2027", "Tuesday 9 March 2027"));
        assert_eq!(long_day("2028-10-01").fr, "dimanche 1er octobre 2028");
        assert_eq!(long_day("demain").fr, "demain");
    }

    #[test]
    fn days_are_counted_in_paris() {
        // 23:30 UTC on 31 December is already the next year in Paris.
        let instant = Utc.with_ymd_and_hms(2026, 12, 31, 23, 30, 0).unwrap().timestamp_millis();
        assert_eq!(day_of(instant), "2027-01-01");
        assert_eq!(year_of(instant), 2027);
        assert_eq!(rfc3339(instant), "2026-12-31T23:30:00.000Z");
        assert_eq!(
            start_of_day("2026-07-01"),
            Some(Utc.with_ymd_and_hms(2026, 6, 30, 22, 0, 0).unwrap().timestamp_millis())
        );
        assert_eq!(start_of_day("2026-02-30"), None);
    }
}
