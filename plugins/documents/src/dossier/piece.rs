//! Frozen pieces, as the host's tables keep them: a quote, an invoice, a credit note.

use serde::Deserialize;
use serde_json::Value;

use super::{Company, filled};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Piece {
    pub id: Option<String>,
    /// `devis`, `facture`, `acompte` (a deposit invoice) or `avoir`.
    pub kind: Option<String>,
    pub number: Option<String>,
    pub version: Option<i64>,
    pub issued_on: Option<String>,
    pub due_on: Option<String>,
    pub payer: Option<Payer>,
    pub net: i64,
    pub vat: i64,
    pub total: i64,
    pub amounts: Vec<Amount>,
    pub lines: Vec<Line>,
    /// The invoice that a credit note corrects.
    pub corrects: Option<String>,
    pub corrects_issued_on: Option<String>,
    /// The kind of the corrected piece, `facture` when absent.
    pub corrects_kind: Option<String>,
    /// The deposit invoices that this final invoice deducts. Without them the frozen object is asked.
    pub deposits: Vec<Deposit>,
    /// Who buys when another pays in its place: subrogation as the standard knows it (XP Z12-014). Absent: the payer is
    /// the buyer.
    pub buyer: Option<Company>,
    pub reason: Option<String>,
    /// Further issued texts, e.g. an order number. Without them the frozen object is asked.
    pub references: Value,
    /// The whole frozen object of the section document.
    pub content: Value,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Payer {
    /// `entreprise`, `opco`, …
    pub kind: Option<String>,
    pub name: Option<String>,
    pub company: Option<Company>,
}

/// The sums of one VAT rate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Amount {
    /// Hundredths of a percent; 0 is exempt.
    pub rate: i64,
    pub net: i64,
    pub vat: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Line {
    pub label: String,
    /// Thousandths.
    pub quantity: i64,
    /// `heure`, `jour`, `stagiaire` or `forfait`.
    pub unit: Option<String>,
    pub unit_price: i64,
    pub net: i64,
    pub rate: i64,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Payment {
    /// The id of the piece that is paid.
    pub piece_id: Option<String>,
    pub paid_on: Option<String>,
    pub amount: i64,
    pub mode: Option<String>,
    pub reference: Option<String>,
}

/// An unpaid piece that a reminder is about, perhaps of another opportunité than the document.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Claim {
    #[serde(flatten)]
    pub piece: Piece,
    /// Those of this piece.
    pub payments: Vec<Payment>,
    /// What credit notes took back.
    pub credited: i64,
}

/// A deposit invoice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Deposit {
    #[serde(alias = "numero")]
    pub number: Option<String>,
    #[serde(alias = "emiseLe")]
    pub issued_on: Option<String>,
    /// With VAT.
    #[serde(alias = "totalTtc")]
    pub total: i64,
}

impl Piece {
    /// Whether it asks for a deposit, or gives one back.
    pub fn is_deposit(&self) -> bool {
        let nature = filled(&self.kind).or_else(|| self.content.get("nature").and_then(Value::as_str));
        let frozen = self.content.get("acompte").and_then(Value::as_bool) == Some(true);
        nature == Some("acompte") || frozen || filled(&self.corrects_kind) == Some("acompte")
    }

    /// The deposits that are deducted.
    pub fn deposits(&self) -> Vec<Deposit> {
        let frozen = || serde_json::from_value(self.content.get("acomptes")?.clone()).ok();
        if self.deposits.is_empty() { frozen().unwrap_or_default() } else { self.deposits.clone() }
    }

    /// What they come to.
    pub fn deducted(&self) -> i64 {
        self.deposits().iter().map(|deposit| deposit.total).sum()
    }

    /// The sums by rate, without those of 0 €.
    pub fn amounts(&self) -> Vec<Amount> {
        self.amounts.iter().copied().filter(|amount| (amount.net, amount.vat) != (0, 0)).collect()
    }

    /// A reference that the piece carries, e.g. `bonCommande`.
    pub fn reference(&self, name: &str) -> Option<&str> {
        let found = self.references.get(name).or_else(|| self.content.get(name));
        let text = found?.as_str()?.trim();
        (!text.is_empty()).then_some(text)
    }

    /// The payer's name.
    pub fn payer_name(&self) -> Option<&str> {
        let payer = self.payer.as_ref()?;
        filled(&payer.name).or_else(|| payer.company.as_ref().and_then(|company| filled(&company.name)))
    }

    /// Whether a company pays, and no public or social body.
    pub fn paid_by_company(&self) -> bool {
        let kind = self.payer.as_ref().and_then(|payer| filled(&payer.kind));
        kind.is_none_or(|kind| kind == "entreprise")
    }

    /// Its lines. Those of a quote get their unit from the frozen object. A piece without lines has one per rate.
    pub fn lines(&self, exempt_label: &str, taxed_label: &str) -> Vec<Line> {
        if self.lines.is_empty() {
            let label = |rate: i64| if rate == 0 { exempt_label } else { taxed_label };
            let line = |amount: &Amount| Line {
                label: label(amount.rate).into(),
                quantity: 1000,
                unit: Some("forfait".into()),
                unit_price: amount.net,
                net: amount.net,
                rate: amount.rate,
            };
            return self.amounts.iter().filter(|amount| amount.net != 0).map(line).collect();
        }
        let frozen = self.content.get("lignes").and_then(Value::as_array);
        let unit = |row: usize| Some(frozen?.get(row)?.get("unite")?.as_str()?.to_string());
        let mut lines = self.lines.clone();
        for (row, line) in lines.iter_mut().enumerate() {
            if line.quantity == 0 {
                (line.quantity, line.unit_price) = (1000, line.net);
            }
            line.unit = line.unit.take().or_else(|| unit(row));
        }
        lines
    }
}
