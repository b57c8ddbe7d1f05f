//! Reads pieces and payments from the documents, as the forms declare them. An object without the declared shape is
//! ignored: the plugin's form has been checked before.

use serde_json::{Map, Value};

use super::declared::{AdvanceForm, Declared, KindForm, PayerForm, PaymentForm, PieceForm, Place, RateForm};
use super::{Amount, Deducted, Found, Line, PaymentTerms, Terms, Told};
use afpi_core::money::Money;

type Object = Map<String, Value>;

impl Declared {
    /// Adds the pieces and payments of this section's document.
    pub fn collect(&self, section: &str, document: &Object, told: &mut Told) {
        for (place, form) in &self.pieces {
            for (pointer, object) in objects(place, section, document) {
                let Some(found) = form.found(section, pointer, document, object) else { continue };
                let found = Found { owed: self.owed() && !form.recalls, ..found };
                match found.terms.number.is_empty() || found.terms.issued_on.is_empty() {
                    false => told.pieces.push(found),
                    true if found.owed && matches!(place, Place::Rows(_)) => told.drafts.push(found),
                    true => {}
                }
            }
        }
        for (place, form) in &self.payments {
            told.declares_payments = true;
            told.payments.extend(objects(place, section, document).map(|(_, row)| form.terms(row)));
        }
    }

    /// Do the documents list every piece of this kind that was ever issued? They do when pieces are rows.
    pub fn lists(&self, kind: &str) -> bool {
        self.pieces.iter().any(|(place, form)| {
            matches!(place, Place::Rows(_))
                && !form.recalls
                && match &form.kind {
                    KindForm::Word(word) => word == kind,
                    KindForm::Field { .. } => true,
                }
        })
    }
}

