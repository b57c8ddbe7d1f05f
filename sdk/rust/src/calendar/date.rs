//! A calendar day without a time zone: parsing, arithmetic, weekday. Proleptic Gregorian, after Howard Hinnant's
//! `days_from_civil`.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A calendar day between the years 1 and 9999. In JSON, in forms and as text it is `YYYY-MM-DD`.
///
/// ```
/// use afpi_sdk::calendar::{Date, Weekday};
/// let day: Date = "2027-02-28".parse().unwrap();
/// assert_eq!(Date::new(2027, 2, 28), Some(day));
/// assert_eq!(day.ymd(), (2027, 2, 28));
/// assert_eq!(day.weekday(), Weekday::Sunday);
/// assert_eq!(day.plus(1).to_string(), "2027-03-01");
/// assert_eq!(Date::from_days(day.days() - 365).french(), "28/02/2026");
/// assert!("2027-02-29".parse::<Date>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Days since 1970-01-01.
    days: i32,
}

/// A day of the week, by its English name; see [`Date::weekday`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// The text is not a day that exists, written `YYYY-MM-DD`.
///
/// ```
/// use afpi_sdk::calendar::{Date, NotADate};
/// assert_eq!("31/12/2026".parse::<Date>(), Err(NotADate));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotADate;

impl fmt::Display for NotADate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a date of the form YYYY-MM-DD")
    }
}

impl std::error::Error for NotADate {}

impl Date {
    /// The day, if it exists: year 1 to 9999, month 1 to 12, day of the month from 1.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Date> {
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
            return None;
        }
        let shifted = if month <= 2 { year - 1 } else { year };
        let era = shifted.div_euclid(400);
        let year_of_era = shifted.rem_euclid(400);
        let day_of_year = (153 * ((month as i32 + 9) % 12) + 2) / 5 + day as i32 - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Some(Date { days: era * 146_097 + day_of_era - 719_468 })
    }

    /// The day so many days after 1970-01-01, before it when negative.
    pub fn from_days(days: i32) -> Date {
        Date { days }
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i32 {
        self.days
    }

    /// Year, month (1 to 12) and day of the month (from 1).
    pub fn ymd(self) -> (i32, u32, u32) {
        let shifted = self.days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        (year, month as u32, day as u32)
    }

    /// The day of the week.
    pub fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        match (self.days + 3).rem_euclid(7) {
            0 => Weekday::Monday,
            1 => Weekday::Tuesday,
            2 => Weekday::Wednesday,
            3 => Weekday::Thursday,
            4 => Weekday::Friday,
            5 => Weekday::Saturday,
            _ => Weekday::Sunday,
        }
    }

    /// So many days later, earlier when negative.
    pub fn plus(self, days: i32) -> Date {
        Date { days: self.days.saturating_add(days) }
    }

    /// As it is written in French texts: `31/12/2026`.
    pub fn french(self) -> String {
        let (year, month, day) = self.ymd();
        format!("{day:02}/{month:02}/{year:04}")
    }
}

fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Date {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Date, NotADate> {
        let bytes = text.as_bytes();
        let digits = |range: std::ops::Range<usize>| -> Result<u32, NotADate> {
            bytes[range].iter().try_fold(0, |number, byte| match byte {
                b'0'..=b'9' => Ok(number * 10 + u32::from(byte - b'0')),
                _ => Err(NotADate),
            })
        };
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(NotADate);
        }
        Date::new(digits(0..4)? as i32, digits(5..7)?, digits(8..10)?).ok_or(NotADate)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// In a form: a date field.
impl JsonSchema for Date {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "date".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date", "x-widget": "date"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_three_centuries_goes_there_and_back() {
        let mut weekday = Date::new(1899, 12, 31).unwrap();
        for days in weekday.days()..Date::new(2200, 1, 1).unwrap().days() {
            let date = Date::from_days(days);
            let (year, month, day) = date.ymd();
            assert_eq!(Date::new(year, month, day), Some(date));
            assert_eq!(date.to_string().parse(), Ok(date));
            assert!(date >= weekday);
            weekday = date;
        }
    }

    #[test]
    fn known_weekdays() {
        assert_eq!(Date::new(1970, 1, 1).unwrap().weekday(), Weekday::Thursday);
        assert_eq!(Date::new(2026, 11, 22).unwrap().weekday(), Weekday::Sunday);
        assert_eq!(Date::new(2027, 3, 29).unwrap().weekday(), Weekday::Monday);
    }

    #[test]
    fn in_json_it_is_its_text() {
        let day: Date = serde_json::from_str("\"2026-11-22\"").unwrap();
        assert_eq!(serde_json::to_string(&day).unwrap(), "\"2026-11-22\"");
        assert!(serde_json::from_str::<Date>("\"22/11/2026\"").is_err());
        assert!(serde_json::from_str::<Date>("20261122").is_err());
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "2027-1-01",
            "2027-13-01",
            "2027-00-10",
            "2027-02-29",
            "2027-04-31",
            "20270101",
            "2027-01-0a",
            "0000-01-01",
            "2027-01-011",
            "é027-01-01",
        ] {
            assert_eq!(text.parse::<Date>(), Err(NotADate), "{text}");
        }
        assert!("2028-02-29".parse::<Date>().is_ok());
        assert!("2100-02-29".parse::<Date>().is_err());
    }
}
