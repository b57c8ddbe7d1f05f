//! Section 6: invoices, credit notes and payments. An issued row never changes: a credit note reverses an invoice,
//! wholly or in part, and a counter-entry reverses a payment. In each VAT regime, the sum of the invoices equals the
//! quote.

mod absences;
mod checks;
mod deposits;
mod drafts;
mod sums;

use afpi_sdk::calendar::Date;
use afpi_sdk::schemars::JsonSchema;
use afpi_sdk::workflow::Money;
use serde::{Deserialize, Serialize};

use super::filled;
use super::montage::Payeur as Financier;

pub use sums::Left;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(title = "Facturation", extend("x-title-en" = "Invoicing"))]
pub struct Facturation {
    #[schemars(title = "En attente de", extend("x-title-en" = "Waits for", "readOnly" = true, "x-awaited" = true))]
    pub en_attente_de: Option<String>,
    #[schemars(
        title = "Heures prévues",
        extend("x-title-en" = "Planned hours", "minimum" = 0, "maximum" = 1_000_000)
    )]
    pub heures_prevues: Option<f64>,
    #[schemars(
        title = "Heures réalisées",
        description = "Moins que prévu : les factures à émettre diminuent au prorata.",
        extend("x-title-en" = "Hours done", "x-description-en" = "Less than planned: the invoices to issue shrink in proportion.", "minimum" = 0, "maximum" = 1_000_000)
    )]
    pub heures_realisees: Option<f64>,
    /// What the absences leave of the quote. A clause may keep it as a dédit, which is neither training nor funded.
    #[schemars(title = "Dédit possible au plus, HT", extend("x-title-en" = "Cancellation fee at most, excl. VAT", "x-widget" = "money", "readOnly" = true))]
    pub dedit_maximum: Option<Money>,
    #[schemars(
        title = "Factures",
        extend(
            "x-title-en" = "Invoices", "x-widget" = "ledger", "x-locked-by" = "emiseLe",
            "x-ledger" = {
                "columns": ["numero", "nature", "nom", "emiseLe", "echeanceLe", "totalTtc", "solde"], "number": "numero",
                "actions": [
                    {"transition": "emettre_facture", "field": "rang", "where": {"not": {"required": ["emiseLe"]}}},
                    {"transition": "emettre_acompte", "field": "rang", "where": {"not": {"required": ["emiseLe"]}}},
                    {
                        "transition": "enregistrer_paiement", "field": "facture", "value": "numero",
                        "where": {"required": ["numero", "solde"], "properties": {"solde": {"minimum": 1}}}
                    },
                    {
                        "transition": "emettre_avoir", "field": "facture", "value": "numero",
                        "where": {"required": ["numero", "netTtc"], "properties": {"netTtc": {"minimum": 1}}}
                    }
                ]
            },
            "x-piece" = {
                "kind": {"by": "nature"}, "number": "numero", "issuedOn": "emiseLe", "dueOn": "echeanceLe",
                "payer": {"kind": "payeur", "name": "nom", "company": "entreprise", "siret": "siret", "inPlace": "subrogation"},
                "amounts": [{"rate": 0, "net": "baseExoneree"}, {"rate": 20, "net": "baseTaux20", "vat": "tva"}],
                "total": "totalTtc", "corrects": "corrige", "reason": "motif",
                "references": {"bonCommande": "bonCommande", "priseEnCharge": "priseEnCharge", "motifAvance": "motifAvance", "motifPresence": "motifPresence"},
                "advance": {"field": "acompte", "deducted": "acomptes", "net": "totalHt", "vat": "tva", "total": "totalTtc"},
                "attended": {"whole": "/devis/totalHt", "reason": "motifPresence"},
                "follows": ["netTtc", "solde", "tropPercu"],
                "creditedBy": {
                    "transition": "emettre_avoir", "piece": "facture", "reason": "motif",
                    "amounts": [{"rate": 0, "net": "baseExoneree"}, {"rate": 20, "net": "baseTaux20"}]
                }
            }
        )
    )]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub factures: Vec<Facture>,
    #[schemars(
        title = "Motif si moins que le devis",
        description = "Par exemple des heures non réalisées.",
        extend("x-title-en" = "Reason if less than the quote", "x-description-en" = "E.g. hours not delivered.", "x-widget" = "textarea")
    )]
    pub motif_ecart: Option<String>,
    #[schemars(
        title = "Règlements",
        extend(
            "x-title-en" = "Payments", "x-widget" = "rows", "readOnly" = true,
            "x-payment" = {
                "piece": "facture", "paidOn": "le", "amount": "montant", "mode": "mode", "reference": "reference", "reverses": "annule",
                "reason": "motif",
                "recordedBy": {
                    "transition": "enregistrer_paiement", "piece": "facture", "amount": "montant", "paidOn": "le", "mode": "mode",
                    "reference": "reference"
                },
                "reversedBy": {
                    "transition": "contrepasser_reglement", "position": "reglement", "amount": "montant", "paidOn": "le",
                    "reason": "motif"
                }
            }
        )
    )]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paiements: Vec<Paiement>,
    #[schemars(title = "Reste dû TTC", extend("x-title-en" = "Balance due incl. VAT", "x-widget" = "money", "readOnly" = true))]
    pub reste_du: Option<Money>,
    #[schemars(title = "Trop-perçu TTC", extend("x-title-en" = "Overpaid incl. VAT", "x-widget" = "money", "readOnly" = true))]
    pub trop_percu: Option<Money>,
}

