//! What people may say about a room, and what is checked.

use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use afpi_core::text::fold;
use afpi_http::bounds::{Int, List};
use afpi_http::input::{emptied, stated};
use afpi_http::texts::Line;

/// What a room is called.
pub type Name = Line<120>;
/// A piece of its equipment.
pub type Equipment = Line<80>;
/// All of it.
pub type EquipmentList = List<Equipment, 50>;
/// How many trainees find a place.
pub type Capacity = Int<1, 1000>;

/// A new room.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SalleCreate {
    /// One room of a site has this name, whatever case, accents and spaces it is written with.
    #[validate(nested, custom(function = nameable))]
    pub name: Name,
    /// How many trainees find a place.
    #[validate(nested)]
    pub capacity: Option<Capacity>,
    #[validate(nested)]
    pub equipment: Option<EquipmentList>,
    /// Default: the caller's first localisation.
    pub localisation_id: Option<Uuid>,
}

/// Changes to a room: absent = leave alone, `null` = clear. It stays on its site.
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

/// Without a letter or a digit no two names could be told apart. A text that is no line has that fault already, and
/// `validator` panics when a field has a fault of its own beside a nested one.
fn nameable(name: &Name) -> Result<(), ValidationError> {
    if name.validate().is_err() || fold(name).chars().any(char::is_alphanumeric) {
        return Ok(());
    }
    Err(ValidationError::new("required").with_message(
        "Le nom contient au moins une lettre ou un chiffre.|The name has at least one letter or digit.".into(),
    ))
}
