//! Lines, discounts, VAT and totals.

use serde::{Deserialize, Serialize};

use super::Period;

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
