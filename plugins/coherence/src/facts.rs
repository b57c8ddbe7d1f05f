//! The records as the host hands them over: JSON in camelCase, where an absent field means unknown. A record that does
//! not read is unknown as a whole; the documents of an opportunité are read section by section ([`crate::papers`]).

use std::collections::BTreeMap;

use afpi_sdk::auditor::Entry;
use afpi_sdk::calendar::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The kinds of records that the rules compare.
pub mod kind {
    pub const FORMATEUR: &str = "formateur";
    pub const SALLE: &str = "salle";
    pub const SESSION: &str = "session";
    pub const OPPORTUNITE: &str = "opportunite";
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Formateur {
    #[serde(skip)]
    pub name: String,
    #[serde(deserialize_with = "or_default")]
    pub certifications: Vec<Certification>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Certification {
    pub name: String,
    pub expires_on: Option<Date>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Salle {
    #[serde(skip)]
    pub name: String,
    pub capacity: Option<i64>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Session {
    #[serde(skip)]
    pub site: String,
    /// Its number; of a session elsewhere, the name of its site.
    #[serde(skip)]
    pub label: String,
    pub title: Option<String>,
    /// A text, or an object with texts.
    #[serde(deserialize_with = "or_default")]
    pub programme: Value,
    pub capacity_max: Option<i64>,
    pub status: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub opportunites: Vec<String>,
    pub half_days: Option<Vec<HalfDay>>,
    pub stagiaires: Option<Vec<Stagiaire>>,
    /// Of another site, and only there because it shares a trainer.
    #[serde(deserialize_with = "or_default")]
    pub elsewhere: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Half {
    Am,
    Pm,
}

/// One trainer in one room on a half-day.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct HalfDay {
    pub day: Date,
    pub half: Half,
    /// `08:30`.
    pub start: Option<String>,
    pub end: Option<String>,
    pub minutes: Option<i64>,
    /// Taught at a distance.
    #[serde(default, deserialize_with = "or_default")]
    pub remote: bool,
    pub formateur: Option<String>,
    pub salle: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stagiaire {
    pub id: String,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub birth_date: Option<Date>,
    pub email: Option<String>,
    pub opportunite: Option<String>,
    /// Empty: nobody has noted anything.
    pub attendance: Option<Vec<Attendance>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attendance {
    pub day: Date,
    pub half: Half,
    pub state: State,
    /// Minutes attended.
    pub minutes: Option<i64>,
    pub marked_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Present,
    Absent,
    Excused,
    Late,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Opportunite {
    /// Its number.
    #[serde(skip)]
    pub label: String,
    pub title: Option<String>,
    pub status: Option<String>,
    /// The documents of its sections, as far as rules read them.
    #[serde(deserialize_with = "sections")]
    pub data: Value,
    pub sessions: Option<Vec<String>>,
    #[serde(deserialize_with = "or_default")]
    pub pieces: Vec<Piece>,
    #[serde(deserialize_with = "or_default")]
    pub documents: Vec<Document>,
}

/// An issued piece, with its frozen content as far as rules read it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Piece {
    pub id: String,
    pub kind: String,
    pub number: Option<String>,
    pub issued_on: Option<Date>,
    pub net: Option<i64>,
    pub total: Option<i64>,
    /// The id of the piece that it corrects.
    pub corrects: Option<String>,
    #[serde(default, deserialize_with = "frozen")]
    pub content: Value,
}

/// A composed document, with its data as far as rules read them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    pub id: String,
    pub kind: String,
    pub about_id: Option<String>,
    pub dated: Option<Date>,
    pub title: Option<String>,
    pub signed_on: Option<Date>,
    #[serde(default, deserialize_with = "composed")]
    pub content: Value,
}

impl State {
    /// Was the trainee there?
    pub fn there(self) -> bool {
        matches!(self, State::Present | State::Late)
    }
}

impl Session {
    pub fn stagiaires(&self) -> &[Stagiaire] {
        self.stagiaires.as_deref().unwrap_or_default()
    }
}

impl Stagiaire {
    pub fn attendance(&self) -> &[Attendance] {
        self.attendance.as_deref().unwrap_or_default()
    }

    /// `Marie DUPONT`.
    pub fn named(&self) -> String {
        let last = filled(&self.last_name).map(str::to_uppercase);
        [filled(&self.first_name), last.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// Everything that was handed over, by kind and id.
#[derive(Debug, Clone, Default)]
pub struct Records {
    versions: BTreeMap<(String, String), u64>,
    pub formateurs: BTreeMap<String, Formateur>,
    pub salles: BTreeMap<String, Salle>,
    pub sessions: BTreeMap<String, Session>,
    pub opportunites: BTreeMap<String, Opportunite>,
}

impl Records {
    /// Keeps a record. Of two versions the newer one counts, in whatever order they arrive. What does not read, or is of
    /// another kind, is left out.
    pub fn add(&mut self, entry: &Entry) {
        let (name, id) = (entry.label.trim().to_owned(), entry.id.clone());
        let known = self.versions.entry((entry.kind.clone(), id.clone())).or_default();
        if entry.version < *known {
            return;
        }
        *known = entry.version;
        match entry.kind.as_str() {
            kind::FORMATEUR => keep(&mut self.formateurs, id, read(&entry.data).map(|one| Formateur { name, ..one })),
            kind::SALLE => keep(&mut self.salles, id, read(&entry.data).map(|one| Salle { name, ..one })),
            kind::SESSION => {
                let site = entry.site.clone();
                keep(&mut self.sessions, id, read(&entry.data).map(|one| Session { site, label: name, ..one }));
            }
            kind::OPPORTUNITE => {
                keep(&mut self.opportunites, id, read(&entry.data).map(|one| Opportunite { label: name, ..one }));
            }
            _ => {}
        }
    }
}

fn keep<T>(records: &mut BTreeMap<String, T>, id: String, record: Option<T>) {
    match record {
        Some(record) => records.insert(id, record),
        None => records.remove(&id),
    };
}

fn read<T: DeserializeOwned>(json: &str) -> Option<T> {
    serde_json::from_str(json).ok()
}

/// The text without surrounding blanks, unless nothing is left.
pub fn filled(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

/// `null` is absent.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

// A site has a hundred megabytes of composed documents: only what rules read is kept.

fn sections<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    let mut data =
        only(Value::deserialize(deserializer)?, &["devis", "montage", "planification", "documents", "facturation"]);
    for (section, fields) in [
        ("devis", &["numero", "totalHt", "accepteLe"][..]),
        ("montage", &["financeurs"]),
        ("planification", &["sessions"]),
        ("documents", &["conventionSigneeLe"]),
        ("facturation", &["heuresRealisees"]),
    ] {
        if let Some(document) = data.get_mut(section) {
            *document = only(document.take(), fields);
        }
    }
    Ok(data)
}

fn frozen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    Ok(only(Value::deserialize(deserializer)?, &["payeur", "acompte", "motifPresence", "motifAvance"]))
}

fn composed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    Ok(only(Value::deserialize(deserializer)?, &["doc", "action", "followed", "lasted", "sums", "training"]))
}

/// The object with only these fields.
fn only(mut value: Value, fields: &[&str]) -> Value {
    if let Value::Object(object) = &mut value {
        object.retain(|name, _| fields.contains(&name.as_str()));
    }
    value
}
