//! The fields of training products.

use super::read::JOINS;
use crate::description::{Columns, Description, Field, Kind, Shape, SortKind};

const MODALITIES: &[(&str, (&str, &str))] = &[
    ("presentiel", ("En présentiel", "On site")),
    ("distanciel", ("À distance", "Remote")),
    ("mixte", ("Mixte", "Mixed")),
    ("afest", ("En situation de travail (AFEST)", "On the job (AFEST)")),
];
const UNITS: &[(&str, (&str, &str))] = &[
    ("group", ("par groupe", "per group")),
    ("day", ("par jour", "per day")),
    ("trainee", ("par stagiaire", "per trainee")),
    ("hour", ("par heure", "per hour")),
];

pub const CODE: Field = Field::new("code", "p.code", Shape::Text, "Code", "Code")
    .sorted_by("code", "p.code_norm", SortKind::Text)
    .searched();
pub const TITLE: Field = Field::new("title", "p.title", Shape::Text, "Intitulé", "Title")
    .sorted_by("title", "p.title_key", SortKind::Bytes)
    .searched();
pub const CATEGORY: Field = Field::new("category", "p.category", Shape::Text, "Catégorie", "Category").searched();
pub const MODALITY: Field = Field::new("modality", "p.modality", Shape::Word(MODALITIES), "Modalité", "Mode");
pub const DURATION: Field =
    Field::new("durationMinutes", "p.duration_minutes", Shape::Minutes, "Durée (h)", "Duration (h)").sorted_by(
        "durationMinutes",
        "COALESCE(p.duration_minutes, 0)",
        SortKind::Int,
    );
pub const PRICE: Field = Field::new("price", "p.price", Shape::Cents, "Prix HT", "Price excl. VAT").sorted_by(
    "price",
    "COALESCE(p.price, 0)",
    SortKind::Int,
);
pub const PRICE_UNIT: Field =
    Field::new("priceUnit", "p.price_unit", Shape::Word(UNITS), "Unité du prix", "Price unit");
pub const VAT_RATE: Field = Field::new("vatRate", "p.vat_rate", Shape::Count, "Taux de TVA", "VAT rate");
pub const OBJECTIVES: Field = Field::new("objectives", "p.objectives", Shape::Prose, "Objectifs", "Aims").hidden();
pub const PREREQUISITES: Field =
    Field::new("prerequisites", "p.prerequisites", Shape::Prose, "Prérequis", "Prerequisites").hidden();
pub const PROGRAMME: Field = Field::new("programme", "p.programme", Shape::Prose, "Programme", "Programme").hidden();
pub const LEGAL_ENTITY: Field =
    Field::new("legalEntityId", "p.entite_legale_id", Shape::Reference, "Entité légale", "Legal entity")
        .shows("legalEntity.name");
pub const ACTIVE: Field = Field::new("active", "p.active", Shape::Flag, "Actif", "Active");
pub const CREATED_AT: Field =
    Field::new("createdAt", "p.created_at", Shape::Instant, "Créé le", "Created").sorted(SortKind::Int).hidden();

/// Training products.
pub const PRODUITS: Description = Description {
    kind: Kind::Produit,
    label: ("Catalogue", "Catalogue"),
    fields: &[
        CODE,
        TITLE,
        CATEGORY,
        MODALITY,
        DURATION,
        PRICE,
        PRICE_UNIT,
        VAT_RATE,
        OBJECTIVES,
        PREREQUISITES,
        PROGRAMME,
        LEGAL_ENTITY,
        ACTIVE,
        CREATED_AT,
    ],
    columns: Columns {
        id: "p.id",
        found_as: "p.id",
        // A product is of a legal entity; plugins, which work for a site, do not query it.
        site: "p.entite_legale_id",
        label: "p.title",
        version: "p.version",
        created_at: "p.created_at",
        updated_at: "p.updated_at",
    },
    search: &["p.search"],
    select: |scope, columns| scope.produits(columns, JOINS),
};
