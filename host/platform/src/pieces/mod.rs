//! Pieces and payments in a workflow's documents. With `x-piece` a form declares which objects are issued, with
//! `x-payment` which rows are payments. The host knows these two keywords and no word of the workflow. `crm/pieces`
//! freezes the pieces once, and checks every later decision against them.

mod declared;
mod found;

use afpi_core::money::Money;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

pub(crate) use declared::known;
pub use declared::{AcceptMove, AttendedForm, CreditMove, Declared, PaymentMove, ReversalMove};

/// The content of a piece that no later document may contradict. Amounts are negative for a credit note. Days are texts:
/// they are compared as they were issued.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Terms {
    /// The workflow's word, e.g. for an invoice or a credit note.
    pub kind: String,
    pub number: String,
    /// 1, or higher for a document that is issued again under the same number.
    pub version: i64,
    /// ISO days.
    pub issued_on: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payer_kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payer_name: Option<String>,
    /// Of a payer that is not the opportunité's company.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payer_siret: Option<String>,
    /// The number of the piece it corrects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrects: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub net: Money,
    pub vat: Money,
    pub total: Money,
    pub amounts: Vec<Amount>,
    pub lines: Vec<Line>,
    /// Further issued texts, e.g. an order number.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub references: BTreeMap<String, String>,
    /// Is it a deposit, or a credit note for one?
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub advance: bool,
    /// The deposits that it deducts: its payer owes the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deducted: Option<Deducted>,
}

/// The deposits that a final piece deducts, all together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Deducted {
    pub net: Money,
    pub vat: Money,
    pub total: Money,
}

/// The amount of a piece at one VAT rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PieceAmount)]
pub struct Amount {
    /// Hundredths of a percent; 0 for exempt amounts.
    pub rate: i64,
    /// Cents.
    #[schema(value_type = i64)]
    pub net: Money,
    #[schema(value_type = i64)]
    pub vat: Money,
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
    #[schema(value_type = Option<i64>)]
    pub unit_price: Option<Money>,
    #[schema(value_type = i64)]
    pub net: Money,
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
    pub amount: Money,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The position, from 1, of the payment that it reverses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reverses: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A piece in the documents.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub section: String,
    /// JSON Pointer into the documents.
    pub pointer: String,
    pub terms: Terms,
    /// The object without the fields that later events change.
    pub document: Value,
    /// Does the opportunité's company pay?
    pub company_pays: bool,
    /// Does somebody else pay in its place, so that it remains the buyer?
    pub in_place: bool,
    /// Only repeats a piece that was issued elsewhere.
    pub recalls: bool,
    /// Does the payer owe it? A credit note takes such a piece back.
    pub owed: bool,
    /// How attendance measures it.
    pub attended: Option<AttendedForm>,
}

/// All pieces and payments in the documents.
#[derive(Debug, Default)]
pub struct Told {
    pub pieces: Vec<Found>,
    /// Rows that will be pieces that are owed. They have no number yet.
    pub drafts: Vec<Found>,
    /// Payments in their order.
    pub payments: Vec<PaymentTerms>,
    /// Does a form declare payments?
    pub declares_payments: bool,
}

impl Told {
    /// Are there neither pieces, drafts nor payments?
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty() && self.drafts.is_empty() && self.payments.is_empty()
    }
}
