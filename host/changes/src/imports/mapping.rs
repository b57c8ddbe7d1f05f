//! Maps the columns of a file to fields. The names of the columns, French or English, suggest a mapping; a person
//! decides.

use serde_json::Value;

use super::file::Record;
use crate::engine::change::{Entity, Fields};
use crate::engine::source::Item;
use afpi_core::error::{FieldProblem, field};
use afpi_core::text::{Text, fold, text};
use afpi_crm::entreprises::fields::{CONTACT, ENTREPRISE};

/// The field of each column. None for a column that is left out.
pub type Mapping = Vec<Option<String>>;

/// The prefix of a contact's field.
const OF_CONTACT: &str = "contact.";

/// Every field that a column can map to, with the known column names.
fn known() -> impl Iterator<Item = (String, &'static [&'static str])> {
    let companies = ENTREPRISE.iter().map(|field| (field.name.to_owned(), field.aka));
    companies.chain(CONTACT.iter().map(|field| (format!("{OF_CONTACT}{}", field.name), field.aka)))
}

/// The names of these fields.
pub fn fields() -> impl Iterator<Item = String> {
    known().map(|(name, _)| name)
}

/// The mapping suggested by the column names. Each field is suggested once.
pub fn offered(header: &[String]) -> Mapping {
    let mut taken = Vec::new();
    let of = |name: &String| {
        let word: String = fold(name).chars().filter(|c| c.is_alphanumeric()).collect();
        let (field, _) =
            known().find(|(field, aka)| aka.contains(&word.as_str()) || fold(field).replace(['.', ' '], "") == word)?;
        if taken.contains(&field) {
            return None;
        }
        taken.push(field.clone());
        Some(field)
    };
    header.iter().map(of).collect()
}

/// The errors of a mapping for this many columns.
pub fn check(mapping: &[Option<&str>], columns: usize) -> Vec<FieldProblem> {
    if mapping.len() != columns {
        let message = text(format!("Le fichier a {columns} colonnes."), format!("The file has {columns} columns."));
        return vec![field("/columns", "length", message)];
    }
    let mut problems = Vec::new();
    for (at, name) in mapping.iter().enumerate() {
        let Some(name) = name else { continue };
        let pointer = format!("/columns/{at}/field");
        if !fields().any(|known| known == *name) {
            let message = text(format!("Le champ « {name} » n'existe pas."), format!("There is no field “{name}”."));
            problems.push(field(pointer, "unknown-field", message));
        } else if mapping[..at].contains(&Some(*name)) {
            let message =
                text("Une autre colonne va déjà dans ce champ.", "Another column goes into this field already.");
            problems.push(field(pointer, "duplicate", message));
        }
    }
    if !mapping.iter().flatten().any(|name| matches!(*name, "name" | "siret")) {
        let message = text(
            "Il faut au moins le nom ou le SIRET de l'entreprise.",
            "The name or the SIRET of the company is needed at least.",
        );
        problems.push(field("/columns", "required", message));
    }
    problems
}

/// The fields of the company and of the contact in a record, nested as in the API.
fn read(mapping: &Mapping, values: Vec<String>) -> (Fields, Fields) {
    let (mut company, mut contact) = (Fields::new(), Fields::new());
    for (name, value) in mapping.iter().zip(values) {
        let (Some(name), false) = (name, value.trim().is_empty()) else { continue };
        match name.strip_prefix(OF_CONTACT) {
            Some(name) => drop(contact.insert(name.to_owned(), value.into())),
            None => put(&mut company, name, cell(name, value)),
        }
    }
    (company, contact)
}

fn put(fields: &mut Fields, name: &str, value: Value) {
    match name.split_once('.') {
        Some((outer, inner)) => {
            let within = fields.entry(outer).or_insert_with(|| Fields::new().into());
            within[inner] = value;
        }
        None => drop(fields.insert(name.to_owned(), value)),
    }
}

/// Converts numbers, and words of people to the API's values.
fn cell(name: &str, value: String) -> Value {
    match name {
        "headcount" => {
            let digits: String = value.chars().filter(|c| !c.is_whitespace()).collect();
            digits.parse::<i64>().map_or_else(|_| value.into(), Into::into)
        }
        "kind" => fold(&value).trim().replace(' ', "-").into(),
        _ => value.into(),
    }
}

/// The company of a record, and its contact if it names one. Otherwise the reason why it has none.
pub fn items(mapping: &Mapping, record: Record) -> Result<(Item, Option<Item>), Text> {
    let line = record.line.to_string();
    let (company, contact) = read(mapping, record.values?);
    if company.is_empty() && contact.is_empty() {
        return Err(text("ligne vide", "empty line"));
    }
    let item = |entity: Entity, parent: &str, fields: Fields| Item {
        entity: entity.as_str().to_owned(),
        external_id: line.clone(),
        parent: parent.to_owned(),
        archived: false,
        fields: Ok(fields),
    };
    let person = (!contact.is_empty()).then(|| item(Entity::Contact, &line, contact));
    Ok((item(Entity::Entreprise, "", company), person))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn names(header: &[&str]) -> Vec<String> {
        header.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn columns_are_recognised_in_both_languages() {
        let french =
            ["Raison sociale", "N° SIRET", "Code postal", "Ville", "Effectif", "Prénom", "Nom du contact", "?"];
        let wanted =
            ["name", "", "address.postcode", "address.city", "headcount", "contact.firstName", "contact.lastName", ""];
        let offered = |header: &[&str]| {
            super::offered(&names(header)).into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>()
        };
        let found = offered(&french);
        assert_eq!(found[0], wanted[0]);
        assert_eq!(found[2..], wanted[2..]);
        assert_eq!(
            offered(&["Company name", "ZIP code", "First name", "contact.email", "name"]),
            ["name", "address.postcode", "contact.firstName", "contact.email", ""],
            "each field once"
        );
    }

    #[test]
    fn a_mapping_names_known_fields_once_and_what_recognises_a_company() {
        let codes = |mapping: &[Option<&str>], columns| -> Vec<String> {
            check(mapping, columns).into_iter().map(|problem| format!("{} {}", problem.field, problem.code)).collect()
        };
        assert!(codes(&[Some("name"), None, Some("contact.email")], 3).is_empty());
        assert_eq!(codes(&[Some("name")], 2), ["/columns length"]);
        assert_eq!(codes(&[Some("name"), Some("name")], 2), ["/columns/1/field duplicate"]);
        assert_eq!(codes(&[Some("rien"), Some("siret")], 2), ["/columns/0/field unknown-field"]);
        assert_eq!(codes(&[Some("email")], 1), ["/columns required"]);
    }

    #[test]
    fn a_record_becomes_a_company_and_its_contact() {
        let mapping =
            ["name", "address.city", "headcount", "kind", "contact.lastName"].map(|name| Some(name.to_owned()));
        let values = names(&["Élan", "Laon", "1 200", "Grande entreprise", "Roy"]);
        let (company, contact) = items(&mapping.to_vec(), Record { line: 7, values: Ok(values) }).unwrap();
        let wanted =
            json!({"name": "Élan", "address": {"city": "Laon"}, "headcount": 1200, "kind": "grande-entreprise"});
        assert_eq!((company.external_id.as_str(), json!(company.fields.unwrap())), ("7", wanted));
        let contact = contact.unwrap();
        assert_eq!((contact.parent.as_str(), json!(contact.fields.unwrap())), ("7", json!({"lastName": "Roy"})));
        assert!(items(&mapping.to_vec(), Record { line: 8, values: Ok(names(&["", " ", "", "", ""])) }).is_err());
    }
}