fn objects<'a>(
    place: &'a Place,
    section: &str,
    document: &'a Object,
) -> impl Iterator<Item = (String, &'a Object)> + use<'a> {
    let section = section.replace('~', "~0").replace('/', "~1");
    let (own, rows) = match place {
        Place::Document => (Some((format!("/{section}"), document)), None),
        Place::Rows(field) => (None, document.get(field).and_then(Value::as_array).map(|rows| (field, rows))),
    };
    let rows = rows.into_iter().flat_map(move |(field, rows)| {
        let at = format!("/{section}/{}", field.replace('~', "~0").replace('/', "~1"));
        rows.iter().enumerate().filter_map(move |(i, row)| Some((format!("{at}/{i}"), row.as_object()?)))
    });
    own.into_iter().chain(rows)
}

fn text(object: &Object, field: &str) -> Option<String> {
    let value = object.get(field)?.as_str()?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

fn optional(object: &Object, field: &Option<String>) -> Option<String> {
    field.as_deref().and_then(|field| text(object, field))
}

fn flag(object: &Object, field: &Option<String>) -> bool {
    field.as_deref().is_some_and(|field| object.get(field) == Some(&Value::Bool(true)))
}

fn whole(object: &Object, field: &str) -> Option<i64> {
    object.get(field).and_then(Value::as_i64)
}

fn amount(object: &Object, field: &str) -> Option<Money> {
    whole(object, field).map(Money::from_cents)
}

/// Percent as hundredths of a percent.
pub(super) fn hundredths(percent: f64) -> i64 {
    (percent * 100.0).round() as i64
}

impl AdvanceForm {
    /// The deducted deposits, added up. `None` without any.
    fn deducted_of(&self, object: &Object) -> Option<Deducted> {
        let sum = |field: &str| rows(object, &self.deducted).filter_map(|row| amount(row, field)).sum::<Money>();
        let deducted = Deducted { net: sum(&self.net), vat: sum(&self.vat), total: sum(&self.total) };
        (deducted.total != Money::ZERO).then_some(deducted)
    }
}

impl PieceForm {
    /// The object as a piece. A draft has no number or no day of issue. `None` when its kind is unknown.
    fn found(&self, section: &str, pointer: String, document: &Object, object: &Object) -> Option<Found> {
        let number = match self.number.strip_prefix('/') {
            Some(field) => text(document, field),
            None => text(object, &self.number),
        }
        .unwrap_or_default();
        let amounts = self.amounts_of(object);
        let sum = |of: fn(&Amount) -> Money| amounts.iter().map(of).sum::<Money>();
        let given = |field: &Option<String>| field.as_deref().and_then(|field| amount(object, field));
        let net = given(&self.net).unwrap_or_else(|| sum(|a| a.net));
        let vat = given(&self.vat).unwrap_or_else(|| sum(|a| a.vat));
        let payer_kind = self.payer.as_ref().and_then(|payer| optional(object, &payer.kind));
        let company_pays = self.payer.as_ref().is_some_and(|payer| payer.is_company(payer_kind.as_deref()));
        let other = self.payer.as_ref().filter(|_| !company_pays);
        let terms = Terms {
            kind: match &self.kind {
                KindForm::Word(word) => word.clone(),
                KindForm::Field { by } => text(object, by)?,
            },
            number,
            version: self.version.as_deref().and_then(|field| whole(object, field)).unwrap_or(1),
            issued_on: text(object, &self.issued_on).unwrap_or_default(),
            due_on: optional(object, &self.due_on),
            payer_name: self.payer.as_ref().and_then(|payer| optional(object, &payer.name)),
            payer_siret: other.and_then(|payer| optional(object, &payer.siret)),
            corrects: optional(object, &self.corrects),
            reason: optional(object, &self.reason),
            net,
            vat,
            total: given(&self.total).unwrap_or(net + vat),
            lines: self.lines_of(object),
            references: self
                .references
                .iter()
                .filter_map(|(name, field)| Some((name.clone(), text(object, field)?)))
                .collect(),
            amounts,
            payer_kind: payer_kind.clone(),
            advance: self.advance.as_ref().is_some_and(|form| object.get(&form.field) == Some(&Value::Bool(true))),
            deducted: self.advance.as_ref().and_then(|form| form.deducted_of(object)),
        };
        let issued = object.iter().filter(|(name, _)| !self.follows.contains(name));
        Some(Found {
            section: section.to_owned(),
            pointer,
            terms,
            document: issued.map(|(name, value)| (name.clone(), value.clone())).collect::<Object>().into(),
            company_pays,
            in_place: other.is_some_and(|payer| flag(object, &payer.in_place)),
            recalls: self.recalls,
            owed: false,
            attended: self.attended.clone(),
        })
    }

    fn amounts_of(&self, object: &Object) -> Vec<Amount> {
        let fixed = self.amounts.iter().map(|form| Amount {
            rate: hundredths(form.rate),
            net: amount(object, &form.net).unwrap_or_default(),
            vat: form.vat.as_deref().and_then(|field| amount(object, field)).unwrap_or_default(),
        });
        let rows = self.amount_rows.iter().flat_map(|form| {
            rows(object, &form.rows).map(|row| Amount {
                rate: whole(row, &form.rate).unwrap_or_default(),
                net: amount(row, &form.net).unwrap_or_default(),
                vat: amount(row, &form.vat).unwrap_or_default(),
            })
        });
        let mut amounts: Vec<Amount> =
            fixed.chain(rows).filter(|a| (a.net, a.vat) != (Money::ZERO, Money::ZERO)).collect();
        amounts.sort_by_key(|amount| amount.rate);
        amounts
    }

    fn lines_of(&self, object: &Object) -> Vec<Line> {
        let Some(form) = &self.lines else { return Vec::new() };
        rows(object, &form.rows)
            .map(|row| Line {
                label: text(row, &form.label).unwrap_or_default(),
                quantity: form
                    .quantity
                    .as_deref()
                    .and_then(|field| row.get(field)?.as_f64())
                    .map(|quantity| (quantity * 1000.0).round() as i64),
                unit_price: form.unit_price.as_deref().and_then(|field| amount(row, field)),
                net: amount(row, &form.net).unwrap_or_default(),
                rate: form.rate.as_ref().and_then(|rate| rate.of(row)),
            })
            .collect()
    }
}

fn rows<'a>(object: &'a Object, field: &str) -> impl Iterator<Item = &'a Object> {
    object.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

impl PayerForm {
    fn is_company(&self, kind: Option<&str>) -> bool {
        self.kind.is_none() || (kind.is_some() && kind == self.company.as_deref())
    }
}

impl RateForm {
    fn of(&self, row: &Object) -> Option<i64> {
        self.of.get(row.get(&self.by)?.as_str()?).copied().map(hundredths)
    }
}

impl PaymentForm {
    fn terms(&self, row: &Object) -> PaymentTerms {
        PaymentTerms {
            piece: text(row, &self.piece).unwrap_or_default(),
            paid_on: text(row, &self.paid_on).unwrap_or_default(),
            amount: amount(row, &self.amount).unwrap_or_default(),
            mode: optional(row, &self.mode),
            reference: optional(row, &self.reference),
            reverses: self.reverses.as_deref().and_then(|field| whole(row, field)),
            reason: optional(row, &self.reason),
        }
    }
}
