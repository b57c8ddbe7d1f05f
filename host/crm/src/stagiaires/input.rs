//! Request bodies for trainees, and their checks.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::identifiants::Phone;
use afpi_core::text::fold;
use afpi_http::bounds::List;
use afpi_http::dates::Window;
use afpi_http::input::stated;
use afpi_http::texts::{Email, Exact, Line, Prose, filled, refilled};

/// What somebody is while being trained.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[schema(as = StagiaireStatus)]
pub enum Status {
    Salarie,
    DemandeurEmploi,
    Alternant,
    Interimaire,
    Independant,
    Particulier,
    Autre,
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

/// A new trainee.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StagiaireCreate {
    #[validate(nested, custom(function = nameable))]
    pub last_name: Line<100>,
    #[validate(nested, custom(function = nameable))]
    pub first_name: Line<100>,
    #[serde(default)]
    #[validate(custom(function = plausible_birth))]
    pub birth_date: Option<NaiveDate>,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub email: Option<Email>,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub phone: Option<Phone>,
    /// The employer. Default: the company of the opportunité.
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub company: Option<Line<200>>,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub function: Option<Line<120>>,
    #[serde(default)]
    pub status: Option<Status>,
    /// Special needs. Only who may edit the trainee reads them.
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub needs: Option<Prose<2000>>,
}

/// Several new trainees.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StagiairesCreate {
    #[validate(nested)]
    pub stagiaires: People,
}

/// All trainees of one request.
pub type People = List<StagiaireCreate, 500>;

/// Rows that were pasted from a spreadsheet.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StagiairesPasted {
    /// Lines with tabs, semicolons or commas between their cells.
    #[validate(nested)]
    pub text: Exact<1, 100_000>,
}

/// Changes to a trainee. An absent field stays, `null` clears it.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct StagiaireUpdate {
    #[serde(deserialize_with = "stated")]
    #[validate(nested, custom(function = nameable))]
    pub last_name: Option<Line<100>>,
    #[serde(deserialize_with = "stated")]
    #[validate(nested, custom(function = nameable))]
    pub first_name: Option<Line<100>>,
    #[serde(deserialize_with = "stated")]
    #[validate(custom(function = plausible_birth))]
    #[schema(value_type = Option<String>, format = Date)]
    pub birth_date: Option<Option<NaiveDate>>,
    #[serde(deserialize_with = "refilled")]
    #[validate(nested)]
    #[schema(value_type = Option<Email>)]
    pub email: Option<Option<Email>>,
    #[serde(deserialize_with = "refilled")]
    #[validate(nested)]
    #[schema(value_type = Option<Phone>)]
    pub phone: Option<Option<Phone>>,
    #[serde(deserialize_with = "refilled")]
    #[validate(nested)]
    #[schema(value_type = Option<Line<200>>)]
    pub company: Option<Option<Line<200>>>,
    #[serde(deserialize_with = "refilled")]
    #[validate(nested)]
    #[schema(value_type = Option<Line<120>>)]
    pub function: Option<Option<Line<120>>>,
    #[serde(deserialize_with = "stated")]
    #[schema(value_type = Option<Status>)]
    pub status: Option<Option<Status>>,
    #[serde(deserialize_with = "refilled")]
    #[validate(nested)]
    #[schema(value_type = Option<Prose<2000>>)]
    pub needs: Option<Option<Prose<2000>>>,
}

/// The days on which a trainee can have been born.
pub(super) fn births() -> Window {
    Window::around_today(110, 0)
}

fn plausible_birth(day: &NaiveDate) -> Result<(), ValidationError> {
    births().check(*day)
}

/// A name needs a letter, otherwise names could not be compared. See the names of rooms.
fn nameable(name: &Line<100>) -> Result<(), ValidationError> {
    if name.validate().is_err() || fold(name).chars().any(char::is_alphabetic) {
        return Ok(());
    }
    Err(ValidationError::new("required")
        .with_message("Le nom contient au moins une lettre.|The name has at least one letter.".into()))
}
