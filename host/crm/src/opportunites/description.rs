//! The fields of opportunités. The workflow's forms describe the section documents.

use super::item::JOINS;
use super::search;
use crate::description::{Columns, Description, Field, Kind, Shape, SortKind};

const KINDS: &[(&str, (&str, &str))] = &[
    ("inter-entreprise", ("Inter-entreprise", "Open course")),
    ("intra-entreprise", ("Intra-entreprise", "In-company")),
    ("individuelle", ("Individuelle", "Individual")),
    ("alternance", ("Alternance", "Apprenticeship")),
];
const OUTCOMES: &[(&str, (&str, &str))] = &[
    ("open", ("En cours", "Open")),
    ("suspended", ("Suspendue", "Suspended")),
    ("won", ("Gagnée", "Won")),
    ("lost", ("Perdue", "Lost")),
    ("done", ("Terminée", "Done")),
    ("other", ("Autre", "Other")),
];

pub(crate) const ORIGINES: &[(&str, (&str, &str))] = &[
    ("prospection", ("Prospection", "Prospecting")),
    ("appel-entrant", ("Appel entrant", "Incoming call")),
    ("site-web", ("Site web", "Website")),
    ("client-existant", ("Client existant", "Existing customer")),
    ("recommandation", ("Recommandation", "Referral")),
    ("partenaire", ("Partenaire ou OPCO", "Partner or OPCO")),
    ("appel-offres", ("Appel d'offres", "Call for tenders")),
    ("salon", ("Salon ou événement", "Trade fair or event")),
    ("autre", ("Autre", "Other")),
];
pub(crate) const LOST_REASONS: &[(&str, (&str, &str))] = &[
    ("prix", ("Prix", "Price")),
    ("delai", ("Dates ou délai", "Dates or delay")),
    ("concurrent", ("Concurrent retenu", "A competitor was chosen")),
    ("financement", ("Financement refusé", "Funding refused")),
    ("besoin", ("Projet abandonné", "Project given up")),
    ("sans-reponse", ("Sans réponse", "No answer")),
    ("autre", ("Autre", "Other")),
];

pub const NUMERO: Field =
    Field::new("numero", "o.numero", Shape::Text, "Numéro", "Number").sorted(SortKind::Text).searched();
pub const TITLE: Field = Field::new("title", "o.title", Shape::Text, "Intitulé", "Title")
    .sorted_by("title", "o.title_key", SortKind::Bytes)
    .searched();
pub const KIND: Field = Field::new("kind", "o.kind", Shape::Word(KINDS), "Type", "Kind");
pub const ENTREPRISE: Field = Field::new("entrepriseId", "o.entreprise_id", Shape::Reference, "Entreprise", "Company")
    .shows("entreprise.name")
    .searched();
pub const ENTREPRISE_SIRET: Field = Field::new("entreprise.siret", "e.siret", Shape::Text, "SIRET", "SIRET");
pub const ENTREPRISE_CITY: Field = Field::new("entreprise.city", "e.city", Shape::Text, "Ville", "City");
pub const COMMERCIAL: Field =
    Field::new("commercialId", "o.commercial_id", Shape::Reference, "Commercial", "Sales rep").shows("commercial.name");
pub const LOCALISATION: Field =
    Field::new("localisationId", "o.localisation_id", Shape::Reference, "Localisation", "Localisation")
        .shows("localisation.name");
pub const SECTION: Field =
    Field::new("section", "o.section", Shape::PluginWord, "Étape", "Section").shows("sectionLabel");
pub const STATUS: Field = Field::new("status", "o.status", Shape::PluginWord, "Statut", "Status").shows("statusLabel");
pub const OUTCOME: Field = Field::new("outcome", "o.outcome", Shape::Word(OUTCOMES), "Issue", "Outcome").in_lists();
pub const ORIGINE: Field = Field::new("origine", "o.origine", Shape::Word(ORIGINES), "Source", "Source");
pub const LOST_AT: Field = Field::new("lostAt", "o.lost_at", Shape::Instant, "Perdue le", "Lost on");
pub const LOST_REASON: Field =
    Field::new("lostReason", "o.lost_reason", Shape::Word(LOST_REASONS), "Raison de la perte", "Lost because of");
pub const LOST_REMARK: Field =
    Field::new("lostRemark", "o.lost_remark", Shape::Prose, "Remarque sur la perte", "Remark on the loss");
pub const SECTION_SINCE: Field =
    Field::new("sectionSince", "o.section_since", Shape::Instant, "Depuis le", "Since").sorted(SortKind::Int);
pub const DUE_AT: Field = Field::new("dueAt", "o.due_at", Shape::Instant, "Échéance", "Due").hidden();
pub const LATE: Field = Field::new("late", "", Shape::Flag, "En retard", "Late");
pub const AMOUNT: Field =
    Field::new("amount", "o.amount", Shape::Cents, "Montant HT (€)", "Amount excl. VAT (€)").sorted(SortKind::Int);
pub const BUDGET: Field = Field::new("budget", "o.budget", Shape::Cents, "Budget HT (€)", "Budget excl. VAT (€)");
pub const CREATED_AT: Field =
    Field::new("createdAt", "o.created_at", Shape::Instant, "Créée le", "Created").sorted(SortKind::Int);
pub const UPDATED_AT: Field =
    Field::new("updatedAt", "o.updated_at", Shape::Instant, "Modifiée le", "Changed").sorted(SortKind::Int);

/// Opportunités.
pub const OPPORTUNITES: Description = Description {
    kind: Kind::Opportunite,
    label: ("Opportunités", "Opportunités"),
    fields: &[
        NUMERO,
        TITLE,
        KIND,
        ENTREPRISE,
        ENTREPRISE_SIRET,
        ENTREPRISE_CITY,
        COMMERCIAL,
        LOCALISATION,
        SECTION,
        STATUS,
        OUTCOME,
        SECTION_SINCE,
        DUE_AT,
        LATE,
        AMOUNT,
        BUDGET,
        ORIGINE,
        LOST_AT,
        LOST_REASON,
        LOST_REMARK,
        CREATED_AT,
        UPDATED_AT,
    ],
    columns: Columns {
        id: "o.id",
        found_as: "o.id",
        site: "o.localisation_id",
        label: "o.title",
        version: "o.version",
        created_at: "o.created_at",
        updated_at: "o.updated_at",
    },
    search: &search::COLUMNS,
    select: |scope, columns| scope.opportunites(columns, JOINS),
};
