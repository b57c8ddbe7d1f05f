//! What is asked when a move is taken: a reason, a date, a signature, a payment.

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

/// Which draft to issue.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Emission {
    #[schemars(
        title = "Ligne à émettre",
        description = "Son rang dans la liste ; vide pour toutes.",
        range(min = 1, max = 200),
        extend("x-title-en" = "Row to issue", "x-description-en" = "Its place in the list; empty for all.")
    )]
    pub rang: Option<u32>,
}

/// Which invoice to take back.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Avoir {
    #[schemars(title = "Facture à annuler", length(min = 1, max = 50), extend("x-title-en" = "Invoice to cancel"))]
    pub facture: String,
    #[schemars(title = "Motif", length(min = 3, max = 2000), extend("x-title-en" = "Reason", "x-widget" = "textarea"))]
    pub motif: String,
}

/// Money that came in.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Reglement {
    #[schemars(
        title = "Facture",
        description = "Peut rester vide s’il n’en reste qu’une à régler.",
        extend("x-title-en" = "Invoice", "x-description-en" = "May stay empty when only one is unpaid.")
    )]
    pub facture: Option<String>,
    #[schemars(
        title = "Montant TTC",
        description = "Le solde si vide.",
        range(min = 1),
        extend("x-title-en" = "Amount incl. VAT", "x-description-en" = "The balance when empty.", "x-widget" = "money")
    )]
    pub montant: Option<Money>,
    #[schemars(title = "Reçu le", description = "Aujourd’hui si vide.", extend("x-title-en" = "Received on", "x-description-en" = "Today when empty."))]
    pub le: Option<Date>,
    #[schemars(title = "Mode", extend("x-title-en" = "Mode", "x-widget" = "select"))]
    pub mode: Mode,
    #[schemars(title = "Référence", extend("x-title-en" = "Reference"))]
    pub reference: Option<String>,
}

/// Why it is set aside, and until when.
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

/// Reads what was asked.
///
/// # Errors
/// [`Error::Invalid`] for the input as a whole when it does not fit the form.
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

/// A text that must say something.
///
/// # Errors
/// [`Error::Invalid`] at `field` when it is blank.
pub fn said(text: &str, field: &str) -> Result<String> {
    filled(&Some(text.into())).map(String::from).ok_or_else(|| Error::required(field))
}

/// A day that has come, today when none was given.
///
/// # Errors
/// [`Error::Invalid`] at `/le` for a day in the future.
pub fn past(day: Option<Date>, today: Date) -> Result<Date> {
    match day {
        Some(day) if day > today => {
            Err(Error::invalid("/le", "out-of-range", "Cette date est à venir", "This day has not come yet"))
        }
        day => Ok(day.unwrap_or(today)),
    }
}
