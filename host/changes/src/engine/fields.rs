//! The fields that runs change are those of the records.

use serde_json::Value;

use super::change::Entity;
use super::tabular;
use afpi_core::text::{Text, text};
pub use afpi_crm::entreprises::fields::{CONTACT, ENTREPRISE, Field, Fields, Left, differences, read, stored};

/// The fields of such a record in what was sent, flat and in their stored form, and what is left out of it.
pub fn brought(entity: Entity, sent: &Fields) -> (Fields, Vec<Left>) {
    read(table(entity), sent)
}

/// What people call a field of such a record.
pub fn label(entity: Entity, name: &str) -> Text {
    if let Some(column) = tabular::of(entity).and_then(|kind| kind.columns().iter().find(|column| column.name == name))
    {
        return text(column.label.0, column.label.1);
    }
    let (fr, en) = table(entity).iter().find(|field| field.name == name).map_or((name, name), |field| field.label);
    text(fr, en)
}

/// Do these values of a field mean the same in different spellings?
pub fn same(entity: Entity, name: &str, one: &Value, other: &Value) -> bool {
    afpi_crm::entreprises::fields::same(table(entity), name, one, other)
}

fn table(entity: Entity) -> &'static [Field] {
    match entity {
        Entity::Entreprise => &ENTREPRISE,
        Entity::Contact => &CONTACT,
        _ => &[],
    }
}
