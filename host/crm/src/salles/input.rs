//! Request bodies for rooms, and their checks.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use afpi_core::id::LocalisationId;
use afpi_core::text::fold;
use afpi_http::bounds::{Int, List};
use afpi_http::input::{emptied, stated};
use afpi_http::texts::Line;

/// What a room is called.
pub type Name = Line<120>;
/// A piece of its equipment.
pub type Equipment = Line<80>;
/// All equipment of a room.
pub type EquipmentList = List<Equipment, 50>;
/// The number of places for trainees.
pub type Capacity = Int<1, 1000>;

/// A new room.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SalleCreate {
    /// Unique on the site, regardless of case, accents and spaces.
    #[validate(nested, custom(function = nameable))]
    pub name: Name,
    /// The number of places for trainees.
    #[validate(nested)]
    pub capacity: Option<Capacity>,
    #[validate(nested)]
    pub equipment: Option<EquipmentList>,
    /// Default: the caller's first localisation.
    #[schema(value_type = Option<Uuid>)]
    pub localisation_id: Option<LocalisationId>,
}

/// Changes to a room. An absent field stays, `null` clears it. A room never changes its site.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SalleUpdate {
    #[serde(deserialize_with = "stated")]
    #[validate(nested, custom(function = nameable))]
    pub name: Option<Name>,
    #[serde(deserialize_with = "stated")]
    #[validate(nested)]
    #[schema(value_type = Option<Capacity>)]
    pub capacity: Option<Option<Capacity>>,
    #[serde(deserialize_with = "emptied")]
    #[validate(nested)]
    pub equipment: Option<EquipmentList>,
    #[serde(deserialize_with = "stated")]
    pub active: Option<bool>,
}

/// A name needs a letter or a digit, otherwise names could not be compared. A text that is not a line is already an
/// error of the nested check, and `validator` panics when a field has an own error beside a nested one.
fn nameable(name: &Name) -> Result<(), ValidationError> {
    if name.validate().is_err() || fold(name).chars().any(char::is_alphanumeric) {
        return Ok(());
    }
    Err(ValidationError::new("required").with_message(
        "Le nom contient au moins une lettre ou un chiffre.|The name has at least one letter or digit.".into(),
    ))
}
