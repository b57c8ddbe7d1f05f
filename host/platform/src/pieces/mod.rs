//! What has been issued, as a workflow's documents tell it. A form declares with `x-piece` which objects are issued and
//! with `x-payment` which rows are payments; the host knows these two keywords and none of the workflow's words. What
//! follows from a declaration is in `crm/pieces`: frozen once, and held against every later decision.

mod declared;
mod found;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

pub use declared::Declared;

/// What a piece says and no later document may say otherwise. Amounts are cents, negative for what takes something
/// back.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Terms {
    /// The workflow's word, e.g. for an invoice or a credit note.
    pub kind: String,
    pub number: String,
    /// 1 but for what is issued again under the same number.
    pub version: i64,
    /// ISO days.
    pub issued_on: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payer_kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payer_name: Option<String>,
    /// The number of the piece it corrects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrects: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub net: i64,
    pub vat: i64,
    pub total: i64,
    pub amounts: Vec<Amount>,
    pub lines: Vec<Line>,
    /// Further texts that are issued with it, e.g. an order number.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub references: BTreeMap<String, String>,
}

/// What a piece comes to at one rate of VAT.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PieceAmount)]
pub struct Amount {
    /// Hundredths of a percent; 0 for what is exempt.
    pub rate: i64,
    /// Cents.
    pub net: i64,
    pub vat: i64,
}

/// One line of a piece.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PieceLine)]
pub struct Line {
    pub label: String,
    /// Thousandths.
    pub quantity: Option<i64>,
    /// Cents.
    pub unit_price: Option<i64>,
    pub net: i64,
    /// Hundredths of a percent.
    pub rate: Option<i64>,
}

/// A payment or, with a negative amount, its counter-entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PaymentTerms {
    /// The number of the piece that is paid.
    pub piece: String,
    /// ISO day.
    pub paid_on: String,
    /// Cents.
    pub amount: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The position, from 1, of the payment it takes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reverses: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A piece as the documents tell it.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub section: String,
    /// JSON Pointer into the documents.
    pub pointer: String,
    pub terms: Terms,
    /// The object without what follows from later events.
    pub document: Value,
    /// Is it the company of the opportunité that pays?
    pub company_pays: bool,
    /// Only recalls a piece that stood elsewhere when it was issued.
    pub recalls: bool,
}

/// All that the documents tell of pieces and payments.
#[derive(Debug, Default)]
pub struct Told {
    pub pieces: Vec<Found>,
    /// Payments in their order.
    pub payments: Vec<PaymentTerms>,
    /// Does a form declare payments?
    pub declares_payments: bool,
}

impl Told {
    /// Neither pieces nor payments?
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty() && self.payments.is_empty()
    }
}
