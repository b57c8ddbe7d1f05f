//! The rules as data.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::Kind;
use afpi_core::clock::{Day, Instant};
use afpi_core::text::Text;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regles {
    pub regle: Vec<Regle>,
    pub garde: Vec<Garde>,
}

/// A rule that erases records.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regle {
    pub id: String,
    pub personne: Kind,
    pub years: i64,
    pub least: i64,
    pub most: i64,
    pub label: Text,
    pub since: Text,
    pub source: String,
}

/// What is never erased.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConservationGarde)]
pub struct Garde {
    label: Text,
    /// How many years the law wants it kept. None: the law names no number.
    years: Option<i64>,
    /// The law.
    source: String,
}

static DATA: LazyLock<Regles> =
    LazyLock::new(|| toml::from_str(include_str!("regles.toml")).expect("a test reads the data of the program"));

/// All of them.
pub fn data() -> &'static Regles {
    &DATA
}

/// The day this many years before.
pub fn before(now: Instant, years: i64) -> Day {
    let today = now.day();
    let months = u32::try_from(years * 12).unwrap_or_default();
    today.date().checked_sub_months(chrono::Months::new(months)).map_or(today, Day::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_can_be_read_and_their_years_are_possible() {
        assert!(!data().garde.is_empty());
        for Regle { id, years, least, most, source, .. } in &data().regle {
            assert!((1..=*years).contains(least) && (*years..=30).contains(most) && !source.is_empty(), "{id}");
            assert_eq!(data().regle.iter().filter(|other| other.id == *id).count(), 1, "{id}");
        }
    }

    #[test]
    fn a_year_before_the_29th_of_february_is_the_28th() {
        let leap: Instant = Day::from(chrono::NaiveDate::from_ymd_opt(2028, 2, 29).unwrap()).start();
        assert_eq!(before(leap, 1).to_string(), "2027-02-28");
        assert_eq!(before(leap, 4).to_string(), "2024-02-29");
    }
}