/// An invoice, a draft, or a credit note with negative amounts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Facture {
    #[schemars(title = "Numéro", extend("x-search" = true, "x-title-en" = "Number", "readOnly" = true))]
    pub numero: Option<String>,
    #[serde(default)]
    #[schemars(title = "Nature", extend("x-title-en" = "Kind", "readOnly" = true))]
    pub nature: Nature,
    #[schemars(title = "Payeur", extend("x-title-en" = "Payer", "x-widget" = "select"))]
    pub payeur: Payeur,
    #[schemars(
        title = "Nom du payeur",
        description = "L’entreprise de l’opportunité si vide ; obligatoire pour un financeur.",
        extend(
            "x-title-en" = "Payer’s name", "x-description-en" = "The opportunity’s company when empty; needed for a funder.",
            "x-suggest" = "entreprises", "x-pick" = "name"
        )
    )]
    pub nom: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        title = "SIRET du payeur",
        description = "Celui d’une entreprise de l’annuaire : la facture porte son adresse.",
        length(max = 20),
        extend(
            "x-title-en" = "Payer’s SIRET", "x-description-en" = "Of a company in the directory: the invoice has its address.",
            "x-pick" = "siret"
        )
    )]
    pub siret: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schemars(
        title = "Subrogation",
        description = "Le payeur règle à la place de l’entreprise, qui reste l’acheteur.",
        extend("x-title-en" = "Pays in place of the company", "x-description-en" = "The company remains the buyer (subrogation).")
    )]
    pub subrogation: bool,
    /// The part of the quote that it bills: deposits of a draft are found by it, whatever its payer is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Part", length(max = 20), extend("x-title-en" = "Part", "x-widget" = "hidden"))]
    pub part: Option<String>,
    #[serde(default)]
    #[schemars(title = "HT exonéré", extend("x-title-en" = "Exempt, excl. VAT", "x-widget" = "money"))]
    pub base_exoneree: Money,
    #[serde(default)]
    #[schemars(title = "HT à 20 %", extend("x-title-en" = "At 20%, excl. VAT", "x-widget" = "money"))]
    pub base_taux20: Money,
    #[schemars(title = "TVA", extend("x-title-en" = "VAT", "x-widget" = "money", "readOnly" = true))]
    pub tva: Option<Money>,
    #[schemars(title = "Total TTC", extend("x-title-en" = "Total incl. VAT", "x-widget" = "money", "readOnly" = true))]
    pub total_ttc: Option<Money>,
    #[schemars(title = "N° de bon de commande", extend("x-search" = true, "x-title-en" = "PO number"))]
    pub bon_commande: Option<String>,
    #[schemars(title = "N° de prise en charge", extend("x-search" = true, "x-title-en" = "Funding agreement no."))]
    pub prise_en_charge: Option<String>,
    #[schemars(title = "Émise le", extend("x-title-en" = "Issued on", "readOnly" = true))]
    pub emise_le: Option<Date>,
    #[schemars(title = "Échéance", extend("x-title-en" = "Due on", "readOnly" = true))]
    pub echeance_le: Option<Date>,
    #[schemars(title = "Motif de l’émission avant la fin", extend("x-title-en" = "Reason for issuing before the end", "readOnly" = true))]
    pub motif_avance: Option<String>,
    #[schemars(title = "Motif au-delà des présences", extend("x-title-en" = "Reason beyond attendance", "readOnly" = true))]
    pub motif_presence: Option<String>,
    #[schemars(title = "Corrige la facture", extend("x-title-en" = "Corrects invoice", "readOnly" = true))]
    pub corrige: Option<String>,
    #[schemars(title = "Motif de l’avoir", extend("x-title-en" = "Reason of the credit note", "readOnly" = true))]
    pub motif: Option<String>,
    /// A deposit invoice, or a credit note for one. It is no part of the quote: the final invoice deducts it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schemars(title = "Acompte", extend("x-title-en" = "Deposit", "x-widget" = "hidden", "readOnly" = true))]
    pub acompte: bool,
    /// The deposit invoices that this invoice deducts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(title = "Acomptes", extend("x-title-en" = "Deposits", "x-widget" = "hidden", "readOnly" = true))]
    pub acomptes: Vec<Deduit>,
    #[schemars(title = "Acomptes déduits TTC", extend("x-title-en" = "Deposits deducted, incl. VAT", "x-widget" = "money", "readOnly" = true))]
    pub deduit: Option<Money>,
    #[schemars(title = "Net des avoirs TTC", extend("x-title-en" = "Net of credit notes incl. VAT", "x-widget" = "money", "readOnly" = true))]
    pub net_ttc: Option<Money>,
    #[schemars(title = "Reste dû TTC", extend("x-title-en" = "Balance due incl. VAT", "x-widget" = "money", "readOnly" = true))]
    pub solde: Option<Money>,
    #[schemars(title = "Trop-perçu TTC", extend("x-title-en" = "Overpaid incl. VAT", "x-widget" = "money", "readOnly" = true))]
    pub trop_percu: Option<Money>,
}

