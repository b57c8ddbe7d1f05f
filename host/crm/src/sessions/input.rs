//! Request bodies for sessions, and their checks.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::half_days::{self, Half};
use crate::bpf::cadres::{Objectif, Specialite, known};
use afpi_core::id::LocalisationId;
use afpi_core::text::fold;
use afpi_http::bounds::{Int, List, RecordId};
use afpi_http::input::stated;
use afpi_http::texts::{Exact, Line, Prose, filled, refilled};

/// `prevue`: planned; `confirmee`: its half-days are booked; `realisee`: over; `annulee`: it does not take place.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr, strum::EnumString,
)]
#[serde(rename_all = "lowercase")]
#[schema(as = SessionStatus)]
#[strum(serialize_all = "lowercase")]
pub enum Status {
    Prevue,
    Confirmee,
    Realisee,
    Annulee,
}

impl Status {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl afpi_db::Newtype for Status {
    type Inner = String;

    fn wrap(word: String) -> Result<Self, afpi_db::Unreadable> {
        Ok(word.parse()?)
    }
}

/// The number of a session.
pub type Numero = Line<80>;
/// A number of trainees.
pub type Capacity = Int<1, 1000>;
/// What is taught.
pub type Programme = Prose<8000>;

/// A new session. Its half-days are planned next, or come from the plannings that name its number.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionCreate {
    /// Unique on the site, regardless of case and accents.
    #[validate(nested, custom(function = nameable))]
    pub numero: Numero,
    #[validate(nested)]
    pub title: Line<200>,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub programme: Option<Programme>,
    #[validate(nested)]
    pub capacity_min: Option<Capacity>,
    #[validate(nested)]
    pub capacity_max: Option<Capacity>,
    /// For the « bilan pédagogique et financier ».
    pub objectif: Option<Objectif>,
    /// A code of the « nomenclature des spécialités de formation ».
    #[validate(nested, custom(function = known))]
    pub specialite: Option<Specialite>,
    /// Default: the caller's first localisation.
    #[schema(value_type = Option<Uuid>)]
    pub localisation_id: Option<LocalisationId>,
}

/// Changes to a session. An absent field stays, `null` clears it.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SessionUpdate {
    #[serde(deserialize_with = "stated")]
    #[validate(nested)]
    pub title: Option<Line<200>>,
    #[serde(deserialize_with = "refilled")]
    #[validate(nested)]
    #[schema(value_type = Option<Programme>)]
    pub programme: Option<Option<Programme>>,
    #[serde(deserialize_with = "stated")]
    #[validate(nested)]
    #[schema(value_type = Option<Capacity>)]
    pub capacity_min: Option<Option<Capacity>>,
    #[serde(deserialize_with = "stated")]
    #[validate(nested)]
    #[schema(value_type = Option<Capacity>)]
    pub capacity_max: Option<Option<Capacity>>,
    #[serde(deserialize_with = "stated")]
    #[schema(value_type = Option<Objectif>)]
    pub objectif: Option<Option<Objectif>>,
    #[serde(deserialize_with = "stated")]
    #[validate(nested, custom(function = known))]
    #[schema(value_type = Option<Specialite>)]
    pub specialite: Option<Option<Specialite>>,
    #[serde(deserialize_with = "stated")]
    pub status: Option<Status>,
    /// Other times for some of its half-days.
    #[serde(deserialize_with = "stated")]
    #[validate(nested)]
    pub times: Option<AllTimes>,
}

/// Times of several half-days.
pub type AllTimes = List<HalfDayTimes, 800>;

/// When a half-day begins and ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = forward))]
pub struct HalfDayTimes {
    pub day: NaiveDate,
    pub half: Half,
    /// `08:30`.
    #[validate(nested)]
    pub start: Exact<5, 5>,
    /// `12:00`.
    #[validate(nested)]
    pub end: Exact<5, 5>,
    /// Is it taught at a distance? Default: as it was.
    #[serde(default)]
    pub remote: Option<bool>,
}

impl HalfDayTimes {
    /// Start and end in minutes after midnight, once validated.
    pub fn minutes(&self) -> Option<(i64, i64)> {
        Some((half_days::minutes(&self.start)?, half_days::minutes(&self.end)?))
    }
}

fn forward(times: &HalfDayTimes) -> Result<(), ValidationError> {
    if times.minutes().is_some_and(|(start, end)| start < end) {
        return Ok(());
    }
    Err(ValidationError::new("range").with_message(
        "Des heures comme 08:30, la fin après le début.|Times such as 08:30, the end after the start.".into(),
    ))
}

/// The trainees who take part.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionStagiaires {
    #[validate(nested)]
    pub stagiaire_ids: Participants,
}

/// The ids of trainees.
pub type Participants = List<RecordId, 500>;

/// A number needs a letter or a digit, otherwise numbers could not be compared. See the names of rooms.
fn nameable(numero: &Numero) -> Result<(), ValidationError> {
    if numero.validate().is_err() || fold(numero).chars().any(char::is_alphanumeric) {
        return Ok(());
    }
    Err(ValidationError::new("required").with_message(
        "Le numéro contient au moins une lettre ou un chiffre.|The number has at least one letter or digit.".into(),
    ))
}
