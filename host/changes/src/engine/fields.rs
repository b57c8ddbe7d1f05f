//! The fields of what runs change, which are those of the record itself.

use serde_json::Value;

use super::change::Entity;
pub use afpi_crm::entreprises::fields::{CONTACT, ENTREPRISE, Field, Fields, Left, differences, read, stored};

/// Do these values of a field say the same, however they are written?
pub fn same(entity: Entity, name: &str, one: &Value, other: &Value) -> bool {
    let table: &[Field] = match entity {
        Entity::Entreprise => &ENTREPRISE,
        Entity::Contact => &CONTACT,
        Entity::Localisation => &[],
    };
    afpi_crm::entreprises::fields::same(table, name, one, other)
}
