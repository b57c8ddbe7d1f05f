//! Reads a record of `/entreprises` as an `entreprise` of the CRM. The settings name the paths of its parts.

use crate::fields::Field;
use crate::pick::{Paths, Picked};
use crate::reading::{Refusal, Taken, clean};
use crate::settings::EntrepriseFields;
use crate::site::Sites;
use crate::values::{self, LONGEST};
use afpi_sdk::connector::Item;
use serde::Serialize;

/// The CRM's limit for a company's name, in characters.
const LONGEST_NAME: usize = 200;

pub struct EntrepriseReader {
    pub paths: Paths,
    code: Field,
    name: Field,
    siret: Field,
    naf: Field,
    headcount: Field,
    address_lines: Field,
    postcode: Field,
    city: Field,
    country: Field,
    phone: Field,
    email: Field,
    site: Field,
    modified: Field,
    archived: Field,
}

/// A company, and the data for reading its contacts.
pub struct Company {
    pub taken: Taken,
    pub code: u64,
    /// The last change in Ypareo, in days since 1970, if the instance has it.
    pub modified: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entreprise {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    siret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    naf_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    headcount: Option<u32>,
    #[serde(skip_serializing_if = "Address::is_empty")]
    address: Address,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    localisation_code: Option<String>,
}

#[derive(Serialize, PartialEq, Default)]
struct Address {
    #[serde(skip_serializing_if = "Option::is_none")]
    line1: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line2: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    postcode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<String>,
}

impl Address {
    fn is_empty(&self) -> bool {
        *self == Address::default()
    }
}

impl EntrepriseReader {
    pub fn new(map: &EntrepriseFields) -> Self {
        let mut paths = Paths::default();
        let mut field = |list: &str| Field::new(&mut paths, list);
        EntrepriseReader {
            code: field(&map.code),
            name: field(&map.name),
            siret: field(&map.siret),
            naf: field(&map.naf),
            headcount: field(&map.headcount),
            address_lines: field(&map.address_lines),
            postcode: field(&map.postcode),
            city: field(&map.city),
            country: field(&map.country),
            phone: field(&map.phone),
            email: field(&map.email),
            site: field(&map.site),
            modified: field(&map.modified),
            archived: field(&map.archived),
            paths,
        }
    }

    /// Reads one company. Invalid values are left out. Only a record without a code or a name is refused.
    pub fn read(&self, picked: &Picked, sites: &Sites) -> Result<Company, Refusal> {
        let code = self.code.first(picked).and_then(values::code);
        let code = code.ok_or_else(|| Refusal::new("", "entreprise sans code", "company without a code"))?;
        let mut flaws = Vec::new();
        let name = self.name.first(picked).and_then(|name| values::name(name, LONGEST_NAME, &mut flaws));
        let name = name.ok_or_else(|| Refusal::new(code, "entreprise sans nom", "company without a name"))?;
        let address = self.address(picked);
        let site = self.site.first(picked).and_then(values::code).and_then(|site| sites.of_site(site));
        let nearest = || address.postcode.as_deref().and_then(|postcode| sites.of_postcode(postcode));
        let fields = Entreprise {
            name,
            siret: self.siret(picked, &address, &mut flaws),
            naf_code: clean(self.naf.first(picked), &mut flaws, values::naf),
            headcount: self.headcount.first(picked).and_then(values::headcount),
            phone: self.phone.all(picked).find_map(values::phone),
            email: clean(self.email.first(picked), &mut flaws, values::email),
            localisation_code: site.or_else(nearest).map(str::to_owned),
            address,
        };
        let modified = clean(self.modified.first(picked), &mut flaws, values::date);
        let archived = self.archived.first(picked).is_some_and(values::flag);
        let fields =
            serde_json::to_string(&fields).map_err(|_| Refusal::new(code, "fiche illisible", "unreadable record"))?;
        let item = Item {
            entity: "entreprise".into(),
            external_id: code.to_string(),
            parent: String::new(),
            archived,
            fields,
        };
        Ok(Company { taken: Taken { item, flaws }, code, modified })
    }

    /// The number of a foreign company is not a SIRET and not an error. Any other invalid SIRET is left out and noted.
    fn siret(&self, picked: &Picked, address: &Address, flaws: &mut Vec<values::Flaw>) -> Option<String> {
        let abroad = !is_france(address.country.as_deref());
        let mut found = Vec::new();
        let siret = clean(self.siret.first(picked), &mut found, values::siret);
        if !abroad {
            flaws.append(&mut found);
        }
        siret
    }

    fn address(&self, picked: &Picked) -> Address {
        let country = self
            .country
            .first(picked)
            .and_then(|country| values::line(country, LONGEST))
            .map(|c| values::title_case(&c));
        let mut lines = self.address_lines.all(picked).filter_map(|text| values::line(text, LONGEST));
        let line1 = lines.next();
        let rest: Vec<String> = lines.collect();
        Address {
            line1,
            line2: values::line(&rest.join(", "), LONGEST),
            postcode: self.postcode.first(picked).and_then(|cp| values::postcode(cp, is_france(country.as_deref()))),
            city: self.city.first(picked).and_then(|city| values::line(city, LONGEST)),
            country,
        }
    }
}

/// A missing country means France, because people do not type it.
fn is_france(country: Option<&str>) -> bool {
    country.is_none_or(|country| country == "France")
}

#[cfg(test)]
mod tests;
