//! The documents of the six sections: their fields, computed values and checks. They know no statuses and no roles.
//!
//! The JSON Schema of a form is derived from its struct. `faults` lists the contradictions that a document must never
//! have. `missing` lists what blocks the move to the next section.

pub mod collecte;
pub mod devis;
pub mod documents;
pub mod facturation;
pub mod inputs;
pub mod montage;
pub mod planification;
pub mod window;

use afpi_sdk::workflow::{FieldProblem, Result, Text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use collecte::Collecte;
pub use devis::Devis;
pub use documents::Documents;
pub use facturation::Facturation;
pub use montage::Montage;
pub use planification::Planification;
pub use window::Window;

/// All documents of one opportunité.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dossier {
    pub collecte: Collecte,
    pub devis: Devis,
    pub montage: Montage,
    pub planification: Planification,
    pub documents: Documents,
    pub facturation: Facturation,
    /// Documents of sections that this relay does not have. They stay unchanged.
    #[serde(flatten)]
    pub others: Map<String, Value>,
}

impl Dossier {
    /// # Errors
    /// When the stored documents do not have the shape of the forms.
    pub fn parse(json: &str) -> Result<Dossier> {
        if json.trim().is_empty() {
            return Ok(Dossier::default());
        }
        Ok(serde_json::from_str(json)?)
    }

    /// The documents as JSON text, without empty fields.
    ///
    /// # Errors
    /// Never in practice: everything here has a JSON form.
    pub fn to_json(&self) -> Result<String> {
        let mut value = serde_json::to_value(self)?;
        if let Some(sections) = value.as_object_mut() {
            sections.values_mut().for_each(without_nulls);
            sections.retain(|_, document| document.as_object().is_none_or(|fields| !fields.is_empty()));
        }
        Ok(value.to_string())
    }
}

/// Removes `null` values. A missing field means the same and is shorter.
fn without_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(without_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(without_nulls),
        _ => {}
    }
}

/// The text without surrounding blanks. `None` if nothing is left.
pub(crate) fn filled(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

/// A SIRET without the blanks that people write in it.
pub(crate) fn compact_siret(text: Option<String>) -> Option<String> {
    text.map(|text| text.split_whitespace().collect::<String>()).filter(|text| !text.is_empty())
}

/// The problem of a SIRET without its 14 digits. The host looks the company up by it.
pub(crate) fn wrong_siret(field: String, siret: &Option<String>) -> Option<FieldProblem> {
    let siret = compact_siret(siret.clone())?;
    let right = siret.len() == 14 && siret.bytes().all(|byte| byte.is_ascii_digit());
    (!right).then(|| problem(field, "siret-format", "Un SIRET compte 14 chiffres", "A SIRET has 14 digits"))
}

pub(crate) fn problem(
    field: impl Into<String>,
    code: &str,
    fr: impl Into<String>,
    en: impl Into<String>,
) -> FieldProblem {
    FieldProblem::new(field, code, Text::new(fr, en))
}
