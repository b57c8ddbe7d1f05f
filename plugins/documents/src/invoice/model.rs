//! The shape of the electronic invoice, as JSON. `host/einvoice/src/model.rs` says what each field means.

use serde::Serialize;

/// EN 16931 with what French rules add.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invoice {
    pub(super) profile: &'static str,
    pub(super) process: &'static str,
    pub(super) number: String,
    pub(super) issued_on: String,
    pub(super) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) due_on: Option<String>,
    pub(super) treatment: &'static str,
    pub(super) mentions: Mentions,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) notes: Vec<Note>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) contract: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) order: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) object: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) terms: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) preceding: Vec<Preceding>,
    pub(super) seller: Seller,
    pub(super) buyer: Party,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) payer: Option<Party>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) delivered_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) period: Option<Period>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) payment: Option<Means>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) allowances: Vec<Allowance>,
    pub(super) lines: Vec<Line>,
    pub(super) vat: Vec<Breakdown>,
    pub(super) totals: Totals,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Mentions {
    pub(super) recovery_fee: String,
    pub(super) late_penalty: String,
    pub(super) early_discount: String,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Note {
    pub(super) text: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Preceding {
    pub(super) number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) issued_on: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Seller {
    pub(super) party: Party,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tax_registration: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) legal_text: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Party {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) siret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) siren: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) vat_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) electronic_address: Option<ElectronicAddress>,
    pub(super) address: Address,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) contact: Option<Contact>,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct ElectronicAddress {
    pub(super) scheme: &'static str,
    pub(super) value: String,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Address {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) line1: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) line2: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) postcode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) city: Option<String>,
    pub(super) country: String,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Contact {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Period {
    pub(super) from: String,
    pub(super) to: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Means {
    pub(super) means: &'static str,
    pub(super) reference: String,
    pub(super) iban: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) account_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bic: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Vat {
    pub(super) category: &'static str,
    pub(super) rate: i64,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Allowance {
    pub(super) amount: i64,
    pub(super) reason: String,
    pub(super) vat: Vat,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Line {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) quantity: i64,
    pub(super) unit: &'static str,
    pub(super) price: i64,
    pub(super) net: i64,
    pub(super) vat: Vat,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Breakdown {
    pub(super) vat: Vat,
    pub(super) base: i64,
    pub(super) amount: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason_code: Option<&'static str>,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Totals {
    pub(super) lines: i64,
    pub(super) allowances: i64,
    pub(super) net: i64,
    pub(super) vat: i64,
    pub(super) total: i64,
    pub(super) prepaid: i64,
    pub(super) due: i64,
}
