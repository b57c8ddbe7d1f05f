//! What people may say about a room, and what is checked.

use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use crate::http::input::{emptied, stated};
use crate::http::texts::Line;
use crate::text::fold;

/// What a room is called.
pub type Name = Line<120>;
/// A piece of its equipment.
pub type Equipment = Line<80>;

/// A new room.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SalleCreate {
    /// One room of a site has this name, whatever case, accents and spaces it is written with.
    #[validate(nested, custom(function = nameable))]
    pub name: Name,
    /// How many trainees find a place.
    #[validate(range(min = 1, max = 1000))]
    pub capacity: Option<i64>,
    #[validate(nested, length(max = 50))]
    pub equipment: Option<Vec<Equipment>>,
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
    #[validate(range(min = 1, max = 1000))]
    #[schema(value_type = Option<i64>)]
    pub capacity: Option<Option<i64>>,
    #[serde(deserialize_with = "emptied")]
    #[validate(nested, length(max = 50))]
    pub equipment: Option<Vec<Equipment>>,
    #[serde(deserialize_with = "stated")]
    pub active: Option<bool>,
}

/// Without a letter or a digit no two names could be told apart.
fn nameable(name: &Name) -> Result<(), ValidationError> {
    if fold(name).chars().any(char::is_alphanumeric) {
        return Ok(());
    }
    Err(ValidationError::new("required").with_message(
        "Le nom contient au moins une lettre ou un chiffre.|The name has at least one letter or digit.".into(),
    ))
}
