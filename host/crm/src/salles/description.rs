//! The fields of rooms.

use super::read::JOINS;
use crate::description::{Columns, Description, Field, Kind, Shape, SortKind};

pub const NAME: Field = Field::new("name", "s.name", Shape::Text, "Nom", "Name")
    .sorted_by("name", "s.name_key", SortKind::Bytes)
    .searched();
pub const CAPACITY: Field = Field::new("capacity", "s.capacity", Shape::Count, "Capacité", "Capacity").sorted_by(
    "capacity",
    "COALESCE(s.capacity, 0)",
    SortKind::Int,
);
pub const EQUIPMENT: Field = Field::new("equipment", "s.equipment", Shape::Words, "Équipement", "Equipment").searched();
pub const LOCALISATION: Field =
    Field::new("localisationId", "s.localisation_id", Shape::Reference, "Localisation", "Localisation")
        .shows("localisation.name");
pub const ACTIVE: Field = Field::new("active", "s.active", Shape::Flag, "Active", "Active");
pub const CREATED_AT: Field =
    Field::new("createdAt", "s.created_at", Shape::Instant, "Créée le", "Created").sorted(SortKind::Int).hidden();

/// Rooms.
pub const SALLES: Description = Description {
    kind: Kind::Salle,
    label: ("Salles", "Rooms"),
    fields: &[NAME, CAPACITY, EQUIPMENT, LOCALISATION, ACTIVE, CREATED_AT],
    columns: Columns {
        id: "s.id",
        found_as: "s.id",
        site: "s.localisation_id",
        label: "s.name",
        version: "s.version",
        created_at: "s.created_at",
        updated_at: "s.updated_at",
    },
    search: &["s.search"],
    select: |scope, columns| scope.salles(columns, JOINS),
};
