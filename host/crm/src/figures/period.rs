//! Months, quarters, semesters, years and school years: `2026-11`, `2026-Q4`, `2026-S2`, `2026`, `2026-2027`.

use chrono::{Datelike, Months, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use afpi_core::clock::{Day, MONTHS};
use afpi_core::text::{Locale, Text, text};

const MONTHS_OF_A_YEAR: u32 = 12;

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "lowercase")]
#[schema(as = PeriodKind)]
#[strum(serialize_all = "lowercase")]
pub enum Kind {
    Month,
    Quarter,
    Semester,
    Year,
    /// From 1 September to 31 August.
    School,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    fn months(self) -> u32 {
        match self {
            Kind::Month => 1,
            Kind::Quarter => 3,
            Kind::Semester => 6,
            Kind::Year | Kind::School => 12,
        }
    }

    /// The month in which one begins, from 0.
    fn offset(self) -> u32 {
        if self == Kind::School { 8 } else { 0 }
    }
}

/// A month, quarter, semester or year.
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
        let month = day.date().with_day(1)?;
        let into = (month.month0() + MONTHS_OF_A_YEAR - kind.offset()) % kind.months();
        let first = month.checked_sub_months(Months::new(into))?;
        let last = first.checked_add_months(Months::new(kind.months()))?.pred_opt()?;
        Some(Period { kind, first: first.into(), last: last.into() })
    }

    /// What [`Period::parse`] reads, for people.
    pub fn expected() -> Text {
        text(
            "Période attendue : 2026, 2026-2027, 2026-S2, 2026-Q4 ou 2026-11.",
            "Period expected: 2026, 2026-2027, 2026-S2, 2026-Q4 or 2026-11.",
        )
    }

    /// Reads `2026`, `2026-2027` (a school year), `2026-S2`, `2026-Q4` or `2026-11`; years 2000 to 2100.
    pub fn parse(text: &str) -> Option<Period> {
        let digits = |s: &str, length: usize| s.len() == length && s.bytes().all(|b| b.is_ascii_digit());
        let (year, rest) = text.split_once('-').map_or((text, None), |(year, rest)| (year, Some(rest)));
        let year: i32 = digits(year, 4).then(|| year.parse().ok())?.filter(|y| (2000..=2100).contains(y))?;
        let part = |rest: &str, most: u32| {
            digits(rest, 1).then(|| rest.parse::<u32>().ok())?.filter(|part| (1..=most).contains(part))
        };
        let (kind, month) = match rest {
            None => (Kind::Year, 1),
            Some(rest) if rest.starts_with('Q') => (Kind::Quarter, part(&rest[1..], 4)? * 3),
            Some(rest) if rest.starts_with('S') => (Kind::Semester, part(&rest[1..], 2)? * 6),
            Some(rest) if digits(rest, 4) => {
                (Kind::School, (rest.parse::<i32>().ok()? == year + 1).then_some(Kind::School.offset() + 1)?)
            }
            Some(rest) => (Kind::Month, digits(rest, 2).then(|| rest.parse().ok())??),
        };
        Period::containing(kind, NaiveDate::from_ymd_opt(year, month, 1)?.into())
    }

    /// The one before it, of the same kind.
    pub fn previous(self) -> Option<Period> {
        Period::containing(self.kind, self.first.date().pred_opt()?.into())
    }

    /// The same days a year before: of a period that is under way, only up to this day of that year, so that equal times
    /// are compared.
    pub fn year_before(self, today: Day) -> Option<Period> {
        let back = |day: Day| Some(Day::from(day.date().checked_sub_months(Months::new(MONTHS_OF_A_YEAR))?));
        let whole = Period::containing(self.kind, back(self.first)?)?;
        let last = if self.contains(today) { back(today)? } else { whole.last };
        Some(Period { last, ..whole })
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

    /// Its written form: `2026-11`, `2026-Q4`, `2026-S2`, `2026`, `2026-2027`.
    pub fn id(self) -> String {
        let first = self.first.date();
        let year = first.year();
        match self.kind {
            Kind::Month => format!("{year}-{:02}", first.month()),
            Kind::Quarter => format!("{year}-Q{}", first.month0() / 3 + 1),
            Kind::Semester => format!("{year}-S{}", first.month0() / 6 + 1),
            Kind::Year => year.to_string(),
            Kind::School => format!("{year}-{}", year + 1),
        }
    }

    /// Its name for people.
    pub fn label(self, locale: Locale) -> String {
        let first = self.first.date();
        let (year, month) = (first.year(), first.month0() as usize);
        let ordinal = |part: usize| if part == 1 { "1er".to_owned() } else { format!("{part}e") };
        match (self.kind, locale) {
            (Kind::Month, Locale::Fr) => format!("{} {year}", MONTHS[month].0),
            (Kind::Month, Locale::En) => format!("{} {year}", MONTHS[month].1),
            (Kind::Quarter, Locale::Fr) => format!("{} trimestre {year}", ordinal(month / 3 + 1)),
            (Kind::Quarter, Locale::En) => format!("Q{} {year}", month / 3 + 1),
            (Kind::Semester, Locale::Fr) => format!("{} semestre {year}", ordinal(month / 6 + 1)),
            (Kind::Semester, Locale::En) => format!("H{} {year}", month / 6 + 1),
            (Kind::Year, _) => year.to_string(),
            (Kind::School, Locale::Fr) => format!("Année scolaire {year}-{}", year + 1),
            (Kind::School, Locale::En) => format!("School year {year}-{}", year + 1),
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
        assert_eq!(days("2026-S2"), pair("2026-07-01", "2026-12-31"));
        assert_eq!(days("2026-2027"), pair("2026-09-01", "2027-08-31"));
        assert_eq!(days("2028-02"), pair("2028-02-01", "2028-02-29"));
        for wrong in [
            "", "26", "2026-", "2026-Q5", "2026-Q0", "2026-13", "2026-00", "2026-1", "2026-011", "1999", "2101",
            "2026-q4", "2026-Q44", "+026", "2026-+1", "2026-S3", "2026-S0",
        ] {
            assert_eq!(days(wrong), None, "{wrong}");
        }
        for no_school_year in ["2026-2026", "2026-2028"] {
            assert_eq!(days(no_school_year), None, "{no_school_year}");
        }
        for id in ["2026", "2026-2027", "2026-S1", "2026-S2", "2026-Q4", "2026-11"] {
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
        assert_eq!(of("2026-S2").label(Locale::Fr), "2e semestre 2026");
        assert_eq!(of("2026-2027").label(Locale::Fr), "Année scolaire 2026-2027");
        assert_eq!(of("2026-2027").previous().map(Period::id).as_deref(), Some("2025-2026"));
        assert_eq!(of("2026-S1").previous().map(Period::id).as_deref(), Some("2025-S2"));
        let school = |day: &str| Period::containing(Kind::School, day.parse().unwrap()).map(Period::id);
        assert_eq!(school("2026-08-31").as_deref(), Some("2025-2026"));
        assert_eq!(school("2026-09-01").as_deref(), Some("2026-2027"));
    }

    #[test]
    fn a_period_under_way_is_compared_with_the_same_days_a_year_before() {
        let before = |period: &str, today: &str| {
            let before = Period::parse(period).unwrap().year_before(today.parse().unwrap()).unwrap();
            (before.first.to_string(), before.last.to_string())
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(before("2026-Q4", "2026-11-30"), pair("2025-10-01", "2025-11-30"));
        assert_eq!(before("2026-Q3", "2026-11-30"), pair("2025-07-01", "2025-09-30"));
        assert_eq!(before("2028-02", "2028-02-29"), pair("2027-02-01", "2027-02-28"));
        assert_eq!(before("2025-02", "2028-01-01"), pair("2024-02-01", "2024-02-29"));
        assert_eq!(before("2026-2027", "2026-10-01"), pair("2025-09-01", "2025-10-01"));
    }
}
