//! The forms of moves: a reason, a date, a signature, a payment.

use afpi_sdk::calendar::Date;
use afpi_sdk::schemars::JsonSchema;
use afpi_sdk::workflow::{Error, Money, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::devis::Cause;
use super::facturation::Mode;
use super::filled;

/// A reason.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Motif {
    #[schemars(title = "Motif", length(min = 3, max = 2000), extend("x-title-en" = "Reason", "x-widget" = "textarea"))]
    pub motif: String,
}

/// A customer says yes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Acceptation {
    #[schemars(title = "Signé le", description = "Aujourd’hui si vide.", extend("x-title-en" = "Signed on", "x-description-en" = "Today when empty."))]
    pub le: Option<Date>,
    #[schemars(title = "Signataire", length(min = 1, max = 200), extend("x-title-en" = "Signed by", "x-widget" = "signature"))]
    pub signataire: String,
    #[schemars(title = "N° de bon de commande", extend("x-title-en" = "PO number"))]
    pub bon_commande: Option<String>,
}

/// A customer says no.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Refus {
    #[schemars(title = "Cause", extend("x-title-en" = "Cause", "x-widget" = "select"))]
    pub cause: Cause,
    #[schemars(title = "Motif", length(min = 3, max = 2000), extend("x-title-en" = "Reason", "x-widget" = "textarea"))]
    pub motif: String,
    #[schemars(title = "Refusé le", description = "Aujourd’hui si vide.", extend("x-title-en" = "Refused on", "x-description-en" = "Today when empty."))]
    pub le: Option<Date>,
}

/// The draft to issue.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Emission {
    #[schemars(
        title = "Facture à émettre",
        description = "Toutes si vide.",
        range(min = 1, max = 200),
        extend(
            "x-title-en" = "Invoice to issue", "x-description-en" = "All of them when empty.", "x-widget" = "row",
            "x-rows" = "/facturation/factures", "x-label" = ["payeur", "nom", "totalTtc"],
            "x-where" = {"not": {"required": ["emiseLe"]}}
        )
    )]
    pub rang: Option<u32>,
    #[schemars(
        title = "Motif si la formation n’est pas terminée",
        description = "Reste sur la facture.",
        length(max = 500),
        extend("x-title-en" = "Reason if the training is not over", "x-description-en" = "Stays on the invoice.", "x-widget" = "textarea")
    )]
    pub motif_avance: Option<String>,
    #[schemars(
        title = "Motif si plus que les présences",
        description = "Demandé quand les heures facturées dépassent celles signées. Reste sur la facture.",
        length(max = 500),
        extend("x-title-en" = "Reason if more than was attended", "x-description-en" = "Asked when more is billed than was signed. Stays on the invoice.", "x-widget" = "textarea")
    )]
    pub motif_presence: Option<String>,
}

/// The draft of which a part is invoiced before the training.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Acompte {
    #[schemars(
        title = "Facture à émettre",
        description = "Peut rester vide s’il n’y en a qu’une.",
        range(min = 1, max = 200),
        extend(
            "x-title-en" = "Invoice to issue", "x-description-en" = "May stay empty when there is only one.", "x-widget" = "row",
            "x-rows" = "/facturation/factures", "x-label" = ["payeur", "nom", "totalTtc"],
            "x-where" = {"not": {"required": ["emiseLe"]}}
        )
    )]
    pub rang: Option<u32>,
    #[schemars(
        title = "Part (%)",
        description = "30 % au plus pour un financeur ou un particulier.",
        range(min = 1, max = 100),
        extend("x-title-en" = "Share (%)", "x-description-en" = "At most 30% for a funder or a person.", "default" = 30)
    )]
    pub pourcentage: u32,
}

/// The invoice to credit, and the amounts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Avoir {
    #[schemars(
        title = "Facture à corriger",
        length(min = 1, max = 50),
        extend(
            "x-title-en" = "Invoice to correct", "x-widget" = "row", "x-rows" = "/facturation/factures", "x-value" = "numero",
            "x-label" = ["numero", "nom", "netTtc"],
            "x-where" = {"required": ["emiseLe"], "properties": {"nature": {"const": "facture"}, "netTtc": {"minimum": 1}}}
        )
    )]
    pub facture: String,
    #[schemars(
        title = "HT exonéré à déduire",
        description = "Les deux montants vides : tout ce qui reste de la facture.",
        range(min = 0),
        extend("x-title-en" = "Exempt amount to credit, excl. VAT", "x-description-en" = "Both amounts empty: all that is left of the invoice.", "x-widget" = "money")
    )]
    pub base_exoneree: Option<Money>,
    #[schemars(title = "HT à 20 % à déduire", range(min = 0), extend("x-title-en" = "Amount at 20% to credit, excl. VAT", "x-widget" = "money"))]
    pub base_taux20: Option<Money>,
    #[schemars(
        title = "Préparer une facture de remplacement",
        description = "Si vide : oui pour un avoir total, non pour un avoir partiel.",
        extend("x-title-en" = "Prepare an invoice that replaces it", "x-description-en" = "When empty: yes for a full credit note, no for a partial one.", "x-widget" = "select")
    )]
    pub remplacement: Option<Choix>,
    #[schemars(title = "Motif", length(min = 3, max = 2000), extend("x-title-en" = "Reason", "x-widget" = "textarea"))]
    pub motif: String,
}

