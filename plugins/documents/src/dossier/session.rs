//! The training as it is planned and as it took place.

use serde::{Deserialize, Deserializer};

use super::filled;
use super::programme::{Programme, programme};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Session {
    pub numero: Option<String>,
    pub title: Option<String>,
    /// The nature of the action (L6313-1): `formation` when absent, `bilan`, `vae` or `apprentissage`.
    pub nature: Option<String>,
    #[serde(deserialize_with = "programme")]
    pub programme: Option<Programme>,
    pub room: Option<String>,
    pub address: Option<String>,
    /// What trainees must bring, e.g. protective equipment.
    pub equipment: Option<String>,
    /// Minutes at a distance, of one person.
    pub remote_minutes: Option<i64>,
    pub trainers: Vec<Trainer>,
    pub capacity: Option<Capacity>,
    pub half_days: Vec<HalfDay>,
}

/// How many places there are: one number, or a minimum and a maximum.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged)]
pub enum Capacity {
    Max(usize),
    Range { max: Option<usize> },
}

impl Capacity {
    pub fn max(self) -> Option<usize> {
        match self {
            Capacity::Max(max) => Some(max),
            Capacity::Range { max } => max,
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Trainer {
    pub name: Option<String>,
    /// Diplomas, titles and references.
    #[serde(deserialize_with = "listed")]
    pub titles: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Half {
    Am,
    Pm,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HalfDay {
    pub day: String,
    pub half: Half,
    /// `08:30`.
    pub start: Option<String>,
    pub end: Option<String>,
    pub minutes: Option<i64>,
    pub room: Option<String>,
    pub trainer: Option<String>,
    pub module: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Stagiaire {
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub civility: Option<String>,
    pub birth_date: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub company: Option<String>,
    pub function: Option<String>,
    pub attendance: Vec<Attendance>,
    pub minutes_done: Option<i64>,
    pub minutes_planned: Option<i64>,
    /// Of the minutes done those at a distance.
    pub remote_minutes_done: Option<i64>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attendance {
    pub day: String,
    pub half: Half,
    pub state: State,
    pub minutes: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Present,
    Absent,
    Excused,
    Late,
}

impl Session {
    /// First and last day.
    pub fn span(&self) -> Option<(&str, &str)> {
        let days = || self.half_days.iter().map(|half| half.day.as_str());
        Some((days().min()?, days().max()?))
    }
}

impl HalfDay {
    /// Its trainers: names with commas between them.
    pub fn trainers(&self) -> Vec<String> {
        let names = filled(&self.trainer).unwrap_or_default().split(", ");
        names.map(str::trim).filter(|name| !name.is_empty()).map(String::from).collect()
    }
}

impl Stagiaire {
    /// `DUPONT Marie`: sheets are sorted and read by the last name.
    pub fn listed(&self) -> String {
        let last = filled(&self.last_name).map(str::to_uppercase);
        [last.as_deref(), filled(&self.first_name)].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// `Marie DUPONT`, with the civility if there is one.
    pub fn named(&self) -> String {
        let last = filled(&self.last_name).map(str::to_uppercase);
        let parts = [filled(&self.civility), filled(&self.first_name), last.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// Reads a text or a list of texts.
fn listed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        Text(String),
        List(Vec<String>),
    }
    Ok(Option::<Given>::deserialize(deserializer)?.map(|given| match given {
        Given::Text(text) => text,
        Given::List(texts) => texts.join(", "),
    }))
}
