//! The fields of people.

use afpi_core::scope::NO_KEY;

use crate::description::{Columns, Description, Field, Kind, Shape, SortKind};

pub const NAME: Field = Field::new("name", "u.name", Shape::Text, "Nom", "Name")
    .sorted_by("name", "u.name_key", SortKind::Bytes)
    .searched()
    .personal();
/// The built-in role.
pub const ROLE: Field = Field::new("role", "u.role", Shape::Text, "Rôle", "Role");
/// The role's record.
pub const ROLE_ID: Field = Field::new("roleId", "u.role_id", Shape::Text, "Rôle", "Role").internal().hidden();
pub const ACTIVE: Field = Field::new("active", "u.active", Shape::Flag, "Actif", "Active");
pub const CREATED_AT: Field =
    Field::new("createdAt", "u.created_at", Shape::Instant, "Créé le", "Created").sorted(SortKind::Int).hidden();
/// The codes of a person's localisations, as a JSON list.
pub const LOCALISATIONS: Field = Field::new(
    "localisations",
    "(SELECT CONCAT('[', COALESCE(GROUP_CONCAT(CONCAT('\"', l.code, '\"')), ''), ']') FROM user_localisations ul \
     JOIN localisations l ON l.id = ul.localisation_id WHERE ul.user_id = u.id)",
    Shape::Words,
    "Localisations",
    "Localisations",
)
.hidden();
/// Only readable with the right to manage people.
pub const EMAIL: Field = Field::new("email", "u.email", Shape::Email, "E-mail", "E-mail")
    .sorted(SortKind::Text)
    .searched()
    .personal()
    .internal();
pub const LOCALE: Field = Field::new("locale", "u.locale", Shape::Text, "Langue", "Language").internal().hidden();

/// People.
pub const USERS: Description = Description {
    kind: Kind::User,
    label: ("Utilisateurs", "Users"),
    fields: &[NAME, ROLE, ROLE_ID, EMAIL, LOCALISATIONS, LOCALE, ACTIVE, CREATED_AT],
    columns: Columns {
        id: "u.id",
        found_as: "u.id",
        site: "NULL",
        label: "u.name",
        version: "u.version",
        created_at: "u.created_at",
        updated_at: "u.created_at",
    },
    search: &[],
    select: |scope, columns| {
        let mut people = scope.colleagues(columns, "");
        people.push(NO_KEY);
        people
    },
};
