//! People in a workflow's documents: the rows of a list that a form lets people pick from the contacts of the company
//! (`x-pick-from`, `x-pick`). The host knows these keywords and no word of the workflow.

use serde_json::{Map, Value};

use crate::schema::resolved;
use crate::workflow::Definition;

/// A person of the customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    /// As somebody typed it.
    pub email: String,
}

impl Definition {
    /// The people with an e-mail address in the documents, in the order of sections and rows.
    pub fn contacts(&self, documents: &Map<String, Value>) -> Vec<Named> {
        let sections = self.workflow.sections.iter();
        let known = sections.filter_map(|section| Some((&section.form, documents.get(&section.id)?.as_object()?)));
        known.flat_map(|(form, document)| named(form, document)).collect()
    }
}

fn named(form: &Value, document: &Map<String, Value>) -> Vec<Named> {
    let mut found = Vec::new();
    for (list, field) in form.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let rows = document.get(list).and_then(Value::as_array);
        let (Some("contacts"), Some(rows)) = (field.get("x-pick-from").and_then(Value::as_str), rows) else {
            continue;
        };
        let columns = resolved(form, field.get("items").unwrap_or(&Value::Null)).get("properties");
        let columns = columns.and_then(Value::as_object);
        let column = |what: &str| {
            let picks = |column: &Value| column.get("x-pick").and_then(Value::as_str) == Some(what);
            columns?.iter().find(|(_, column)| picks(column)).map(|(name, _)| name)
        };
        let (name, email) = (column("name"), column("email"));
        let text = |row: &Value, column: Option<&String>| {
            row.get(column?)?.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        found.extend(
            rows.iter()
                .filter_map(|row| Some(Named { name: text(row, name).unwrap_or_default(), email: text(row, email)? })),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn people_with_an_address_are_found_by_what_the_form_says_of_its_columns() {
        let form = json!({"properties": {
            "gens": {"x-pick-from": "contacts", "items": {"$ref": "#/$defs/Personne"}},
            "autres": {"items": {"properties": {"adresse": {"x-pick": "email"}}}},
        }, "$defs": {"Personne": {"properties": {"adresse": {"x-pick": "email"}, "nom": {"x-pick": "name"}}}}});
        let document = json!({
            "gens": [{"nom": "Léa Roy", "adresse": " lea@exemple.fr "}, {"nom": "Sans"}, {"adresse": "accueil@exemple.fr"}],
            "autres": [{"adresse": "x@exemple.fr"}],
        });
        let found = named(&form, document.as_object().unwrap());
        let person = |name: &str, email: &str| Named { name: name.into(), email: email.into() };
        assert_eq!(found, [person("Léa Roy", "lea@exemple.fr"), person("", "accueil@exemple.fr")]);
    }
}
