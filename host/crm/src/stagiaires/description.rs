//! The fields of trainees. Special needs are no field of lists, files or plugins.

use super::read::JOINS;
use crate::description::{Columns, Description, Field, Kind, Shape, SortKind};

const STATUSES: &[(&str, (&str, &str))] = &[
    ("salarie", ("Salarié", "Employee")),
    ("demandeur_emploi", ("Demandeur d'emploi", "Job seeker")),
    ("alternant", ("Alternant", "Apprentice")),
    ("interimaire", ("Intérimaire", "Temporary worker")),
    ("independant", ("Indépendant", "Self-employed")),
    ("particulier", ("Particulier", "Private person")),
    ("autre", ("Autre", "Other")),
];

pub const NAME: Field = Field::new("name", "t.name", Shape::Text, "Stagiaire", "Trainee")
    .sorted_by("name", "t.name_key", SortKind::Bytes)
    .searched()
    .personal();
pub const LAST_NAME: Field = Field::new("lastName", "t.last_name", Shape::Text, "Nom", "Last name").personal();
pub const FIRST_NAME: Field = Field::new("firstName", "t.first_name", Shape::Text, "Prénom", "First name").personal();
pub const BIRTH_DATE: Field = Field::new("birthDate", "t.birth_date", Shape::Day, "Naissance", "Birth").personal();
pub const EMAIL: Field = Field::new("email", "t.email", Shape::Email, "E-mail", "E-mail").searched().personal();
pub const PHONE: Field = Field::new("phone", "t.phone", Shape::Phone, "Téléphone", "Telephone").personal();
pub const COMPANY: Field = Field::new("company", "t.company", Shape::Text, "Entreprise", "Company").searched();
pub const FUNCTION: Field = Field::new("function", "t.job", Shape::Text, "Fonction", "Function").personal();
pub const STATUS: Field = Field::new("status", "t.status", Shape::Word(STATUSES), "Statut", "Status").personal();
pub const OPPORTUNITE: Field =
    Field::new("opportuniteId", "t.opportunite_id", Shape::Reference, "Opportunité", "Opportunité")
        .shows("opportunite.numero");
pub const PLANNED: Field = Field::new("minutesPlanned", "", Shape::Minutes, "Heures prévues", "Hours planned");
pub const DONE: Field = Field::new("minutesDone", "", Shape::Minutes, "Heures réalisées", "Hours done");
pub const CREATED_AT: Field =
    Field::new("createdAt", "t.created_at", Shape::Instant, "Créé le", "Created").sorted(SortKind::Int).hidden();
/// Of the journal, and of the copy that the person gets.
pub const NEEDS: Field =
    Field::new("needs", "t.needs", Shape::Prose, "Besoins particuliers", "Special needs").personal().hidden();

/// Trainees.
pub const STAGIAIRES: Description = Description {
    kind: Kind::Stagiaire,
    label: ("Stagiaires", "Trainees"),
    fields: &[
        NAME,
        LAST_NAME,
        FIRST_NAME,
        BIRTH_DATE,
        EMAIL,
        PHONE,
        COMPANY,
        FUNCTION,
        STATUS,
        OPPORTUNITE,
        PLANNED,
        DONE,
        CREATED_AT,
        NEEDS,
    ],
    columns: Columns {
        id: "t.id",
        found_as: "t.id",
        site: "o.localisation_id",
        label: "t.name",
        version: "t.version",
        created_at: "t.created_at",
        updated_at: "t.updated_at",
    },
    search: &["t.search"],
    select: |scope, columns| scope.stagiaires(columns, JOINS),
};
