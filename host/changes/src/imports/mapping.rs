//! Maps the columns of a file to fields. The names of the columns, French or English, suggest a mapping; a person
//! decides.

use std::collections::HashMap;

use serde_json::Value;

use super::file::Record;
use super::kind::Kind;
use super::repair::{Mended, mend};
use crate::engine::change::{Entity, Fields};
use crate::engine::fields::{Field, brought, label};
use crate::engine::source::Item;
use crate::engine::tabular::{Column, Reads, Shown, Tabular};
use afpi_core::error::{FieldProblem, field};
use afpi_core::text::{Text, fold, text};
use afpi_crm::description::{Label, Shape};
use afpi_crm::entreprises::fields::{CONTACT, ENTREPRISE};
use afpi_crm::identifiants::{Country, french_post};

/// The field of each column. None for a column that is left out.
pub type Mapping = Vec<Option<String>>;

/// Values for fields that are empty in a line and in the record here, in their stored form, by the names of a mapping.
pub type Defaults = Fields;

/// Fields of companies and contacts that tell records apart or lead to one person. A value for all of them would be
/// wrong.
const UNIQUE: [&str; 10] = [
    "name",
    "siret",
    "siren",
    "vatNumber",
    "email",
    "phone",
    "contact.firstName",
    "contact.lastName",
    "contact.email",
    "contact.phone",
];

/// What recognises a company: one of them.
const NEEDED: &[&[&str]] = &[&["name", "siret"]];

/// The prefix of a contact's field.
const OF_CONTACT: &str = "contact.";

/// A field that a column can map to.
pub struct Known {
    /// Its name in a mapping.
    pub name: String,
    pub label: Label,
    /// What a template calls its column.
    pub heading: (String, String),
    /// Is it a field of the company's contact?
    pub contact: bool,
    /// May it have a default value?
    pub default: bool,
    pub shape: Shown,
    /// Its possible values; empty when it is free.
    pub choices: &'static [(&'static str, Label)],
    /// Other headings, folded, letters and digits only.
    aka: &'static [&'static str],
    pub example: &'static str,
}

impl Known {
    fn of_company(field: &Field, contact: bool) -> Known {
        let name = if contact { format!("{OF_CONTACT}{}", field.name) } else { field.name.to_owned() };
        let heading = |label: &str| if contact { format!("{label} (contact)") } else { label.to_owned() };
        Known {
            default: !UNIQUE.contains(&name.as_str()),
            label: field.label,
            heading: (heading(field.label.0), heading(field.label.1)),
            contact,
            shape: Reads::of(field.shape).into(),
            choices: if let Shape::Word(words) = field.shape { words } else { &[] },
            aka: field.aka,
            example: example(&name),
            name,
        }
    }

    fn of_column(column: &Column) -> Known {
        Known {
            name: column.name.to_owned(),
            label: column.label,
            heading: (column.label.0.to_owned(), column.label.1.to_owned()),
            contact: false,
            default: column.default,
            shape: column.reads.into(),
            choices: if let Reads::Word(words) = column.reads { words } else { &[] },
            aka: column.aka,
            example: column.example,
        }
    }

    /// Does this heading name it?
    fn called(&self, heading: &str) -> bool {
        self.aka.contains(&heading)
            || [&self.name, &self.heading.0, &self.heading.1].iter().any(|known| bare(known) == heading)
    }
}

/// The values of the template for companies.
fn example(name: &str) -> &'static str {
    match name {
        "name" => "Fonderie Élan",
        "siret" => "73282932000074",
        "address.line1" => "12 rue des Forges",
        "address.postcode" => "02100",
        "address.city" => "Saint-Quentin",
        "kind" => "PME",
        "headcount" => "48",
        "phone" => "03 23 06 12 34",
        "email" => "contact@fonderie-elan.example",
        "contact.firstName" => "Ilona",
        "contact.lastName" => "Roy",
        "contact.job" | "contact.function" => "Responsable formation",
        "contact.email" => "i.roy@fonderie-elan.example",
        _ => "",
    }
}

