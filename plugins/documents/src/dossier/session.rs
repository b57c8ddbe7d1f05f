//! The training as it is planned and as it took place.

use serde::{Deserialize, Deserializer};

use super::{filled, lines};

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

/// A programme: the text somebody typed, or one of the catalogue.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Programme {
    pub reference: Option<String>,
    pub version: Option<String>,
    /// The day of this version.
    pub dated: Option<String>,
    pub title: Option<String>,
    pub summary: Option<String>,
    pub aims: Vec<String>,
    pub audience: Option<String>,
    pub prerequisites: Option<String>,
    pub minutes: Option<i64>,
    pub modules: Vec<Module>,
    pub methods: Option<String>,
    pub means: Option<String>,
    pub evaluation: Option<String>,
    pub sanction: Option<String>,
    /// How long it takes from the request to the first day.
    pub access: Option<String>,
    pub price: Option<String>,
    pub results: Option<String>,
    pub accessibility: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Module {
    pub title: String,
    pub content: Vec<String>,
    pub minutes: Option<i64>,
    pub evaluation: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Trainer {
    pub name: Option<String>,
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

/// Reads a programme. A text becomes one whose modules are its lines.
fn programme<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Programme>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        Text(String),
        Record(Box<Programme>),
    }
    Ok(Option::<Given>::deserialize(deserializer)?.map(|given| match given {
        Given::Record(programme) => *programme,
        Given::Text(text) => {
            let modules = lines(&Some(text)).into_iter().map(|title| Module { title, ..Module::default() });
            Programme { modules: modules.collect(), ..Programme::default() }
        }
    }))
}
