//! The invoice as EN 16931 sees it, with what French rules add. A plugin hands it over as JSON (camelCase, no unknown
//! field). BT-… and BG-… are the terms of the standard. `check` says what must hold; nothing here computes.
//!
//! Amounts are integer cents of euro. Quantities, prices and rates are integers too; each field names its unit.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

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

/// BG-4: the legal entity that issues.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Seller {
    pub party: Party,
    /// BT-32: the SIREN of a body without VAT number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_registration: Option<String>,
    /// BT-33: form, capital, declaration number (NDA).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_text: Option<String>,
}

/// BG-4, BG-7 or a payer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Party {
    /// BT-27, BT-44.
    pub name: String,
    /// BT-29, BT-46: 14 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub siret: Option<String>,
    /// BT-30, BT-47: 9 digits. A person has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub siren: Option<String>,
    /// BT-31, BT-48.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vat_number: Option<String>,
    /// BT-34, BT-49. Compulsory for seller and buyer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub electronic_address: Option<ElectronicAddress>,
    pub address: Address,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
}

/// BT-34, BT-49.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ElectronicAddress {
    /// A code of the list EAS: `0225` for an address in the French directory, `EM` for an e-mail address.
    pub scheme: String,
    /// With `0225` it begins with the SIREN.
    pub value: String,
}

/// BG-5, BG-8.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Address {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line1: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// BT-40, BT-55: two letters of ISO 3166.
    pub country: String,
}

/// BG-6, BG-9.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Contact {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
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

/// BT-95/96, BT-118/119, BT-151/152.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Vat {
    pub category: Category,
    /// Hundredths of a percent: 20 % is 2000. 0 unless the category is `S`.
    pub rate: u32,
}

/// Codes of UNTDID 5305.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Category {
    /// Taxed.
    S,
    /// Exempt, as training is.
    E,
    /// Outside the scope of VAT, e.g. a dédit.
    O,
}

impl Category {
    pub fn code(self) -> &'static str {
        match self {
            Category::S => "S",
            Category::E => "E",
            Category::O => "O",
        }
    }
}

/// BG-20.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Allowance {
    /// BT-92, cents, positive.
    pub amount: i64,
    /// BT-97.
    pub reason: String,
    pub vat: Vat,
}

/// BG-25.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Line {
    /// BT-126: unique in the invoice.
    pub id: String,
    /// BT-153.
    pub name: String,
    /// BT-154: session, trainees, hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// BT-129, ten-thousandths: 35 h is 350000.
    pub quantity: i64,
    /// BT-130.
    pub unit: Unit,
    /// BT-146, millionths of a euro: 45,50 € is 45500000.
    pub price: i64,
    /// BG-27.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowances: Vec<LineAllowance>,
    /// BT-131, cents: quantity × price, rounded half up, less the discounts.
    pub net: i64,
    pub vat: Vat,
    /// BG-26.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
}

/// BG-27.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LineAllowance {
    /// BT-136, cents, positive.
    pub amount: i64,
    /// BT-139.
    pub reason: String,
}

/// BT-130, codes of UN/ECE Recommendation 20.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    #[serde(rename = "HUR")]
    Hour,
    #[serde(rename = "DAY")]
    Day,
    /// One, e.g. a person or a file.
    #[serde(rename = "C62")]
    One,
    /// A flat sum.
    #[serde(rename = "LS")]
    LumpSum,
}

impl Unit {
    pub fn code(self) -> &'static str {
        match self {
            Unit::Hour => "HUR",
            Unit::Day => "DAY",
            Unit::One => "C62",
            Unit::LumpSum => "LS",
        }
    }
}

/// BG-23.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VatBreakdown {
    pub vat: Vat,
    /// BT-116, cents.
    pub base: i64,
    /// BT-117, cents: base × rate, rounded half up, once.
    pub amount: i64,
    /// BT-120: why no VAT is due, e.g. the article of the CGI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// BT-121: e.g. `VATEX-FR-CGI261-4`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_code: Option<String>,
}

/// BG-22, cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Totals {
    /// BT-106: Σ of the lines.
    pub lines: i64,
    /// BT-107: Σ of the discounts on the document.
    #[serde(default)]
    pub allowances: i64,
    /// BT-109.
    pub net: i64,
    /// BT-110.
    pub vat: i64,
    /// BT-112.
    pub total: i64,
    /// BT-113: paid before.
    #[serde(default)]
    pub prepaid: i64,
    /// BT-115: what is left to pay.
    pub due: i64,
}
