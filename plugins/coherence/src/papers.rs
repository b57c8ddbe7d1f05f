//! The documents of an opportunité: the sections of the workflow, issued pieces, composed documents. Another workflow may
//! have other forms, so each value is read alone, and one of another shape is unknown.

use afpi_sdk::calendar::Date;
use serde_json::Value;

use crate::facts::{Document, Half, Opportunite, Piece};
use crate::words;

/// The payer whose rules the law tells.
pub const OPCO: &str = "opco";

/// A funding line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Funder<'a> {
    /// Its place in the form.
    pub row: usize,
    pub payer: &'a str,
    pub name: &'a str,
    pub filed: Option<Date>,
    /// Cents. 0: refused.
    pub agreed: Option<i64>,
}

impl Opportunite {
    fn at(&self, pointer: &str) -> Option<&Value> {
        self.data.pointer(pointer)
    }

    fn day(&self, pointer: &str) -> Option<Date> {
        day(self.at(pointer)?)
    }

    fn rows(&self, pointer: &str) -> &[Value] {
        self.at(pointer).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }

    /// Was it given up?
    pub fn cancelled(&self) -> bool {
        self.status.as_deref() == Some("annule")
    }

    /// The day on which the customer accepted the quote.
    pub fn accepted(&self) -> Option<Date> {
        self.day("/devis/accepteLe")
    }

    pub fn quote_number(&self) -> Option<&str> {
        text(self.at("/devis/numero")?)
    }

    /// The price of the whole training, in cents.
    pub fn quoted(&self) -> Option<i64> {
        self.at("/devis/totalHt")?.as_i64().filter(|net| *net > 0)
    }

    pub fn convention_signed(&self) -> Option<Date> {
        self.day("/documents/conventionSigneeLe")
    }

    /// The hours done that the invoicing form declares, in minutes.
    pub fn declared_minutes(&self) -> Option<i64> {
        let hours = self.at("/facturation/heuresRealisees")?.as_f64()?;
        (0.0..1_000_000.0).contains(&hours).then(|| (hours * 60.0).round() as i64)
    }

    /// Has it a planning of its own?
    pub fn plans(&self) -> bool {
        !self.rows("/planification/sessions").is_empty()
    }

    /// The days of its own planning.
    pub fn planned_days(&self) -> impl Iterator<Item = Date> {
        self.rows("/planification/sessions").iter().filter_map(|row| day(row.get("jour")?))
    }

    /// The half-days that somebody planned on a holiday for a reason.
    pub fn excused(&self) -> impl Iterator<Item = (Date, Option<Half>)> {
        let rows = self.rows("/planification/sessions").iter();
        rows.filter(|row| row.get("motifFerie").and_then(text).is_some()).filter_map(|row| {
            let half = row.get("demi").and_then(|half| serde_json::from_value(half.clone()).ok());
            Some((day(row.get("jour")?)?, half))
        })
    }

    /// Its funding lines. A payer that is not known is empty.
    pub fn funders(&self) -> impl Iterator<Item = Funder<'_>> {
        self.rows("/montage/financeurs").iter().enumerate().map(|(row, line)| {
            let payer = line.get("payeur").and_then(text).unwrap_or_default();
            Funder {
                row,
                payer,
                name: line.get("organisme").and_then(text).unwrap_or(payer),
                filed: line.get("deposeLe").and_then(day),
                agreed: line.get("montantAccorde").and_then(Value::as_i64),
            }
        })
    }

    /// What its OPCO agreed, in cents. `None` if none was asked, or one has not answered, or a line has no payer.
    pub fn agreed_by_opco(&self) -> Option<i64> {
        let lines = || self.funders().filter(|line| line.payer == OPCO);
        let known = lines().next().is_some() && self.funders().all(|line| !line.payer.is_empty());
        known.then(|| lines().map(|line| line.agreed).sum()).flatten()
    }
}

impl Piece {
    /// Is its content there, which has the reasons?
    pub fn known(&self) -> bool {
        self.content.is_object()
    }

    pub fn payer(&self) -> Option<&str> {
        text(self.content.get("payeur")?)
    }

    /// A deposit, or a credit note for one.
    pub fn advance(&self) -> bool {
        self.kind == "acompte" || self.content.get("acompte").and_then(Value::as_bool).unwrap_or_default()
    }

    /// The reason that somebody gave in this field when it was issued.
    pub fn reason(&self, field: &str) -> Option<&str> {
        text(self.content.get(field)?)
    }

