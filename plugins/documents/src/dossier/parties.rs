//! Who sells, who buys, and the people who speak for them.

use serde::Deserialize;

use super::filled;

/// A customer or another payer.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Company {
    pub name: Option<String>,
    pub legal_form: Option<String>,
    pub siren: Option<String>,
    pub siret: Option<String>,
    pub vat_number: Option<String>,
    pub naf_code: Option<String>,
    pub idcc: Option<String>,
    pub opco: Option<String>,
    pub line1: Option<String>,
    pub line2: Option<String>,
    pub postcode: Option<String>,
    pub city: Option<String>,
    /// Two letters of ISO 3166, `FR` when absent.
    pub country: Option<String>,
    pub contacts: Vec<Contact>,
}

/// A person at a customer.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Contact {
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub function: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
}

/// A person of the centre.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Person {
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
}

/// The legal entity that issues documents.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Entity {
    pub name: Option<String>,
    pub legal_form: Option<String>,
    /// Cents.
    pub capital: Option<i64>,
    pub siren: Option<String>,
    pub siret: Option<String>,
    pub vat_number: Option<String>,
    /// Number of the training body's declaration of activity.
    pub nda: Option<String>,
    /// The region whose prefect registered it, e.g. `Hauts-de-France`.
    pub nda_region: Option<String>,
    pub line1: Option<String>,
    pub line2: Option<String>,
    pub postcode: Option<String>,
    pub city: Option<String>,
    pub iban: Option<String>,
    pub bic: Option<String>,
    pub bank: Option<String>,
    pub signatory_name: Option<String>,
    pub signatory_quality: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub website: Option<String>,
    pub colour: Option<String>,
    pub footer: Option<String>,
    pub payment_terms: Option<String>,
    pub payment_days: Option<i64>,
    /// Hundredths of a percent a year.
    pub penalty_rate: Option<i64>,
    pub rcs: Option<String>,
    /// The consumer mediator, with its address.
    pub mediator: Option<String>,
    /// Whether `/assets/logo` exists.
    pub logo: bool,
}

/// A place of the centre.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Site {
    pub name: Option<String>,
    pub line1: Option<String>,
    pub line2: Option<String>,
    pub postcode: Option<String>,
    pub city: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    /// How to come.
    pub access: Option<String>,
    pub disability_referent: Option<Person>,
    pub pedagogical_contact: Option<Named>,
    pub rules_version: Option<String>,
}

/// A person, given as a name or as a record.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Named {
    Name(String),
    Person(Person),
}

impl Named {
    /// Name, phone and e-mail, as far as they are known.
    pub fn said(&self) -> Option<String> {
        match self {
            Named::Name(name) => filled(&Some(name.clone())).map(String::from),
            Named::Person(person) => person.said(),
        }
    }
}

impl Person {
    /// `Name · phone · e-mail`, as far as they are known.
    pub fn said(&self) -> Option<String> {
        let phone = filled(&self.phone).map(crate::format::phone);
        joined([filled(&self.name), phone.as_deref(), filled(&self.email)], " · ")
    }
}

impl Contact {
    /// First name and last name.
    pub fn name(&self) -> Option<String> {
        joined([filled(&self.first_name), filled(&self.last_name)], " ")
    }
}

impl Company {
    /// The lines of its postal address, without its name.
    pub fn address(&self) -> Vec<String> {
        let abroad = filled(&self.country).filter(|country| *country != "FR");
        address([&self.line1, &self.line2], &self.postcode, &self.city, abroad)
    }
}

impl Entity {
    pub fn address(&self) -> Vec<String> {
        address([&self.line1, &self.line2], &self.postcode, &self.city, None)
    }
}

impl Site {
    pub fn address(&self) -> Vec<String> {
        address([&self.line1, &self.line2], &self.postcode, &self.city, None)
    }
}

fn address(
    streets: [&Option<String>; 2],
    postcode: &Option<String>,
    city: &Option<String>,
    country: Option<&str>,
) -> Vec<String> {
    let place = joined([filled(postcode), filled(city)], " ");
    let streets = streets.into_iter().filter_map(filled).map(String::from);
    streets.chain(place).chain(country.map(String::from)).collect()
}

/// The parts that are there, with `between` between them.
pub fn joined<'a>(parts: impl IntoIterator<Item = Option<&'a str>>, between: &str) -> Option<String> {
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(between))
}
