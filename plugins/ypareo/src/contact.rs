//! Reads a record of `/entreprises/{code}/interlocuteurs` as a `contact` of the CRM. The settings name the paths of its
//! parts. It reads only a person's name, function, e-mail and telephone.

use crate::fields::Field;
use crate::pick::{Paths, Picked};
use crate::reading::{Refusal, Taken, clean};
use crate::settings::ContactFields;
use crate::values::{self, LONGEST};
use afpi_sdk::connector::Item;
use serde::Serialize;

/// The CRM's limit for a last name, in characters.
const LONGEST_LAST_NAME: usize = 100;

pub struct ContactReader {
    pub paths: Paths,
    code: Field,
    last_name: Field,
    first_name: Field,
    function: Field,
    email: Field,
    phone: Field,
    archived: Field,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Contact {
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    last_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    function: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
}

impl ContactReader {
    pub fn new(map: &ContactFields) -> Self {
        let mut paths = Paths::default();
        let mut field = |list: &str| Field::new(&mut paths, list);
        ContactReader {
            code: field(&map.code),
            last_name: field(&map.last_name),
            first_name: field(&map.first_name),
            function: field(&map.function),
            email: field(&map.email),
            phone: field(&map.phone),
            archived: field(&map.archived),
            paths,
        }
    }

    /// A contact of `company`. A contact without a code is refused, because the next pass could not recognise it.
    pub fn read(&self, picked: &Picked, company: u64) -> Result<Taken, Refusal> {
        let code = self.code.first(picked).and_then(values::code).ok_or_else(|| {
            let of = format!("{company}/interlocuteurs");
            Refusal::new(of, "interlocuteur sans code", "contact without a code")
        })?;
        let mut flaws = Vec::new();
        let last_name = self.last_name.first(picked).and_then(|name| values::name(name, LONGEST_LAST_NAME, &mut flaws));
        let last_name =
            last_name.ok_or_else(|| Refusal::new(code, "interlocuteur sans nom", "contact without a name"))?;
        let fields = Contact {
            first_name: self.first_name.first(picked).and_then(|name| values::line(name, LONGEST)),
            last_name,
            function: self.function.first(picked).and_then(|function| values::line(function, LONGEST)),
            email: clean(self.email.first(picked), &mut flaws, values::email),
            phone: self.phone.all(picked).find_map(values::phone),
        };
        let archived = self.archived.first(picked).is_some_and(values::flag);
        let fields =
            serde_json::to_string(&fields).map_err(|_| Refusal::new(code, "fiche illisible", "unreadable record"))?;
        let parent = company.to_string();
        Ok(Taken {
            item: Item { entity: "contact".into(), external_id: code.to_string(), parent, archived, fields },
            flaws,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Taken, Refusal> {
        let reader = ContactReader::new(&ContactFields::default());
        reader.read(&reader.paths.pick(json).expect("JSON"), 12)
    }

    #[test]
    fn a_contact_belongs_to_its_company() {
        let taken = read(
            r#"{"codeInterlocuteur": "501", "nomInterlocuteur": "MERCADIER", "prenomInterlocuteur": "Ilona", "fonctionInterlocuteur": "DRH",
                "email": "I.Mercadier@exemple.invalid", "tel1": "", "portable": "0611223344", "dateNaissance": "01/02/1980", "plusUtilise": 1}"#,
        )
        .expect("a contact");
        assert_eq!(
            (taken.item.external_id.as_str(), taken.item.parent.as_str(), taken.item.archived),
            ("501", "12", true)
        );
        assert_eq!(
            taken.item.fields,
            r#"{"firstName":"Ilona","lastName":"MERCADIER","function":"DRH","email":"i.mercadier@exemple.invalid","phone":"06 11 22 33 44"}"#
        );
        assert!(taken.flaws.is_empty());
    }

    #[test]
    fn a_bad_address_is_left_out_and_a_nameless_contact_refused() {
        let taken =
            read(r#"{"codeInterlocuteur": 5, "nom": "ROY", "email": "néant", "tel1": "nc"}"#).expect("a contact");
        assert_eq!(taken.item.fields, r#"{"lastName":"ROY"}"#);
        assert_eq!(taken.flaws.len(), 1);
        assert_eq!(read(r#"{"codeInterlocuteur": 5, "nom": null}"#).unwrap_err().external_id, "5");
        assert_eq!(read(r#"{"nom": "ROY"}"#).unwrap_err().external_id, "12/interlocuteurs");
    }
}
