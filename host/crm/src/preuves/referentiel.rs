//! What counts as evidence, and who asks for it: dated data in `referentiel.toml`. It is data of the host and not of a
//! plugin: its items are facts that the host alone knows (files, attendance, issued pieces). No facet gives them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use afpi_core::clock::Day;
use afpi_core::text::Text;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Referentiel {
    reference: Vec<Reference>,
    funder: Vec<Funder>,
    pub item: Vec<Item>,
}

/// A version of the national reference.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    pub id: String,
    pub label: Text,
    pub from: Day,
    pub until: Option<Day>,
    /// How many it has.
    pub indicators: u32,
    pub source: String,
    /// Indicators by item.
    pub items: BTreeMap<String, Vec<u32>>,
}

/// What funders ask for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Funder {
    pub from: Day,
    pub until: Option<Day>,
    pub source: String,
    pub items: Vec<String>,
}

/// One item of evidence.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    pub id: String,
    pub folder: String,
    pub label: Text,
    #[serde(default)]
    pub documents: Vec<String>,
    #[serde(default)]
    pub pieces: Vec<String>,
    #[serde(default)]
    pub issued: Vec<String>,
    pub proof: Option<Proof>,
    #[serde(default)]
    pub per: Per,
    /// Nothing is missing without it.
    #[serde(default)]
    pub optional: bool,
    /// The role that provides it.
    pub who: String,
    pub due: Due,
}

/// What proves an item without a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// The first section of the workflow is complete: the record has left it.
    FirstSection,
    /// Each trainer has a file that has not expired.
    Trainers,
    /// Attendance is noted for each trainee and half-day.
    Attendance,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    #[default]
    Whole,
    Stagiaire,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Due {
    pub from: End,
    pub days: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    First,
    Last,
}

static DATA: LazyLock<Referentiel> =
    LazyLock::new(|| toml::from_str(include_str!("referentiel.toml")).expect("a test reads the data of the program"));

/// All of it.
pub fn data() -> &'static Referentiel {
    &DATA
}

/// Can a file be attached as this item, outside any checklist?
pub fn takes(piece: &str) -> bool {
    DATA.item.iter().any(|item| item.id == piece)
}

impl Referentiel {
    /// The version in force on this day. Days before the first one get the first one.
    pub fn on(&self, day: Day) -> &Reference {
        let holds = |reference: &&Reference| reference.from <= day;
        self.reference.iter().rfind(holds).unwrap_or(&self.reference[0])
    }

    /// What funders ask for on this day.
    pub fn funder_on(&self, day: Day) -> &Funder {
        self.funder.iter().rfind(|funder| funder.from <= day).unwrap_or(&self.funder[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn versions_follow_each_other_without_a_gap() {
        let data = data();
        for pair in data.reference.windows(2) {
            assert_eq!(pair[0].until.map(|last| last.date().succ_opt()), Some(Some(pair[1].from.date())));
        }
        assert!(data.reference.last().unwrap().until.is_none() && data.funder.last().unwrap().until.is_none());
        assert_eq!((data.on(day("2026-10-31")).indicators, data.on(day("2026-11-01")).indicators), (32, 33));
    }

    #[test]
    fn versions_and_funders_name_known_items_and_indicators() {
        let data = data();
        let known = |id: &String| data.item.iter().any(|item| item.id == *id);
        for reference in &data.reference {
            assert!(reference.items.keys().all(known), "{}", reference.id);
            let all = reference.items.values().flatten();
            assert!(all.clone().all(|number| (1..=reference.indicators).contains(number)), "{}", reference.id);
        }
        assert!(data.funder.iter().flat_map(|funder| &funder.items).all(known));
        for item in &data.item {
            let provable = item.proof.is_some() || !item.documents.is_empty() || !item.pieces.is_empty();
            assert!(provable, "nothing proves {}", item.id);
        }
    }
}