    pub fn named(&self) -> &str {
        self.number.as_deref().unwrap_or_default()
    }
}

impl Document {
    /// A draft proves nothing, nor does a document that does not say whether it is one.
    pub fn draft(&self) -> bool {
        let frame = self.content.get("doc").filter(|frame| frame.is_object());
        frame.is_none_or(|frame| frame.get("watermark").is_some_and(|mark| !mark.is_null()))
    }

    /// The number, or the title of a document without one.
    pub fn named(&self) -> &str {
        let number = self.content.pointer("/doc/number").and_then(text);
        number.or(self.title.as_deref()).unwrap_or_default()
    }

    /// The value with one of these labels in a list of facts.
    fn fact(&self, list: &str, labels: [&str; 2]) -> Option<&str> {
        let rows = self.content.get(list)?.as_array()?;
        let label = |row: &&Value| row.get("label").and_then(text).is_some_and(|label| labels.contains(&label));
        text(rows.iter().find(label)?.get("value")?)
    }

    /// The title of the training on an agreement.
    pub fn agreed_title(&self) -> Option<&str> {
        self.fact("action", ["Intitulé", "Title"]).filter(|title| !words::fold(title).is_empty())
    }

    /// The hours of one trainee on an agreement that counts half-days: `35,00 h par stagiaire, en 10 demi-journées`. An
    /// agreement older than the planning tells hours of the quote, which may be those of a group.
    pub fn agreed_hours(&self) -> Option<i64> {
        let text = self.fact("action", ["Durée", "Duration"])?;
        let counted = ["par stagiaire, en ", "per trainee, in "].iter().any(|words| text.contains(words));
        counted.then(|| words::hours(text)).flatten()
    }

    /// The title of the training on a certificate.
    pub fn certified_title(&self) -> Option<&str> {
        text(self.content.get("followed")?).filter(|title| !words::fold(title).is_empty())
    }

    /// The hours that a certificate or an attestation proves.
    pub fn certified_hours(&self) -> Option<i64> {
        match self.kind.as_str() {
            "certificat" => words::hours(text(self.content.get("lasted")?)?),
            "attestation" => words::hours(self.fact("sums", ["Heures suivies", "Hours attended"])?),
            _ => None,
        }
    }

    /// The trainee hours on an invoice.
    pub fn invoiced_hours(&self) -> Option<i64> {
        words::hours(self.fact("training", ["Heures-stagiaires réalisées", "Trainee hours delivered"])?)
    }
}

fn text(value: &Value) -> Option<&str> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty())
}

fn day(value: &Value) -> Option<Date> {
    value.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A document as the bundled plugin of documents composes it.
    fn composed(kind: &str, json: &str) -> Document {
        let content: Value = serde_json::from_str(json).unwrap();
        serde_json::from_value(serde_json::json!({"id": "d", "kind": kind, "number": 7, "content": content})).unwrap()
    }

    #[test]
    fn composed_documents_are_read() {
        let convention = composed("convention", include_str!("../../documents/templates/examples/convention.json"));
        assert_eq!(convention.agreed_title(), Some("Soudage TIG – perfectionnement"));
        assert_eq!(
            (convention.agreed_hours(), convention.named(), convention.draft()),
            (Some(3500), "CONV-2026-118", false)
        );
        let contrat = composed("contrat", include_str!("../../documents/templates/examples/contrat.json"));
        assert_eq!(contrat.agreed_title(), convention.agreed_title());
        let certificat = composed("certificat", include_str!("../../documents/templates/examples/certificat.json"));
        assert_eq!(
            (certificat.certified_title(), certificat.certified_hours()),
            (convention.agreed_title(), Some(3150))
        );
        let attestation = composed("attestation", include_str!("../../documents/templates/examples/attestation.json"));
        assert_eq!(attestation.certified_hours(), Some(3150));
        let facture = composed("facture", include_str!("../../documents/templates/examples/facture.json"));
        assert!(facture.invoiced_hours().is_some());
    }

    #[test]
    fn hours_of_an_agreement_without_half_days_are_not_read() {
        let said = |text: &str| {
            composed("convention", &serde_json::json!({"action": [{"label": "Durée", "value": text}]}).to_string())
        };
        assert_eq!(said("140,00 h par stagiaire").agreed_hours(), None);
        assert_eq!(said("35,00 h par stagiaire, en 10 demi-journées").agreed_hours(), Some(3500));
    }
}
