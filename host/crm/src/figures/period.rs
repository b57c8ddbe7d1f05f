//! Months, quarters and years: `2026-11`, `2026-Q4`, `2026`.

use chrono::{Datelike, Months, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use afpi_core::clock::{Day, MONTHS};
use afpi_core::text::Locale;

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema, strum::IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[schema(as = PeriodKind)]
#[strum(serialize_all = "lowercase")]
pub enum Kind {
    Month,
    Quarter,
    Year,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    fn months(self) -> u32 {
        match self {
            Kind::Month => 1,
            Kind::Quarter => 3,
            Kind::Year => 12,
        }
    }
}

/// A month, quarter or year of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Period {
    pub kind: Kind,
    /// Both days are included.
    #[schema(value_type = NaiveDate)]
    pub first: Day,
    #[schema(value_type = NaiveDate)]
    pub last: Day,
}

impl Period {
    /// The period of this kind in which the day lies; `None` at the end of the calendar.
    pub fn containing(kind: Kind, day: Day) -> Option<Period> {
        let day = day.date();
        let month = day.month0() / kind.months() * kind.months() + 1;
        let first = NaiveDate::from_ymd_opt(day.year(), month, 1)?;
        let last = first.checked_add_months(Months::new(kind.months()))?.pred_opt()?;
        Some(Period { kind, first: first.into(), last: last.into() })
    }

    /// Reads `2026`, `2026-Q4` or `2026-11`; years 2000 to 2100.
    pub fn parse(text: &str) -> Option<Period> {
        let digits = |s: &str, length: usize| s.len() == length && s.bytes().all(|b| b.is_ascii_digit());
        let (year, rest) = text.split_once('-').map_or((text, None), |(year, rest)| (year, Some(rest)));
        let year: i32 = digits(year, 4).then(|| year.parse().ok())?.filter(|y| (2000..=2100).contains(y))?;
        let (kind, month) = match rest {
            None => (Kind::Year, 1),
            Some(rest) => match rest.strip_prefix('Q') {
                Some(quarter) => (
                    Kind::Quarter,
                    digits(quarter, 1).then(|| quarter.parse::<u32>().ok())?.filter(|q| (1..=4).contains(q))? * 3,
                ),
                None => (Kind::Month, digits(rest, 2).then(|| rest.parse().ok())??),
            },
        };
        Period::containing(kind, NaiveDate::from_ymd_opt(year, month, 1)?.into())
    }

    /// The one before it, of the same kind.
    pub fn previous(self) -> Option<Period> {
        Period::containing(self.kind, self.first.date().pred_opt()?.into())
    }

    pub fn contains(self, day: Day) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// Its month and the months before it, oldest first, `count` in all.
    pub fn months_back(self, count: u32) -> Vec<Period> {
        let last = self.last.date();
        let last = last.with_day(1).unwrap_or(last);
        (0..count)
            .rev()
            .filter_map(|back| Period::containing(Kind::Month, last.checked_sub_months(Months::new(back))?.into()))
            .collect()
    }

    /// Its written form: `2026-11`, `2026-Q4`, `2026`.
    pub fn id(self) -> String {
        let first = self.first.date();
        let year = first.year();
        match self.kind {
            Kind::Month => format!("{year}-{:02}", first.month()),
            Kind::Quarter => format!("{year}-Q{}", first.month0() / 3 + 1),
            Kind::Year => year.to_string(),
        }
    }

    /// Its name for people.
    pub fn label(self, locale: Locale) -> String {
        let first = self.first.date();
        let (year, month) = (first.year(), first.month0() as usize);
        let quarter = month / 3 + 1;
        match (self.kind, locale) {
            (Kind::Month, Locale::Fr) => format!("{} {year}", MONTHS[month].0),
            (Kind::Month, Locale::En) => format!("{} {year}", MONTHS[month].1),
            (Kind::Quarter, Locale::Fr) => {
                format!("{quarter}{} trimestre {year}", if quarter == 1 { "er" } else { "e" })
            }
            (Kind::Quarter, Locale::En) => format!("Q{quarter} {year}"),
            (Kind::Year, _) => year.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> Option<(String, String)> {
        Period::parse(text).map(|p| (p.first.to_string(), p.last.to_string()))
    }

    #[test]
    fn periods_are_read_strictly_and_written_back() {
        let pair = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(days("2026"), pair("2026-01-01", "2026-12-31"));
        assert_eq!(days("2026-Q4"), pair("2026-10-01", "2026-12-31"));
        assert_eq!(days("2026-Q1"), pair("2026-01-01", "2026-03-31"));
        assert_eq!(days("2028-02"), pair("2028-02-01", "2028-02-29"));
        for wrong in [
            "", "26", "2026-", "2026-Q5", "2026-Q0", "2026-13", "2026-00", "2026-1", "2026-011", "1999", "2101",
            "2026-q4", "2026-Q44", "+026", "2026-+1",
        ] {
            assert_eq!(days(wrong), None, "{wrong}");
        }
        for id in ["2026", "2026-Q4", "2026-11"] {
            assert_eq!(Period::parse(id).map(Period::id).as_deref(), Some(id));
        }
    }

    #[test]
    fn before_and_back() {
        let of = |text: &str| Period::parse(text).unwrap();
        assert_eq!(of("2026-Q1").previous().map(Period::id).as_deref(), Some("2025-Q4"));
        assert_eq!(of("2026").previous().map(Period::id).as_deref(), Some("2025"));
        let months: Vec<_> = of("2026-Q1").months_back(12).into_iter().map(Period::id).collect();
        assert_eq!((months.len(), months[0].as_str(), months[11].as_str()), (12, "2025-04", "2026-03"));
        assert_eq!(of("2026-Q1").label(Locale::Fr), "1er trimestre 2026");
        assert_eq!(of("2026-08").label(Locale::Fr), "août 2026");
        assert_eq!(of("2026-Q4").label(Locale::En), "Q4 2026");
    }
}