/// A heading without case, accents, spaces and signs.
fn bare(heading: &str) -> String {
    fold(heading).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Every field that a column of such a file can map to.
pub fn known(kind: Kind) -> impl Iterator<Item = Known> {
    let tabular = kind.tabular().map(|kind| kind.columns()).unwrap_or_default();
    let companies: &'static [Field] = if kind.tabular().is_none() { &ENTREPRISE } else { &[] };
    let contacts: &'static [Field] = if kind.tabular().is_none() { &CONTACT } else { &[] };
    let companies = companies.iter().map(|field| Known::of_company(field, false));
    let contacts = contacts.iter().map(|field| Known::of_company(field, true));
    companies.chain(contacts).chain(tabular.iter().map(Known::of_column))
}

/// The kind of record that a field of a mapping belongs to, and its name there.
fn place(kind: Kind, name: &str) -> (Entity, &str) {
    match name.strip_prefix(OF_CONTACT) {
        Some(name) if kind == Kind::Entreprises => (Entity::Contact, name),
        _ => (kind.entity(), name),
    }
}

/// The mapping suggested by the column names. Each field is suggested once.
pub fn offered(kind: Kind, header: &[String]) -> Mapping {
    let mut free: Vec<Known> = known(kind).collect();
    let of = |heading: &String| {
        let heading = bare(heading);
        let at = free.iter().position(|field| !heading.is_empty() && field.called(&heading))?;
        Some(free.remove(at).name)
    };
    header.iter().map(of).collect()
}

/// The errors of a mapping for this many columns.
pub fn check(kind: Kind, mapping: &[Option<&str>], columns: usize) -> Vec<FieldProblem> {
    if mapping.len() != columns {
        let message = text(format!("Le fichier a {columns} colonnes."), format!("The file has {columns} columns."));
        return vec![field("/columns", "length", message)];
    }
    let mut problems = Vec::new();
    for (at, name) in mapping.iter().enumerate() {
        let Some(name) = name else { continue };
        let pointer = format!("/columns/{at}/field");
        if !known(kind).any(|known| known.name == *name) {
            let message = text(format!("Le champ « {name} » n'existe pas."), format!("There is no field “{name}”."));
            problems.push(field(pointer, "unknown-field", message));
        } else if mapping[..at].contains(&Some(*name)) {
            let message =
                text("Une autre colonne va déjà dans ce champ.", "Another column goes into this field already.");
            problems.push(field(pointer, "duplicate", message));
        }
    }
    let needed = kind.tabular().map_or(NEEDED, |kind| kind.needed());
    for group in needed.iter().filter(|group| !mapping.iter().flatten().any(|name| group.contains(name))) {
        let labels = |of: fn(&Known) -> &'static str, or: &str| -> String {
            let labels = group.iter().filter_map(|name| known(kind).find(|field| field.name == **name));
            labels.map(|field| of(&field)).collect::<Vec<_>>().join(or)
        };
        let (fr, en) = (labels(|field| field.label.0, " ou "), labels(|field| field.label.1, " or "));
        let message = text(format!("Il faut au moins : {fr}."), format!("Needed at least: {en}."));
        problems.push(field("/columns", "required", message));
    }
    problems
}

/// The default values in their stored form, or their errors. Each is a field with its value as typed.
pub fn defaults<'a>(
    kind: Kind,
    typed: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<Defaults, Vec<FieldProblem>> {
    let (mut defaults, mut problems) = (Defaults::new(), Vec::new());
    for (at, (name, value)) in typed.enumerate() {
        if !known(kind).any(|known| known.default && known.name == name) {
            let message = text("Ce champ n'a pas de valeur par défaut.", "This field has no default value.");
            problems.push(field(format!("/defaults/{at}/field"), "unknown-field", message));
            continue;
        }
        let wrong = |reason| field(format!("/defaults/{at}/value"), "not-allowed", reason);
        if let Some(column) = column(kind, name) {
            match column.reads.cell(value) {
                Ok(value) => drop(defaults.insert(name.to_owned(), value)),
                Err(reason) => problems.push(wrong(reason)),
            }
            continue;
        }
        let (entity, inner) = place(kind, name);
        let mut sent = Fields::new();
        put(&mut sent, inner, cell(inner, value));
        let (read, left) = brought(entity, &sent);
        problems.extend(left.into_iter().map(|left| wrong(left.reason)));
        defaults.extend(read.into_iter().map(|(_, value)| (name.to_owned(), value)));
    }
    if problems.is_empty() { Ok(defaults) } else { Err(problems) }
}

/// The column of a kind that is read line by line.
fn column(kind: Kind, name: &str) -> Option<&'static Column> {
    kind.tabular()?.columns().iter().find(|column| column.name == name)
}

/// The default values of each kind of record, by its own fields.
pub fn by_kind(kind: Kind, defaults: Defaults) -> HashMap<Entity, Fields> {
    let mut kinds: HashMap<Entity, Fields> = HashMap::new();
    for (name, value) in defaults {
        let (entity, field) = place(kind, &name);
        kinds.entry(entity).or_default().insert(field.to_owned(), value);
    }
    kinds
}

/// The values of a record for one kind of record, nested as in the API, and what was repaired in them.
#[derive(Default)]
struct Part {
    fields: Fields,
    remarks: Vec<Text>,
}

