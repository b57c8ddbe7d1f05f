//! Instants, and days in the time zone of the sites.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, SecondsFormat, TimeZone, Timelike, Utc, Weekday};
use chrono_tz::Europe::Paris;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

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

/// An instant: milliseconds since 1970. RFC 3339 in JSON, a number in SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, utoipa::ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-11-22T18:05:00.123Z")]
pub struct Instant(pub i64);

impl Instant {
    pub fn now() -> Instant {
        Instant(Utc::now().timestamp_millis())
    }

    /// The day in Paris on which this instant falls.
    pub fn day(self) -> Day {
        Day(at(self.0).with_timezone(&Paris).date_naive())
    }

    /// The hour of the day in Paris, 0 to 23.
    pub fn hour(self) -> u32 {
        at(self.0).with_timezone(&Paris).hour()
    }

    /// The time of the day in Paris, `HH:MM`.
    pub fn time(self) -> String {
        at(self.0).with_timezone(&Paris).format("%H:%M").to_string()
    }

    /// The instant so many milliseconds after 1970, as plugins and tables write it.
    pub const fn from_millis(milliseconds: i64) -> Instant {
        Instant(milliseconds)
    }

    pub const fn millis(self) -> i64 {
        self.0
    }

    /// How long after `earlier` this is; zero when it is not after it.
    pub fn since(self, earlier: Instant) -> Duration {
        Duration::from_millis(u64::try_from(self.0 - earlier.0).unwrap_or_default())
    }
}

fn millis_of(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

impl Add<Duration> for Instant {
    type Output = Instant;

    fn add(self, duration: Duration) -> Instant {
        Instant(self.0.saturating_add(millis_of(duration)))
    }
}

impl Sub<Duration> for Instant {
    type Output = Instant;

    fn sub(self, duration: Duration) -> Instant {
        Instant(self.0.saturating_sub(millis_of(duration)))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&at(self.0).to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

/// An instant as a number of milliseconds in JSON, for stored payloads: `#[serde(with = "clock::millis")]`.
pub mod millis {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Instant;

    pub fn serialize<S: Serializer>(instant: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(instant.0)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
        i64::deserialize(deserializer).map(Instant)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        DateTime::<Utc>::deserialize(d).map(|at| Instant(at.timestamp_millis()))
    }
}

impl afpi_db::Newtype for Instant {
    type Inner = i64;

    fn wrap(inner: i64) -> Result<Self, afpi_db::Unreadable> {
        Ok(Instant(inner))
    }
}

impl From<Instant> for afpi_db::Value {
    fn from(instant: Instant) -> Self {
        instant.0.into()
    }
}

impl From<&Instant> for afpi_db::Value {
    fn from(instant: &Instant) -> Self {
        instant.0.into()
    }
}

/// A day in the time zone of the sites: `YYYY-MM-DD` in JSON and in SQL. The last day is 9999-12-31.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, utoipa::ToSchema)]
#[schema(value_type = String, format = Date, example = "2026-11-22")]
pub struct Day(NaiveDate);

impl Day {
    /// Today in Paris.
    pub fn today() -> Day {
        Instant::now().day()
    }

    /// The day this many days later, or earlier. Days that no calendar has stay.
    pub fn plus(self, days: i64) -> Day {
        let moved = chrono::TimeDelta::try_days(days).and_then(|days| self.0.checked_add_signed(days));
        Day(moved.unwrap_or(self.0))
    }

    pub fn year(self) -> i32 {
        self.0.year()
    }

    pub fn date(self) -> NaiveDate {
        self.0
    }

    /// The first instant of the day in Paris.
    pub fn start(self) -> Instant {
        // Paris changes its clock at night, never at midnight.
        self.hour(0)
    }

    /// The instant when this hour of the day begins in Paris, 0 to 23. In the hour that a spring night leaves out: when
    /// the next one begins.
    pub fn hour(self, hour: u32) -> Instant {
        let of = |hour: u32| {
            let time = NaiveTime::from_hms_opt(hour, 0, 0)?;
            Paris.from_local_datetime(&self.0.and_time(time)).earliest()
        };
        Instant(of(hour).or_else(|| of(hour + 1)).map_or(0, |at| at.timestamp_millis()))
    }

    /// Is it a Saturday or a Sunday?
    pub fn is_weekend(self) -> bool {
        matches!(self.0.weekday(), Weekday::Sat | Weekday::Sun)
    }
}

/// The text is no day of the form `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotADay;

impl fmt::Display for NotADay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a day of the form YYYY-MM-DD")
    }
}

impl std::error::Error for NotADay {}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Day {
        Day(date)
    }
}

impl FromStr for Day {
    type Err = NotADay;

    /// Reads `YYYY-MM-DD` and nothing shorter or longer.
    fn from_str(text: &str) -> Result<Day, NotADay> {
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| NotADay)?;
        // `%Y` also takes `+12026`, and `%m` takes `3`.
        Some(Day(date)).filter(|day| day.to_string() == text).ok_or(NotADay)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

impl afpi_db::Newtype for Day {
    type Inner = String;

    fn wrap(text: String) -> Result<Self, afpi_db::Unreadable> {
        Ok(text.parse()?)
    }
}

impl From<Day> for afpi_db::Value {
    fn from(day: Day) -> Self {
        day.to_string().into()
    }
}

impl From<&Day> for afpi_db::Value {
    fn from(day: &Day) -> Self {
        day.to_string().into()
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
    fn a_day_is_ten_characters() {
        let day: Day = "2026-11-22".parse().unwrap();
        assert_eq!(day.to_string(), "2026-11-22");
        assert_eq!(serde_json::from_str::<Day>("\"2026-11-22\"").unwrap(), day);
        assert_eq!(serde_json::to_string(&day).unwrap(), "\"2026-11-22\"");
        assert_eq!(day.start().day(), day);
        for text in ["2026-11-2", "+2026-11-2", "2026-02-30", "22/11/2026", "", "2026-11-22T00:00:00Z"] {
            assert_eq!(text.parse::<Day>(), Err(NotADay), "{text}");
        }
    }

    #[test]
    fn instants_do_not_overflow() {
        let last = Instant(i64::MAX - 5);
        assert_eq!(
            (last + Duration::from_secs(1), Instant(3) - Duration::MAX),
            (Instant(i64::MAX), Instant(3 - i64::MAX))
        );
        assert_eq!(
            (last.since(Instant(0)), Instant(0).since(last)),
            (Duration::from_millis(i64::MAX as u64 - 5), Duration::ZERO)
        );
    }

    #[test]
    fn days_are_counted_in_paris() {
        // 23:30 UTC on 31 December is already the next year in Paris.
        let instant = Instant(Utc.with_ymd_and_hms(2026, 12, 31, 23, 30, 0).unwrap().timestamp_millis());
        assert_eq!((instant.day().to_string(), instant.day().year()), ("2027-01-01".into(), 2027));
        assert_eq!(instant.to_string(), "2026-12-31T23:30:00.000Z");
        let day: Day = "2026-07-01".parse().unwrap();
        assert_eq!(day.start().to_string(), "2026-06-30T22:00:00.000Z");
    }
}
