//! The fields of what payers owe.

use super::list::JOINS;
use crate::description::{Columns, Description, Field, Kind, Shape, SortKind};

const STATES: &[(&str, (&str, &str))] = &[
    ("draft", ("Brouillon", "Draft")),
    ("open", ("À régler", "Unpaid")),
    ("settled", ("Soldée", "Settled")),
    ("overpaid", ("Trop-perçu", "Overpaid")),
    ("credit", ("Avoir", "Credit note")),
];

pub const NUMBER: Field = Field::new("number", "c.number", Shape::Text, "Numéro", "Number").sorted(SortKind::Text);
pub const STATE: Field = Field::new("state", "c.state", Shape::Word(STATES), "État", "State");
pub const PAYER: Field = Field::new("payer.name", "c.payer_name", Shape::Text, "Payeur", "Payer").sorted_by(
    "payer",
    "c.payer_name_key",
    SortKind::Bytes,
);
pub const PAYER_KEY: Field =
    Field::new("payer.key", "c.payer_key", Shape::Text, "Clé du payeur", "Payer’s key").hidden();
pub const ENTREPRISE: Field =
    Field::new("entrepriseId", "o.entreprise_id", Shape::Reference, "Entreprise", "Company").shows("entreprise.name");
pub const OPPORTUNITE: Field =
    Field::new("opportuniteId", "c.opportunite_id", Shape::Reference, "Opportunité", "Opportunité")
        .shows("opportunite.numero");
pub const LOCALISATION: Field =
    Field::new("localisationId", "o.localisation_id", Shape::Reference, "Localisation", "Localisation")
        .shows("localisation.name");
pub const ISSUED_ON: Field =
    Field::new("issuedOn", "c.issued_on", Shape::Day, "Émise le", "Issued on").sorted(SortKind::Text);
pub const DUE_ON: Field = Field::new("dueOn", "c.due_on", Shape::Day, "Échéance", "Due on").sorted(SortKind::Text);
pub const NET: Field = Field::new("net", "c.net", Shape::Cents, "HT (€)", "Excl. VAT (€)");
pub const VAT: Field = Field::new("vat", "c.vat", Shape::Cents, "TVA (€)", "VAT (€)");
pub const TOTAL: Field = Field::new("total", "c.total", Shape::Cents, "TTC (€)", "Incl. VAT (€)").sorted(SortKind::Int);
pub const CREDITED: Field = Field::new("credited", "c.credited", Shape::Cents, "Avoirs (€)", "Credited (€)");
pub const PAID: Field = Field::new("paid", "c.paid", Shape::Cents, "Réglé (€)", "Paid (€)");
pub const BALANCE: Field =
    Field::new("balance", "c.balance", Shape::Cents, "Solde (€)", "Balance (€)").sorted(SortKind::Int);
pub const DAYS_LATE: Field = Field::new("daysLate", "", Shape::Count, "Jours de retard", "Days late");
pub const DISPUTED: Field = Field::new("disputed", "", Shape::Flag, "En litige", "Disputed");

/// What payers owe.
pub const CREANCES: Description = Description {
    kind: Kind::Creance,
    label: ("Pièces de facturation", "Invoices and credit notes"),
    fields: &[
        NUMBER,
        STATE,
        PAYER,
        PAYER_KEY,
        ENTREPRISE,
        OPPORTUNITE,
        LOCALISATION,
        ISSUED_ON,
        DUE_ON,
        NET,
        VAT,
        TOTAL,
        CREDITED,
        PAID,
        BALANCE,
        DAYS_LATE,
        DISPUTED,
    ],
    columns: Columns {
        id: "c.id",
        found_as: "c.opportunite_id",
        site: "o.localisation_id",
        label: "c.number",
        version: "o.version",
        created_at: "o.created_at",
        updated_at: "o.updated_at",
    },
    search: &["c.search", "o.search"],
    select: |scope, columns| scope.opportunites(columns, JOINS),
};