/// The values of the company and of the contact in a record.
fn read(mapping: &Mapping, values: Vec<String>) -> (Part, Part) {
    let given = |name: &str| {
        let at = mapping.iter().position(|field| field.as_deref() == Some(name))?;
        values.get(at).map(|value| value.trim()).filter(|value| !value.is_empty())
    };
    let country = given("address.country").map(|country| Country::read(country).unwrap_or_default());
    let french = country.is_none_or(|country| french_post(&country));
    let (mut company, mut contact) = (Part::default(), Part::default());
    for (name, value) in mapping.iter().zip(&values) {
        let (Some(name), false) = (name, value.trim().is_empty()) else { continue };
        let (entity, field) = place(Kind::Entreprises, name);
        let part = if entity == Entity::Contact { &mut contact } else { &mut company };
        let remark = |fr: &str, en: &str, why: Text| {
            let label = label(entity, field);
            text(format!("{fr} : {} ({})", label.fr, why.fr), format!("{en}: {} ({})", label.en, why.en))
        };
        match mend(name, value, french) {
            Mended::Same => put(&mut part.fields, field, cell(name, value)),
            Mended::Repaired(value, why) => {
                put(&mut part.fields, field, cell(name, &value));
                part.remarks.push(remark("réparé", "repaired", why));
            }
            Mended::Lost(why) => part.remarks.push(remark("laissé de côté", "left out", why)),
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
fn cell(name: &str, value: &str) -> Value {
    match name {
        "headcount" => {
            let digits: String = value.chars().filter(|c| !c.is_whitespace()).collect();
            digits.parse::<i64>().map_or_else(|_| value.into(), Into::into)
        }
        "kind" => fold(value).trim().replace(' ', "-").into(),
        _ => value.into(),
    }
}

/// The record of a line, for kinds that are one per line. Otherwise the reason why it has none.
pub fn item(kind: &dyn Tabular, mapping: &Mapping, record: Record) -> Result<Item, Text> {
    let (line, values) = (record.line.to_string(), record.values?);
    let (mut fields, mut remarks) = (Fields::new(), Vec::new());
    for (name, value) in mapping.iter().zip(&values).filter(|(_, value)| !value.trim().is_empty()) {
        let Some(column) = kind.columns().iter().find(|column| Some(column.name) == name.as_deref()) else { continue };
        let remark = |fr: &str, en: &str, why: Text| {
            let (label_fr, label_en) = column.label;
            text(format!("{fr}{label_fr} : {}", why.fr), format!("{en}{label_en}: {}", why.en))
        };
        let read = match mend(column.name, value, true) {
            Mended::Same => column.reads.cell(value),
            Mended::Repaired(mended, why) => {
                remarks.push(remark("réparé : ", "repaired: ", why));
                column.reads.cell(&mended)
            }
            Mended::Lost(why) => Err(why),
        };
        // As in a form, one wrong value refuses the whole.
        fields.insert(column.name.to_owned(), read.map_err(|why| remark("", "", why))?);
    }
    if fields.is_empty() {
        return Err(text("ligne vide", "empty line"));
    }
    let entity = kind.entity().as_str().to_owned();
    Ok(Item { entity, external_id: line, parent: String::new(), archived: false, fields: Ok(fields), remarks })
}

/// The company of a record, and its contact if it names one. Otherwise the reason why it has none.
pub fn items(mapping: &Mapping, record: Record) -> Result<(Item, Option<Item>), Text> {
    let line = record.line.to_string();
    let (mut company, mut contact) = read(mapping, record.values?);
    // Without a contact its remarks stand with the company.
    if contact.fields.is_empty() {
        company.remarks.append(&mut contact.remarks);
        if company.fields.is_empty() {
            return Err(company.remarks.pop().unwrap_or_else(|| text("ligne vide", "empty line")));
        }
    }
    let item = |entity: Entity, parent: &str, part: Part| Item {
        entity: entity.as_str().to_owned(),
        external_id: line.clone(),
        parent: parent.to_owned(),
        archived: false,
        fields: Ok(part.fields),
        remarks: part.remarks,
    };
    let person = (!contact.fields.is_empty()).then(|| item(Entity::Contact, &line, contact));
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
            super::offered(Kind::Entreprises, &names(header))
                .into_iter()
                .map(Option::unwrap_or_default)
                .collect::<Vec<_>>()
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
            check(Kind::Entreprises, mapping, columns)
                .into_iter()
                .map(|problem| format!("{} {}", problem.field, problem.code))
                .collect()
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

    #[test]
    fn what_was_repaired_is_told_with_the_record_it_belongs_to() {
        let mapping =
            ["siret", "address.postcode", "contact.lastName", "contact.phone"].map(|name| Some(name.to_owned()));
        let values = names(&["7,33E+13", "2100", "Roy", "323061234"]);
        let (company, contact) = items(&mapping.to_vec(), Record { line: 2, values: Ok(values) }).unwrap();
        assert_eq!(json!(company.fields.unwrap()), json!({"address": {"postcode": "02100"}}));
        let told = |item: &[Text]| item.iter().map(|remark| remark.en.clone()).collect::<Vec<_>>();
        assert_eq!(told(&company.remarks).len(), 2);
        assert!(told(&company.remarks)[0].starts_with("left out: SIRET ("), "{:?}", company.remarks);
        assert_eq!(told(&contact.unwrap().remarks), ["repaired: Telephone (leading zero put back)"]);

        let mapping = ["name", "address.postcode", "address.country"].map(|name| Some(name.to_owned()));
        let values = names(&["Élan", "1000", "Belgique"]);
        let (company, _) = items(&mapping.to_vec(), Record { line: 3, values: Ok(values) }).unwrap();
        assert!(company.remarks.is_empty(), "a postcode of another country has four digits");
    }
}
