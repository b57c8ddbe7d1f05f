//! The invoice as EN 16931 sees it, with what French rules add. A plugin hands it over as JSON (camelCase, no unknown
//! field). BT-… and BG-… are the terms of the standard. `check` says what must hold; nothing here computes.
//!
//! Amounts are integer cents of euro. Quantities, prices and rates are integers too; each field names its unit.

mod amounts;
mod parties;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use amounts::*;
pub use parties::*;

/// An invoice, a credit note or a deposit invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Invoice {
    /// BT-24.
    pub profile: Profile,
    /// BT-23, the billing framework, e.g. `S1` (services), `S2` (paid), `S4` (final after deposit), `M1` (both).
    pub process: String,
    /// BT-1: at most 35 of `A-Za-z0-9+-_/`.
    pub number: String,
    /// BT-2.
    pub issued_on: NaiveDate,
    /// BT-3.
    pub kind: Kind,
    /// BT-9. Credit notes have none. Of a paid invoice (`S2`) it is the day of the payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
    /// Who the invoice is for. It becomes the note `BAR`.
    pub treatment: Treatment,
    /// The three notes each French invoice has.
    pub mentions: Mentions,
    /// BG-1: further notes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// BT-10: the buyer's reference (Chorus: the service code).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer_reference: Option<String>,
    /// BT-12: the convention.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// BT-13: the buyer's purchase order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// BT-18: the invoiced object, e.g. the number of the prise en charge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// BT-20: the terms of payment in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<String>,
    /// BG-3: the invoices that this one corrects or completes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preceding: Vec<Preceding>,
    /// BG-4.
    pub seller: Seller,
    /// BG-7.
    pub buyer: Party,
    /// EXT-FR-FE-43 … 49: a third party that pays, e.g. an OPCO under subrogation. Only in [`Profile::ExtendedCtcFr`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer: Option<Party>,
    /// BT-72: the day of the service, usually its last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_on: Option<NaiveDate>,
    /// BG-14: the period of the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// BG-16.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<Payment>,
    /// BT-8, code 5: the seller pays VAT on debits.
    #[serde(default)]
    pub on_debits: bool,
    /// BG-20: discounts on the whole document, one per VAT category and rate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowances: Vec<Allowance>,
    /// BG-25.
    pub lines: Vec<Line>,
    /// BG-23: one per category and rate.
    pub vat: Vec<VatBreakdown>,
    /// BG-22.
    pub totals: Totals,
}

/// The set of rules a file follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Profile {
    /// EN 16931, also the profile of a Factur-X PDF.
    #[serde(rename = "en16931")]
    En16931,
    /// The French extension: only as XML, not in a PDF.
    #[serde(rename = "extendedCtcFr")]
    ExtendedCtcFr,
}

/// BT-3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    #[serde(rename = "380")]
    Invoice,
    /// Amounts are positive.
    #[serde(rename = "381")]
    CreditNote,
    /// Replaces exactly one earlier invoice.
    #[serde(rename = "384")]
    Corrective,
    #[serde(rename = "386")]
    Deposit,
    #[serde(rename = "503")]
    DepositCreditNote,
}

impl Kind {
    /// Its code in UNTDID 1001.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Invoice => "380",
            Kind::CreditNote => "381",
            Kind::Corrective => "384",
            Kind::Deposit => "386",
            Kind::DepositCreditNote => "503",
        }
    }

    /// Whether it gives money back.
    pub fn credit(self) -> bool {
        matches!(self, Kind::CreditNote | Kind::DepositCreditNote)
    }
}

/// The note `BAR`: how the reform treats the invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Treatment {
    /// Between companies in France.
    #[serde(rename = "B2B")]
    B2b,
    /// To a company abroad.
    #[serde(rename = "B2BINT")]
    B2bInt,
    /// To a person.
    #[serde(rename = "B2C")]
    B2c,
    #[serde(rename = "OUTOFSCOPE")]
    OutOfScope,
    #[serde(rename = "ARCHIVEONLY")]
    ArchiveOnly,
}

impl Treatment {
    pub fn code(self) -> &'static str {
        match self {
            Treatment::B2b => "B2B",
            Treatment::B2bInt => "B2BINT",
            Treatment::B2c => "B2C",
            Treatment::OutOfScope => "OUTOFSCOPE",
            Treatment::ArchiveOnly => "ARCHIVEONLY",
        }
    }
}

/// What French law wants on each invoice (BR-FR-05). A person gets a text that says that it does not apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Mentions {
    /// Note `PMT`: the recovery fee of 40 €.
    pub recovery_fee: String,
    /// Note `PMD`: the penalties for late payment.
    pub late_penalty: String,
    /// Note `AAB`: the discount for early payment, or that there is none.
    pub early_discount: String,
}

/// BG-1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Note {
    /// BT-21, a code of UNTDID 4451, e.g. `REG`. Not one of those that [`Mentions`] and [`Treatment`] write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// BT-22.
    pub text: String,
}

/// BG-3.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Preceding {
    /// BT-25.
    pub number: String,
    /// BT-26. French rules require it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<NaiveDate>,
}

/// BG-14, BG-26: both days belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Period {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// BG-16, with BG-17 for a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Payment {
    /// BT-81.
    pub means: Means,
    /// BT-83: what the payer shall write on the payment, e.g. the invoice number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// BT-84, without spaces. A transfer needs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iban: Option<String>,
    /// BT-85.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_name: Option<String>,
    /// BT-86.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bic: Option<String>,
}

/// BT-81, codes of UNTDID 4461.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Means {
    #[serde(rename = "20")]
    Cheque,
    #[serde(rename = "30")]
    Transfer,
    #[serde(rename = "48")]
    Card,
    #[serde(rename = "58")]
    SepaTransfer,
}

impl Means {
    pub fn code(self) -> &'static str {
        match self {
            Means::Cheque => "20",
            Means::Transfer => "30",
            Means::Card => "48",
            Means::SepaTransfer => "58",
        }
    }
}
