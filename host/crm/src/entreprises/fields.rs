//! The fields of companies and contacts that runs may fill (connectors, imports): where each is stored, and how what
//! came is read. A value is read by the very type of the field in a person's request. One of the wrong type or length
//! names its field instead of failing a transaction.

use afpi_db::{Row, Value as Sql};
use serde_json::{Map, Value};

use super::limits::{
    AddressLine, City, Function, Headcount, Kind, Name, Nomenclature, Opco, PersonName, Postcode, Website,
};
use crate::identifiants::{Country, Idcc, NafCode, Phone, Siren, Siret, VatNumber};
use afpi_core::email;
use afpi_core::text::{Text, text};
use afpi_http::texts::{Email, Refusal};

/// Fields by name. A flat object: parts of an address are `address.city` and so on; `active`, `localisationCode`,
/// `entreprise` and `externalId` (a link made or to be made) may stand beside the fields of the record.
pub type Fields = Map<String, Value>;

/// What a value must look like.
#[derive(Clone, Copy)]
pub enum Shape {
    /// A text, by the rule of the API: what is stored of it, or why it cannot be.
    Text(fn(&str) -> Result<String, Refusal>),
    /// A number of people.
    Count,
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
    field("name", "name", Shape::Text(Name::read)),
    field("siret", "siret", Shape::Text(Siret::read)),
    field("siren", "siren", Shape::Text(Siren::read)),
    field("vatNumber", "vat_number", Shape::Text(VatNumber::read)),
    field("nafCode", "naf_code", Shape::Text(NafCode::read)),
    field("nafNomenclature", "naf_nomenclature", Shape::Text(Nomenclature::read)),
    field("idcc", "idcc", Shape::Text(Idcc::read)),
    field("opco", "opco", Shape::Text(Opco::read)),
    field("kind", "kind", Shape::Text(kind)),
    field("headcount", "headcount", Shape::Count),
    field("address.line1", "line1", Shape::Text(AddressLine::read)),
    field("address.line2", "line2", Shape::Text(AddressLine::read)),
    field("address.postcode", "postcode", Shape::Text(Postcode::read)),
    field("address.city", "city", Shape::Text(City::read)),
    field("address.country", "country", Shape::Text(Country::read)),
    field("phone", "phone", Shape::Text(Phone::read)),
    field("email", "email", Shape::Text(Email::read)),
    field("website", "website", Shape::Text(Website::read)),
];

/// Fields of a contact.
pub const CONTACT: [Field; 5] = [
    field("firstName", "first_name", Shape::Text(PersonName::read)),
    field("lastName", "last_name", Shape::Text(PersonName::read)),
    field("function", "job", Shape::Text(Function::read)),
    field("email", "email", Shape::Text(Email::read)),
    field("phone", "phone", Shape::Text(Phone::read)),
];

fn kind(word: &str) -> Result<String, Refusal> {
    let message = || text("Type d'entreprise inconnu.", "Unknown kind of company.");
    let known = Kind::parse(word.trim()).ok_or_else(|| Refusal { code: "not-allowed", message: message() })?;
    Ok(known.as_str().to_owned())
}

/// A value that came and is not taken over; the field here stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    pub field: &'static str,
    pub reason: Text,
}

impl Field {
    /// The field's value in what came: `address.city` is `city` within `address`.
    fn sent<'a>(&self, sent: &'a Fields) -> Option<&'a Value> {
        match self.name.split_once('.') {
            Some((outer, inner)) => sent.get(outer)?.get(inner),
            None => sent.get(self.name),
        }
    }

    /// The value as it is stored, `None` for an empty one, or why it cannot be.
    fn clean(&self, value: &Value) -> Result<Option<Value>, Text> {
        let wrong = || text("Type de valeur inattendu.", "Unexpected type of value.");
        match (self.shape, value) {
            (_, Value::Null) => Ok(None),
            (Shape::Count, value) => match value.as_i64().filter(|count| (0..=Headcount::MAX).contains(count)) {
                Some(count) => Ok(Some(count.into())),
                None => Err(text("Nombre inattendu.", "Unexpected number.")),
            },
            (Shape::Text(_), Value::String(sent)) if afpi_text::line(sent).is_empty() => Ok(None),
            (Shape::Text(read), Value::String(sent)) => match read(sent) {
                Ok(text) => Ok(Some(text.into())),
                Err(refusal) => Err(refusal.message),
            },
            _ => Err(wrong()),
        }
    }
}

/// The known fields of what came, flat and in their stored form. Absent, null and empty mean the same: leave
/// alone. Fields that are not known are left out unseen; one that cannot be stored is left out and named.
pub fn read(table: &[Field], sent: &Fields) -> (Fields, Vec<Left>) {
    let (mut fields, mut left) = (Fields::new(), Vec::new());
    for field in table {
        let Some(value) = field.sent(sent) else { continue };
        match field.clean(value) {
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
            Shape::Count => row.get::<Option<i64>>(field.column)?.map(Value::from),
            _ => row.get::<Option<String>>(field.column)?.map(Value::from),
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

/// As the API has them: `address.city` is `city` within `address`. What stands beside the fields of the record is left
/// out.
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

/// A JSON value for its column.
pub fn column(value: Option<&Value>) -> Sql {
    match value {
        Some(Value::String(text)) => text.into(),
        Some(Value::Number(number)) => number.as_i64().into(),
        Some(Value::Bool(flag)) => (*flag).into(),
        _ => Sql::Null,
    }
}

/// Do these values say the same, however they are written? What was stored before there was one form may be in another.
pub fn same(table: &[Field], name: &str, one: &Value, other: &Value) -> bool {
    let form = |value: &Value| match (name, value) {
        ("email", Value::String(address)) => Some(email::key(address).into()),
        _ => table.iter().find(|field| field.name == name).and_then(|field| field.clean(value).ok().flatten()),
    };
    one == other || form(one).is_some_and(|one| form(other) == Some(one))
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
