//! Sessions in a workflow's documents. With `x-session` a section's form declares which fields are the number of a
//! training session and its half-days. The host knows this keyword and no word of the workflow. `crm/sessions` keeps
//! its records in step with the documents.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::pieces::known;
use crate::schema::resolved;
use afpi_core::clock::Day;

/// `x-session`: the meaning of the fields of a section's document.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionForm {
    /// The field with the session's number.
    number: String,
    half_days: HalfDaysForm,
}

/// The field whose rows are half-days, and the fields of a row.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct HalfDaysForm {
    rows: String,
    /// An ISO day.
    day: String,
    /// `am` or `pm`, as in bookings.
    half: String,
    trainer: Option<String>,
    room: Option<String>,
}

/// What a document says about its session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Planned {
    pub number: Option<String>,
    /// In the order of the document.
    pub half_days: Vec<PlannedHalfDay>,
}

/// One row of a planning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedHalfDay {
    pub day: Day,
    /// `am` or `pm`.
    pub half: String,
    /// The id of a trainer or of a room, or a text.
    pub trainer: Option<String>,
    pub room: Option<String>,
}

impl SessionForm {
    /// Reads a form's declaration.
    ///
    /// # Errors
    /// The fault of the declaration: its shape, or a field that the form does not have.
    pub fn read(form: &Value) -> Result<Option<SessionForm>, String> {
        let Some(declared) = form.get("x-session") else { return Ok(None) };
        let session = SessionForm::deserialize(declared).map_err(|error| format!("x-session: {error}"))?;
        let rows = &session.half_days;
        known("x-session", form, [&session.number, &rows.rows])?;
        let items = form.pointer(&format!("/properties/{}/items", rows.rows)).unwrap_or(&Value::Null);
        let optional = rows.trainer.iter().chain(&rows.room);
        known("x-session", resolved(form, items), [&rows.day, &rows.half].into_iter().chain(optional))?;
        Ok(Some(session))
    }

    /// The session of a document. Rows without a day or a half are left out: the plugin reports them.
    pub fn planned(&self, document: &Map<String, Value>) -> Planned {
        let form = &self.half_days;
        let rows = document.get(&form.rows).and_then(Value::as_array).into_iter().flatten();
        let half_day = |row: &Map<String, Value>| {
            let optional = |field: &Option<String>| field.as_deref().and_then(|field| text(row, field));
            Some(PlannedHalfDay {
                day: text(row, &form.day)?.parse().ok()?,
                half: text(row, &form.half).filter(|half| matches!(half.as_str(), "am" | "pm"))?,
                trainer: optional(&form.trainer),
                room: optional(&form.room),
            })
        };
        Planned {
            number: text(document, &self.number),
            half_days: rows.filter_map(Value::as_object).filter_map(half_day).collect(),
        }
    }
}

fn text(object: &Map<String, Value>, field: &str) -> Option<String> {
    let value = object.get(field)?.as_str()?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form() -> Value {
        json!({
            "x-session": {"number": "no", "halfDays": {"rows": "days", "day": "on", "half": "half", "trainer": "who"}},
            "properties": {"no": {}, "days": {"items": {"$ref": "#/$defs/day"}}},
            "$defs": {"day": {"properties": {"on": {}, "half": {}, "who": {}}}},
        })
    }

    #[test]
    fn a_declaration_names_fields_of_the_form() {
        assert!(SessionForm::read(&json!({})).unwrap().is_none());
        assert!(SessionForm::read(&form()).unwrap().is_some());
        let mut wrong = form();
        wrong["x-session"]["halfDays"]["room"] = json!("where");
        assert!(SessionForm::read(&wrong).unwrap_err().contains("where"));
        wrong["x-session"] = json!({"number": "no"});
        assert!(SessionForm::read(&wrong).unwrap_err().starts_with("x-session"));
    }

    #[test]
    fn a_document_says_number_and_half_days() {
        let form = SessionForm::read(&form()).unwrap().unwrap();
        let document = json!({"no": " S-1 ", "days": [
            {"on": "2027-03-09", "half": "am", "who": "x"}, {"on": "", "half": "pm"}, {"on": "2027-03-09", "half": "noon"},
        ]});
        let half_day = PlannedHalfDay {
            day: "2027-03-09".parse().unwrap(),
            half: "am".into(),
            trainer: Some("x".into()),
            room: None,
        };
        let planned = form.planned(document.as_object().unwrap());
        assert_eq!(planned, Planned { number: Some("S-1".into()), half_days: vec![half_day] });
        assert_eq!(form.planned(&Map::new()), Planned::default());
    }
}