afpi_sdk::choices! {
    /// An optional question.
    pub enum Choix {
        Oui = "oui", "Oui", "Yes";
        Non = "non", "Non", "No";
    }
}

/// A payment.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Reglement {
    #[schemars(
        title = "Facture",
        description = "Peut rester vide s’il n’en reste qu’une à régler.",
        extend(
            "x-title-en" = "Invoice", "x-description-en" = "May stay empty when only one is unpaid.", "x-widget" = "row",
            "x-rows" = "/facturation/factures", "x-value" = "numero", "x-label" = ["numero", "nom", "solde"],
            "x-where" = {"required": ["emiseLe"], "properties": {"nature": {"const": "facture"}, "solde": {"minimum": 1}}}
        )
    )]
    pub facture: Option<String>,
    #[schemars(
        title = "Montant TTC",
        description = "Le solde si vide.",
        range(min = 1),
        extend("x-title-en" = "Amount incl. VAT", "x-description-en" = "The balance when empty.", "x-widget" = "money")
    )]
    pub montant: Option<Money>,
    #[schemars(
        title = "Reçu le",
        description = "Aujourd’hui si vide ; pas avant la facture.",
        extend("x-title-en" = "Received on", "x-description-en" = "Today when empty; not before the invoice.")
    )]
    pub le: Option<Date>,
    #[schemars(title = "Mode", extend("x-title-en" = "Mode", "x-widget" = "select"))]
    pub mode: Mode,
    #[schemars(title = "Référence", extend("x-title-en" = "Reference"))]
    pub reference: Option<String>,
}

/// A payment that is refunded, or never arrived.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Contrepassation {
    #[schemars(
        title = "Règlement",
        range(min = 1),
        extend(
            "x-title-en" = "Payment", "x-widget" = "row", "x-rows" = "/facturation/paiements",
            "x-label" = ["facture", "le", "montant", "mode", "reference"],
            "x-where" = {"properties": {"montant": {"minimum": 1}, "net": {"minimum": 1}}}
        )
    )]
    pub reglement: u32,
    #[schemars(
        title = "Montant TTC",
        description = "Tout le règlement si vide.",
        range(min = 1),
        extend("x-title-en" = "Amount incl. VAT", "x-description-en" = "The whole payment when empty.", "x-widget" = "money")
    )]
    pub montant: Option<Money>,
    #[schemars(
        title = "Le",
        description = "Aujourd’hui si vide ; pas avant le règlement.",
        extend("x-title-en" = "On", "x-description-en" = "Today when empty; not before the payment.")
    )]
    pub le: Option<Date>,
    #[schemars(
        title = "Motif",
        description = "Par exemple chèque impayé, mauvaise facture, trop-perçu remboursé.",
        length(min = 3, max = 2000),
        extend("x-title-en" = "Reason", "x-description-en" = "E.g. bounced cheque, wrong invoice, refund.", "x-widget" = "textarea")
    )]
    pub motif: String,
}

/// Why nothing is billed.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct SansFacture {
    #[schemars(
        title = "Motif",
        description = "Facultatif quand le devis est gratuit et la formation terminée.",
        length(max = 2000),
        extend("x-title-en" = "Reason", "x-description-en" = "Not needed when the quote is free and the training over.", "x-widget" = "textarea")
    )]
    pub motif: Option<String>,
}

/// Why a file is given up.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Annulation {
    #[schemars(title = "Raison", extend("x-title-en" = "Because of", "x-widget" = "select", "x-lost" = "reason"))]
    pub cause: Cause,
    #[schemars(title = "Motif", length(min = 3, max = 2000), extend("x-title-en" = "Reason", "x-widget" = "textarea", "x-lost" = "remark"))]
    pub motif: String,
}

/// Why and until when it is suspended.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Suspension {
    #[schemars(title = "Motif", length(min = 3, max = 2000), extend("x-title-en" = "Reason", "x-widget" = "textarea"))]
    pub motif: String,
    #[schemars(
        title = "Relancer le",
        description = "Compte comme en retard après cette date.",
        extend("x-title-en" = "Follow up on", "x-description-en" = "Counts as late after this day.")
    )]
    pub relance: Option<Date>,
}

/// Reads the input of a move.
///
/// # Errors
/// [`Error::Invalid`] for the whole input if it does not fit the form.
pub fn parse<T: DeserializeOwned>(json: &str) -> Result<T> {
    let json = if json.trim().is_empty() { "{}" } else { json };
    serde_json::from_str(json).map_err(|error| {
        let said = error.to_string();
        match said.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
            Some(field) => Error::required(format!("/{field}")),
            None => Error::invalid(
                "",
                "malformed",
                &format!("Saisie illisible : {said}"),
                &format!("Cannot be read: {said}"),
            ),
        }
    })
}

/// Returns the text.
///
/// # Errors
/// [`Error::Invalid`] at `field` if the text is blank.
pub fn said(text: &str, field: &str) -> Result<String> {
    filled(&Some(text.into())).map(String::from).ok_or_else(|| Error::required(field))
}
