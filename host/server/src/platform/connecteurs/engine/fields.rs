//! The fields a connector may fill, where they are stored, and how what a plugin sent is made safe. Plugins are not trusted
//! to know column widths: a value of the wrong type or length names its field instead of failing a transaction.

use afpi_db::{Row, Value as Sql};
use serde_json::Value;

use super::change::Fields;
use crate::crm::siret;
use crate::text::{Text, text};

/// What a value must look like.
#[derive(Clone, Copy)]
pub enum Shape {
    /// At most so many characters.
    Text(usize),
    Siren,
    Siret,
    /// A whole number from 0 to 10 million.
    Count,
    /// One of these words.
    Word(&'static [&'static str]),
}

/// A field by its flat name, its column and its shape.
pub struct Field {
    pub name: &'static str,
    pub column: &'static str,
    shape: Shape,
}

const fn field(name: &'static str, column: &'static str, shape: Shape) -> Field {
    Field { name, column, shape }
}

/// Fields of a company.
pub const ENTREPRISE: [Field; 18] = [
    field("name", "name", Shape::Text(200)),
    field("siret", "siret", Shape::Siret),
    field("siren", "siren", Shape::Siren),
    field("vatNumber", "vat_number", Shape::Text(20)),
    field("nafCode", "naf_code", Shape::Text(10)),
    field("nafNomenclature", "naf_nomenclature", Shape::Text(20)),
    field("idcc", "idcc", Shape::Text(10)),
    field("opco", "opco", Shape::Text(60)),
    field("kind", "kind", Shape::Word(&["tpe", "pme", "eti", "grande-entreprise", "association", "organisme-public"])),
    field("headcount", "headcount", Shape::Count),
    field("address.line1", "line1", Shape::Text(200)),
    field("address.line2", "line2", Shape::Text(200)),
    field("address.postcode", "postcode", Shape::Text(10)),
    field("address.city", "city", Shape::Text(120)),
    field("address.country", "country", Shape::Text(60)),
    field("phone", "phone", Shape::Text(40)),
    field("email", "email", Shape::Text(190)),
    field("website", "website", Shape::Text(250)),
];

/// Fields of a contact.
pub const CONTACT: [Field; 5] = [
    field("firstName", "first_name", Shape::Text(100)),
    field("lastName", "last_name", Shape::Text(100)),
    field("function", "job", Shape::Text(120)),
    field("email", "email", Shape::Text(190)),
    field("phone", "phone", Shape::Text(40)),
];

impl Field {
    /// The field's value in what a plugin sent: `address.city` is `city` within `address`.
    fn sent<'a>(&self, sent: &'a Fields) -> Option<&'a Value> {
        match self.name.split_once('.') {
            Some((outer, inner)) => sent.get(outer)?.get(inner),
            None => sent.get(self.name),
        }
    }

    /// The value as it is stored; `Err` when it is of another type, too long, or no number of its kind.
    fn clean(&self, value: &Value) -> Result<Option<Value>, ()> {
        if let Shape::Count = self.shape {
            return match value.as_i64() {
                _ if value.is_null() => Ok(None),
                Some(count) if (0..=10_000_000).contains(&count) => Ok(Some(count.into())),
                _ => Err(()),
            };
        }
        let text = match value {
            Value::Null => return Ok(None),
            Value::String(text) => text.trim(),
            _ => return Err(()),
        };
        let fits = match self.shape {
            _ if text.is_empty() => return Ok(None),
            Shape::Text(most) => text.chars().count() <= most && !text.chars().any(|c| c.is_control() && c != '\n'),
            Shape::Siren => siret::is_siren(text),
            Shape::Siret => siret::is_siret(text),
            Shape::Word(words) => words.contains(&text),
            Shape::Count => false,
        };
        if fits { Ok(Some(text.into())) } else { Err(()) }
    }
}

/// The known fields of what a plugin sent, flat and clean. Absent, null and empty mean the same: leave alone. Fields that are
/// not known are left out; one that cannot be stored is named.
pub fn read(table: &[Field], sent: &Fields) -> Result<Fields, Text> {
    let mut fields = Fields::new();
    for field in table {
        let Some(value) = field.sent(sent) else { continue };
        match field.clean(value) {
            Ok(Some(value)) => drop(fields.insert(field.name.into(), value)),
            Ok(None) => {}
            Err(()) => {
                let name = field.name;
                return Err(text(
                    format!("valeur inutilisable dans le champ {name}"),
                    format!("unusable value in the field {name}"),
                ));
            }
        }
    }
    Ok(fields)
}

/// The fields of a stored record that have a value.
pub fn stored(table: &[Field], row: &Row) -> afpi_db::Result<Fields> {
    let mut fields = Fields::new();
    for field in table {
        let value = match field.shape {
            Shape::Count => row.get::<Option<i64>>(field.column)?.map(Value::from),
            _ => row.get::<Option<String>>(field.column)?.map(Value::from),
        };
        if let Some(value) = value {
            fields.insert(field.name.into(), value);
        }
    }
    Ok(fields)
}

/// A JSON value for its column.
pub fn column(value: Option<&Value>) -> Sql {
    match value {
        Some(Value::String(text)) => text.into(),
        Some(Value::Number(number)) => number.as_i64().into(),
        Some(Value::Bool(flag)) => (*flag).into(),
        _ => Sql::Null,
    }
}

/// The wanted values that differ from what is there: how they are (null when there is none), and how they become.
pub fn differences(current: &Fields, wanted: &Fields) -> (Fields, Fields) {
    let (mut before, mut after) = (Fields::new(), Fields::new());
    for (name, value) in wanted {
        if current.get(name) != Some(value) {
            before.insert(name.clone(), current.get(name).cloned().unwrap_or(Value::Null));
            after.insert(name.clone(), value.clone());
        }
    }
    (before, after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(value: Value) -> Fields {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn what_was_sent_becomes_flat_and_nothing_empty_remains() {
        let sent = json!({"name": " ACME ", "siret": "73282932000074", "address": {"city": "Évry", "line1": ""}, "headcount": 12, "phone": null, "unknown": [1]});
        assert_eq!(
            read(&ENTREPRISE, &fields(sent)).unwrap(),
            fields(json!({"name": "ACME", "siret": "73282932000074", "headcount": 12, "address.city": "Évry"}))
        );
    }

    #[test]
    fn an_unusable_value_names_its_field() {
        for (sent, name) in [
            (json!({"name": 3}), "name"),
            (json!({"name": "x".repeat(201)}), "name"),
            (json!({"siret": "73282932000075"}), "siret"),
            (json!({"headcount": "12"}), "headcount"),
            (json!({"headcount": -1}), "headcount"),
            (json!({"kind": "huge"}), "kind"),
            (json!({"address": {"city": true}}), "address.city"),
            (json!({"phone": "01\u{0}02"}), "phone"),
        ] {
            let problem = read(&ENTREPRISE, &fields(sent.clone())).unwrap_err();
            assert!(problem.en.ends_with(name), "{sent}: {}", problem.en);
        }
    }

    #[test]
    fn only_what_differs_is_a_difference() {
        let current = fields(json!({"name": "A", "phone": "1"}));
        let (before, after) = differences(&current, &fields(json!({"name": "A", "phone": "2", "email": "x@y.fr"})));
        assert_eq!(before, fields(json!({"phone": "1", "email": null})));
        assert_eq!(after, fields(json!({"phone": "2", "email": "x@y.fr"})));
    }
}
