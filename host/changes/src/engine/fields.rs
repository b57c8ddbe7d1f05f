//! The fields that runs change are those of the records.

use serde_json::Value;

use super::change::Entity;
pub use afpi_crm::entreprises::fields::{CONTACT, ENTREPRISE, Field, Fields, Left, differences, read, stored};

/// Do these values of a field mean the same in different spellings?
pub fn same(entity: Entity, name: &str, one: &Value, other: &Value) -> bool {
    let table: &[Field] = match entity {
        Entity::Entreprise => &ENTREPRISE,
        Entity::Contact => &CONTACT,
        Entity::Localisation => &[],
    };
    afpi_crm::entreprises::fields::same(table, name, one, other)
}