/// A deposit that a final invoice deducts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Deduit {
    #[schemars(title = "Numéro", extend("x-title-en" = "Number"))]
    pub numero: String,
    #[schemars(title = "Émise le", extend("x-title-en" = "Issued on"))]
    pub emise_le: Date,
    #[schemars(title = "HT", extend("x-title-en" = "Excl. VAT", "x-widget" = "money"))]
    pub total_ht: Money,
    #[schemars(title = "TVA", extend("x-title-en" = "VAT", "x-widget" = "money"))]
    pub tva: Money,
    #[schemars(title = "TTC", extend("x-title-en" = "Incl. VAT", "x-widget" = "money"))]
    pub total_ttc: Money,
}

/// A payment. A negative amount is the counter-entry that reverses one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Paiement {
    #[schemars(title = "Facture", extend("x-title-en" = "Invoice"))]
    pub facture: String,
    #[schemars(title = "Reçu le", extend("x-title-en" = "Received on"))]
    pub le: Date,
    #[schemars(title = "Montant TTC", extend("x-title-en" = "Amount incl. VAT", "x-widget" = "money"))]
    pub montant: Money,
    #[schemars(title = "Mode", extend("x-title-en" = "Mode", "x-widget" = "select"))]
    pub mode: Mode,
    #[schemars(title = "Référence", extend("x-search" = true, "x-title-en" = "Reference"))]
    pub reference: Option<String>,
    #[schemars(title = "Annule la ligne", extend("x-title-en" = "Takes back row"))]
    pub annule: Option<u32>,
    #[schemars(title = "Motif", extend("x-title-en" = "Reason"))]
    pub motif: Option<String>,
    /// The amount that counter-entries have left, which can still be reversed.
    #[schemars(title = "Net", extend("x-title-en" = "Net", "x-widget" = "hidden"))]
    pub net: Option<Money>,
}

afpi_sdk::choices! {
    /// The kind of a row.
    pub enum Nature {
        Facture = "facture", "Facture", "Invoice";
        Acompte = "acompte", "Facture d’acompte", "Deposit invoice";
        Avoir = "avoir", "Avoir", "Credit note";
    }
}

afpi_sdk::choices! {
    /// The buyer of an invoice.
    pub enum Payeur {
        Entreprise = "entreprise", "Entreprise", "Company";
        Opco = "opco", "OPCO", "OPCO (skills operator)";
        Region = "region", "Région", "Region";
        FranceTravail = "france_travail", "France Travail", "France Travail (employment service)";
        Cpf = "cpf", "CPF", "CPF (personal training account)";
        TransitionsPro = "transitions_pro", "Transitions Pro", "Transitions Pro";
        Etat = "etat", "État ou Europe", "State or Europe";
        Autre = "autre", "Autre", "Other";
    }
}

afpi_sdk::choices! {
    /// The means of payment.
    pub enum Mode {
        Virement = "virement", "Virement", "Bank transfer";
        Cheque = "cheque", "Chèque", "Cheque";
        Carte = "carte", "Carte", "Card";
        Prelevement = "prelevement", "Prélèvement", "Direct debit";
        Opco = "opco", "OPCO", "OPCO";
    }
}

impl From<Financier> for Payeur {
    fn from(payer: Financier) -> Payeur {
        match payer {
            Financier::Opco => Payeur::Opco,
            Financier::Region => Payeur::Region,
            Financier::FranceTravail => Payeur::FranceTravail,
            Financier::Cpf => Payeur::Cpf,
            Financier::TransitionsPro => Payeur::TransitionsPro,
            Financier::Etat => Payeur::Etat,
            Financier::Autre => Payeur::Autre,
        }
    }
}

impl Facture {
    pub fn issued(&self) -> bool {
        self.emise_le.is_some()
    }

    pub fn ht(&self) -> Money {
        self.base_exoneree + self.base_taux20
    }

    pub fn ttc(&self) -> Money {
        self.ht() + self.tva.unwrap_or(0)
    }

    /// The payer's name, or the kind of payer if there is no name.
    pub fn payer(&self) -> String {
        filled(&self.nom).map_or_else(|| self.payeur.label().fr, String::from)
    }

    /// Whether this is an issued invoice, and not a credit note.
    pub fn claims(&self) -> bool {
        self.issued() && self.nature != Nature::Avoir
    }
}
