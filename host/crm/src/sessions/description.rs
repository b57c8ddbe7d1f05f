//! The fields of sessions.

use super::read::JOINS;
use crate::description::{Columns, Description, Field, Kind, Shape, SortKind};

const STATUSES: &[(&str, (&str, &str))] = &[
    ("prevue", ("Prévue", "Planned")),
    ("confirmee", ("Confirmée", "Confirmed")),
    ("realisee", ("Réalisée", "Held")),
    ("annulee", ("Annulée", "Cancelled")),
];

/// As in `bpf/cadres.toml`.
const OBJECTIFS: &[(&str, (&str, &str))] = &[
    ("rncp_6_8", ("RNCP, niveaux 6 à 8", "RNCP, levels 6 to 8")),
    ("rncp_5", ("RNCP, niveau 5", "RNCP, level 5")),
    ("rncp_4", ("RNCP, niveau 4", "RNCP, level 4")),
    ("rncp_3", ("RNCP, niveau 3", "RNCP, level 3")),
    ("rncp_2", ("RNCP, niveau 2", "RNCP, level 2")),
    ("rncp_cqp", ("CQP au RNCP", "CQP in the RNCP")),
    ("rs", ("Répertoire spécifique", "Répertoire spécifique")),
    ("cqp", ("Autre CQP", "Other CQP")),
    ("autre", ("Autre formation", "Other training")),
    ("bilan", ("Bilan de compétences", "Skills assessment")),
    ("vae", ("Accompagnement à la VAE", "Recognition of prior learning")),
];

pub const NUMERO: Field = Field::new("numero", "n.numero", Shape::Text, "Numéro", "Number")
    .sorted_by("numero", "n.numero_norm", SortKind::Text)
    .searched();
pub const TITLE: Field = Field::new("title", "n.title", Shape::Text, "Intitulé", "Title")
    .sorted_by("title", "n.title_key", SortKind::Bytes)
    .searched();
pub const STATUS: Field = Field::new("status", "n.status", Shape::Word(STATUSES), "Statut", "Status");
pub const FIRST_DAY: Field = Field::new("firstDay", "n.first_day", Shape::Day, "Début", "Start").sorted_by(
    "firstDay",
    "COALESCE(n.first_day, '')",
    SortKind::Text,
);
pub const LAST_DAY: Field = Field::new("lastDay", "n.last_day", Shape::Day, "Fin", "End");
pub const HALF_DAYS: Field = Field::new("halfDays", "", Shape::Count, "Demi-journées", "Half-days");
pub const FORMATEURS: Field = Field::new("formateurs", "", Shape::Words, "Formateurs", "Trainers");
pub const STAGIAIRES: Field = Field::new("stagiaires", "", Shape::Count, "Stagiaires", "Trainees");
pub const CAPACITY_MIN: Field =
    Field::new("capacityMin", "n.capacity_min", Shape::Count, "Effectif minimal", "Fewest trainees");
pub const CAPACITY_MAX: Field =
    Field::new("capacityMax", "n.capacity_max", Shape::Count, "Effectif maximal", "Most trainees");
pub const LOCALISATION: Field =
    Field::new("localisationId", "n.localisation_id", Shape::Reference, "Localisation", "Localisation")
        .shows("localisation.name");
pub const OBJECTIF: Field =
    Field::new("objectif", "n.objectif", Shape::Word(OBJECTIFS), "Objectif", "Objective").hidden();
pub const SPECIALITE: Field =
    Field::new("specialite", "n.specialite", Shape::Text, "Spécialité", "Speciality").hidden();
pub const PROGRAMME: Field = Field::new("programme", "n.programme", Shape::Prose, "Programme", "Programme").hidden();

/// Sessions.
pub const SESSIONS: Description = Description {
    kind: Kind::Session,
    label: ("Sessions", "Sessions"),
    fields: &[
        NUMERO,
        TITLE,
        STATUS,
        FIRST_DAY,
        LAST_DAY,
        HALF_DAYS,
        FORMATEURS,
        STAGIAIRES,
        CAPACITY_MIN,
        CAPACITY_MAX,
        LOCALISATION,
        OBJECTIF,
        SPECIALITE,
        PROGRAMME,
    ],
    columns: Columns {
        id: "n.id",
        found_as: "n.id",
        site: "n.localisation_id",
        label: "n.title",
        version: "n.version",
        created_at: "n.created_at",
        updated_at: "n.updated_at",
    },
    search: &["n.search"],
    select: |scope, columns| scope.sessions(columns, JOINS),
};
