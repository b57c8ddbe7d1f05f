//! Reads the values that connectors and imports bring for companies and contacts. Each value is read by the same type
//! as in a person's request, so a value of the wrong type or length names its field instead of failing a transaction.

use afpi_db::{Row, Value as Sql};
use serde_json::{Map, Value};

pub use super::description::{BROUGHT as ENTREPRISE, CONTACT_BROUGHT as CONTACT};
use super::limits::Headcount;
pub use crate::description::Field;
use crate::description::Shape;
use afpi_core::email;
use afpi_core::text::{Text, text};

/// Fields by name, as a flat object: parts of an address are `address.city` and so on. Beside the fields of the record
/// may stand `active`, `localisationCode`, `entreprise` and `externalId` (a link to another record, made or to be
/// made).
pub type Fields = Map<String, Value>;

/// A value that is not taken over. The stored field stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    pub field: &'static str,
    pub reason: Text,
}

/// The field's value in the received object: `address.city` is `city` within `address`.
fn sent<'a>(field: &Field, sent: &'a Fields) -> Option<&'a Value> {
    match field.name.split_once('.') {
        Some((outer, inner)) => sent.get(outer)?.get(inner),
        None => sent.get(field.name),
    }
}

/// The value in its stored form, `None` for an empty one, or the reason for the refusal.
fn clean(field: &Field, value: &Value) -> Result<Option<Value>, Text> {
    let wrong = || text("Type de valeur inattendu.", "Unexpected type of value.");
    match (field.shape, field.rule, value) {
        (_, _, Value::Null) => Ok(None),
        (Shape::Count, _, value) => match value.as_i64().filter(|count| (0..=Headcount::MAX).contains(count)) {
            Some(count) => Ok(Some(count.into())),
            None => Err(text("Nombre inattendu.", "Unexpected number.")),
        },
        (_, Some(_), Value::String(sent)) if afpi_text::line(sent).is_empty() => Ok(None),
        (_, Some(read), Value::String(sent)) => match read(sent) {
            Ok(text) => Ok(Some(text.into())),
            Err(refusal) => Err(refusal.message),
        },
        _ => Err(wrong()),
    }
}

/// The known fields of the received object, flat and in their stored form. Absent, null and empty all mean: leave the
/// field alone. Unknown fields are ignored. A value that cannot be stored is left out and reported.
pub fn read(table: &[Field], sent: &Fields) -> (Fields, Vec<Left>) {
    let (mut fields, mut left) = (Fields::new(), Vec::new());
    for field in table {
        let Some(value) = self::sent(field, sent) else { continue };
        match clean(field, value) {
            Ok(Some(value)) => drop(fields.insert(field.name.into(), value)),
            Ok(None) => {}
            Err(reason) => left.push(Left { field: field.name, reason }),
        }
    }
    (fields, left)
}

/// The fields of a stored record that have a value.
pub fn stored(table: &[Field], row: &Row) -> afpi_db::Result<Fields> {
    let mut fields = Fields::new();
    for field in table {
        let value = match field.shape {
            Shape::Count => row.get::<Option<i64>>(field.stored())?.map(Value::from),
            _ => row.get::<Option<String>>(field.stored())?.map(Value::from),
        };
        if let Some(value) = value {
            fields.insert(field.name.into(), value);
        }
    }
    Ok(fields)
}

/// A text field.
pub fn word<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.get(name).and_then(Value::as_str)
}

/// The fields as the API nests them: `address.city` is `city` within `address`. Entries that are no fields of the
/// record are left out.
pub fn nested(values: &Fields) -> Fields {
    let mut fields = Fields::new();
    for (name, value) in values.iter().filter(|(name, _)| !matches!(name.as_str(), "externalId" | "localisationCode")) {
        match name.split_once('.') {
            Some((outer, inner)) => {
                let within = fields.entry(outer).or_insert_with(|| Map::new().into());
                within[inner] = value.clone();
            }
            None => drop(fields.insert(name.clone(), value.clone())),
        }
    }
    fields
}

/// A JSON value as its column stores it.
pub fn column(value: Option<&Value>) -> Sql {
    match value {
        Some(Value::String(text)) => text.into(),
        Some(Value::Number(number)) => number.as_i64().into(),
        Some(Value::Bool(flag)) => (*flag).into(),
        _ => Sql::Null,
    }
}

/// Do these values mean the same in different spellings? Old rows may hold another form than today's.
pub fn same(table: &[Field], name: &str, one: &Value, other: &Value) -> bool {
    let form = |value: &Value| match (name, value) {
        ("email", Value::String(address)) => Some(email::key(address).into()),
        _ => table.iter().find(|field| field.name == name).and_then(|field| clean(field, value).ok().flatten()),
    };
    one == other || form(one).is_some_and(|one| form(other) == Some(one))
}

/// The wanted values that differ from the current ones: the current values (null when there is none), and the new
/// values.
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
            read(&ENTREPRISE, &fields(sent)),
            (
                fields(json!({"name": "ACME", "siret": "73282932000074", "headcount": 12, "address.city": "Évry"})),
                vec![]
            )
        );
    }

    #[test]
    fn a_value_that_does_not_fit_is_left_out_and_the_others_stay() {
        for (sent, name) in [
            (json!({"name": 3}), "name"),
            (json!({"name": "x".repeat(201)}), "name"),
            (json!({"name": "A\u{202e}B"}), "name"),
            (json!({"siret": "11122233344455"}), "siret"),
            (json!({"siret": "73282932000075"}), "siret"),
            (json!({"vatNumber": "FR_9128370925"}), "vatNumber"),
            (json!({"headcount": "12"}), "headcount"),
            (json!({"headcount": -1}), "headcount"),
            (json!({"kind": "huge"}), "kind"),
            (json!({"address": {"city": true}}), "address.city"),
            (json!({"phone": "01\u{0}02"}), "phone"),
        ] {
            let mut sent = fields(sent);
            sent.insert("opco".into(), "AKTO".into());
            let (read, left) = read(&ENTREPRISE, &sent);
            assert_eq!(read, fields(json!({"opco": "AKTO"})), "{sent:?}");
            assert_eq!(left.iter().map(|left| left.field).collect::<Vec<_>>(), [name], "{sent:?}");
        }
    }

    #[test]
    fn what_came_is_stored_in_its_one_form() {
        let sent = json!({"siret": "732 829 320 00074", "nafCode": "2562b", "idcc": "16", "phone": "+33323061234"});
        let stored = json!({"siret": "73282932000074", "nafCode": "25.62B", "idcc": "0016", "phone": "03 23 06 12 34"});
        assert_eq!(read(&ENTREPRISE, &fields(sent)), (fields(stored), vec![]));
    }

    #[test]
    fn only_what_differs_is_a_difference() {
        let current = fields(json!({"name": "A", "phone": "1"}));
        let (before, after) = differences(&current, &fields(json!({"name": "A", "phone": "2", "email": "x@y.fr"})));
        assert_eq!(before, fields(json!({"phone": "1", "email": null})));
        assert_eq!(after, fields(json!({"phone": "2", "email": "x@y.fr"})));
    }
}
