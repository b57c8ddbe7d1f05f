//! The keywords `x-piece` and `x-payment` of a section's form. They are read and checked once, with the plugin's
//! definition.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::found::hundredths;
use crate::schema::resolved;

/// The declarations of one section's form.
#[derive(Debug, Default)]
pub struct Declared {
    pub(super) pieces: Vec<(Place, PieceForm)>,
    pub(super) payments: Vec<(Place, PaymentForm)>,
}

/// Where the objects are in the section's document: the document itself, or the rows of a field.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Place {
    Document,
    Rows(String),
}

/// `x-piece`: the meaning of the fields of an object. The object is a piece once it has a number and a day of issue.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PieceForm {
    pub kind: KindForm,
    /// A field. With a leading `/`, a field of the section's document.
    pub number: String,
    pub version: Option<String>,
    pub issued_on: String,
    pub due_on: Option<String>,
    pub payer: Option<PayerForm>,
    #[serde(default)]
    pub amounts: Vec<AmountForm>,
    /// The amounts as rows of the object, when their rates are not fixed.
    pub amount_rows: Option<AmountRows>,
    /// Default: the sums of `amounts`.
    pub net: Option<String>,
    pub vat: Option<String>,
    pub total: Option<String>,
    pub corrects: Option<String>,
    pub reason: Option<String>,
    pub lines: Option<LinesForm>,
    /// Name and field of further issued texts.
    #[serde(default)]
    pub references: BTreeMap<String, String>,
    /// Fields that later events change. They are not part of the issued content.
    #[serde(default)]
    pub follows: Vec<String>,
    /// The rows only repeat pieces that were issued elsewhere.
    #[serde(default)]
    pub recalls: bool,
    /// The move that corrects such a piece, wholly or in part.
    pub credited_by: Option<CreditMove>,
    /// Which pieces are asked for in advance, and which ones a piece deducts.
    pub advance: Option<AdvanceForm>,
    /// Attendance measures what such pieces bill together. More needs a reason.
    pub attended: Option<AttendedForm>,
    /// The move that a signed copy of such a piece allows.
    pub accepted_by: Option<AcceptMove>,
}

/// Deposits: pieces that are asked for before the service, and that the final piece deducts.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AdvanceForm {
    /// The flag of a deposit, and of a credit note for one.
    pub field: String,
    /// The rows of the deducted deposits, and their amounts.
    pub deducted: String,
    pub net: String,
    pub vat: String,
    pub total: String,
}

/// What attendance measures.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AttendedForm {
    /// Pointer into the documents: the net amount of the whole training.
    pub whole: String,
    /// The field for the reason to bill more than was attended: of the piece, and of the move that issues it.
    pub reason: String,
}

/// A transition that takes note of a signature, and the fields of its form.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AcceptMove {
    pub transition: String,
    /// The day of the signature.
    pub signed_on: String,
    /// Who signed.
    pub signatory: String,
}

/// A transition that issues a credit note, and the fields of its form.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreditMove {
    pub transition: String,
    /// The number of the corrected piece.
    pub piece: String,
    pub reason: String,
    /// The net amount to credit at each rate. Without any amount the move credits all that is left.
    pub amounts: Vec<CreditAmount>,
}

/// The field for the net amount at one rate.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreditAmount {
    /// Percent.
    pub rate: f64,
    pub net: String,
}

impl CreditMove {
    /// The field for the net amount at this rate, in hundredths of a percent.
    pub fn field(&self, rate: i64) -> Option<&str> {
        self.amounts.iter().find(|form| hundredths(form.rate) == rate).map(|form| form.net.as_str())
    }
}

/// A word, or the field that holds it.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum KindForm {
    Word(String),
    #[serde(rename_all = "camelCase")]
    Field {
        by: String,
    },
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PayerForm {
    pub kind: Option<String>,
    pub name: Option<String>,
    /// The word of `kind` for the opportunité's company. Without `kind` the company always pays.
    pub company: Option<String>,
    /// The SIRET of anybody else, by which the host finds its company.
    pub siret: Option<String>,
    /// The flag of a payer that pays in place of the opportunité's company, which remains the buyer.
    pub in_place: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AmountForm {
    /// Percent.
    pub rate: f64,
    pub net: String,
    pub vat: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AmountRows {
    pub rows: String,
    /// A field in hundredths of a percent.
    pub rate: String,
    pub net: String,
    pub vat: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct LinesForm {
    pub rows: String,
    pub label: String,
    pub quantity: Option<String>,
    pub unit_price: Option<String>,
    pub net: String,
    pub rate: Option<RateForm>,
}

/// A field and the percentage of each of its words, as in `x-computed`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RateForm {
    pub by: String,
    pub of: BTreeMap<String, f64>,
}

/// `x-payment`: the rows are payments in the order of recording. No row is ever removed.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PaymentForm {
    pub piece: String,
    pub paid_on: String,
    pub amount: String,
    pub mode: Option<String>,
    pub reference: Option<String>,
    /// A field with the row, from 1, of the payment that it reverses.
    pub reverses: Option<String>,
    pub reason: Option<String>,
    /// The move that records a payment.
    pub recorded_by: Option<PaymentMove>,
    /// The move that reverses one.
    pub reversed_by: Option<ReversalMove>,
}

/// A transition that records a payment, and the fields of its form.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PaymentMove {
    pub transition: String,
    /// The number of the piece that is paid.
    pub piece: String,
    pub amount: String,
    pub paid_on: String,
    pub mode: Option<String>,
    pub reference: Option<String>,
}

