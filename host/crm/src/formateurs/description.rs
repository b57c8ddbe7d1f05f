//! The fields of trainers.

use super::read::JOINS;
use crate::description::{Columns, Description, Field, Kind, Shape, SortKind};

const KINDS: &[(&str, (&str, &str))] =
    &[("permanent", ("Permanent", "Permanent")), ("vacataire", ("Vacataire", "Freelance"))];

pub const NAME: Field = Field::new("name", "f.name", Shape::Text, "Nom", "Name")
    .sorted_by("name", "f.name_key", SortKind::Bytes)
    .searched()
    .personal();
pub const KIND: Field = Field::new("kind", "f.kind", Shape::Word(KINDS), "Statut", "Status");
pub const EMAIL: Field = Field::new("email", "f.email", Shape::Email, "E-mail", "E-mail").searched().personal();
pub const PHONE: Field = Field::new("phone", "f.phone", Shape::Phone, "Téléphone", "Telephone").searched().personal();
pub const SKILLS: Field = Field::new("skills", "f.skills", Shape::Words, "Compétences", "Skills").searched();
pub const HOURLY_RATE: Field =
    Field::new("hourlyRate", "f.hourly_rate", Shape::Cents, "Taux horaire", "Hourly rate").personal();
pub const LOCALISATION: Field =
    Field::new("localisationId", "f.localisation_id", Shape::Reference, "Localisation", "Localisation")
        .shows("localisation.name");
pub const SHARED: Field = Field::new("shared", "f.shared", Shape::Flag, "Réseau", "Whole network");
pub const ACTIVE: Field = Field::new("active", "f.active", Shape::Flag, "Actif", "Active");
pub const CREATED_AT: Field =
    Field::new("createdAt", "f.created_at", Shape::Instant, "Créé le", "Created").sorted(SortKind::Int).hidden();

/// Trainers.
pub const FORMATEURS: Description = Description {
    kind: Kind::Formateur,
    label: ("Formateurs", "Trainers"),
    fields: &[NAME, KIND, EMAIL, PHONE, SKILLS, HOURLY_RATE, LOCALISATION, SHARED, ACTIVE, CREATED_AT],
    columns: Columns {
        id: "f.id",
        found_as: "f.id",
        site: "f.localisation_id",
        label: "f.name",
        version: "f.version",
        created_at: "f.created_at",
        updated_at: "f.updated_at",
    },
    search: &["f.search"],
    select: |scope, columns| scope.formateurs(columns, JOINS),
};