/// A transition that reverses a payment, and the fields of its form.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReversalMove {
    pub transition: String,
    /// The row, from 1, of the payment.
    pub position: String,
    pub amount: String,
    pub paid_on: String,
    pub reason: String,
}

impl Declared {
    /// Reads a form's declarations.
    ///
    /// # Errors
    /// The fault of a declaration: its shape, or a field that the form does not have.
    pub fn read(form: &Value) -> Result<Declared, String> {
        let mut declared = Declared::default();
        if let Some(piece) = form.get("x-piece") {
            let piece: PieceForm = parse("x-piece", piece)?;
            piece.check(form, form, form)?;
            declared.pieces.push((Place::Document, piece));
        }
        let none = Map::new();
        for (name, field) in form.get("properties").and_then(Value::as_object).unwrap_or(&none) {
            let rows = || resolved(form, field.get("items").unwrap_or(&Value::Null));
            if let Some(piece) = field.get("x-piece") {
                let piece: PieceForm = parse("x-piece", piece)?;
                piece.check(form, form, rows())?;
                declared.pieces.push((Place::Rows(name.clone()), piece));
            }
            if let Some(payment) = field.get("x-payment") {
                let payment: PaymentForm = parse("x-payment", payment)?;
                payment.check(rows())?;
                declared.payments.push((Place::Rows(name.clone()), payment));
            }
        }
        Ok(declared)
    }

    /// Are the pieces of this section owed? They are when it also has payments.
    pub fn owed(&self) -> bool {
        !self.payments.is_empty()
    }

    /// The move that records a payment in this section.
    pub fn recording(&self) -> Option<&PaymentMove> {
        self.payments.iter().find_map(|(_, form)| form.recorded_by.as_ref())
    }

    /// The move that reverses a payment of this section.
    pub fn reversing(&self) -> Option<&ReversalMove> {
        self.payments.iter().find_map(|(_, form)| form.reversed_by.as_ref())
    }

    /// The move that credits a piece of this section.
    pub fn crediting(&self) -> Option<&CreditMove> {
        self.pieces.iter().find_map(|(_, form)| form.credited_by.as_ref())
    }

    /// The move that a signed copy of a piece of this kind allows.
    pub fn accepting(&self, kind: &str) -> Option<&AcceptMove> {
        let fits = |form: &PieceForm| matches!(&form.kind, KindForm::Word(word) if word == kind);
        self.pieces.iter().find_map(|(_, form)| form.accepted_by.as_ref().filter(|_| fits(form)))
    }

    /// Are there no declarations?
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty() && self.payments.is_empty()
    }
}

fn parse<T: for<'a> Deserialize<'a>>(keyword: &str, value: &Value) -> Result<T, String> {
    T::deserialize(value).map_err(|error| format!("{keyword}: {error}"))
}

/// Is each of these a property of the object?
pub(crate) fn known<'a>(
    keyword: &str,
    object: &Value,
    fields: impl IntoIterator<Item = &'a String>,
) -> Result<(), String> {
    let properties = object.get("properties");
    for field in fields {
        if properties.and_then(|all| all.get(field)).is_none() {
            return Err(format!("{keyword} names {field}, which the form does not have"));
        }
    }
    Ok(())
}

impl PieceForm {
    fn check(&self, root: &Value, document: &Value, object: &Value) -> Result<(), String> {
        match self.number.strip_prefix('/') {
            Some(field) => known("x-piece", document, [&field.to_owned()])?,
            None => known("x-piece", object, [&self.number])?,
        }
        let payer = self.payer.iter().flat_map(|p| p.kind.iter().chain(&p.name).chain(&p.siret).chain(&p.in_place));
        let kind = match &self.kind {
            KindForm::Word(_) => None,
            KindForm::Field { by } => Some(by),
        };
        let single = [&self.version, &self.due_on, &self.net, &self.vat, &self.total, &self.corrects, &self.reason];
        let reason = self.attended.iter().map(|form| &form.reason);
        let fields = single.into_iter().flatten().chain([&self.issued_on]).chain(reason).chain(kind).chain(payer);
        known("x-piece", object, fields.chain(self.references.values()).chain(&self.follows))?;
        known("x-piece", object, self.amounts.iter().flat_map(|a| [&a.net].into_iter().chain(&a.vat)))?;
        let rows = |field: &String| -> Result<&Value, String> {
            known("x-piece", object, [field])?;
            let items = object.pointer(&format!("/properties/{field}/items")).unwrap_or(&Value::Null);
            Ok(resolved(root, items))
        };
        if let Some(amounts) = &self.amount_rows {
            known("x-piece", rows(&amounts.rows)?, [&amounts.rate, &amounts.net, &amounts.vat])?;
        }
        if let Some(advance) = &self.advance {
            known("x-piece", object, [&advance.field])?;
            known("x-piece", rows(&advance.deducted)?, [&advance.net, &advance.vat, &advance.total])?;
        }
        if let Some(lines) = &self.lines {
            let optional = lines.quantity.iter().chain(&lines.unit_price).chain(lines.rate.iter().map(|rate| &rate.by));
            known("x-piece", rows(&lines.rows)?, [&lines.label, &lines.net].into_iter().chain(optional))?;
        }
        Ok(())
    }
}

impl PaymentForm {
    fn check(&self, object: &Value) -> Result<(), String> {
        let optional = [&self.mode, &self.reference, &self.reverses, &self.reason].into_iter().flatten();
        known("x-payment", object, [&self.piece, &self.paid_on, &self.amount].into_iter().chain(optional))
    }
}
