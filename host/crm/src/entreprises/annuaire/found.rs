//! A company of a directory, in the form of a company of the CRM: each value is read by the type of a person's request, and
//! left out where that refuses it.

use afpi_core::text::Text;
use afpi_plugins::contract::lookup::{Address, Company, Headcount};
use serde::Serialize;
use utoipa::ToSchema;

use super::Existing;
use super::opco;
use crate::entreprises::limits::{AddressLine, City, Name, Nomenclature};
use crate::identifiants::{
    self, Country, FRANCE, Idcc, NafCode, Siret, VatNumber, contradictions, siren_of, vat_number,
};

/// A company that a directory knows.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnnuaireEntreprise {
    /// Id of the plugin that has found it.
    source: String,
    name: String,
    pub siret: String,
    siren: String,
    vat_number: Option<String>,
    naf_code: Option<String>,
    naf_nomenclature: Option<String>,
    address: AnnuaireAddress,
    /// Its collective agreements.
    idcc: Vec<String>,
    headcount: Option<AnnuaireHeadcount>,
    /// It has closed.
    closed: bool,
    /// The OPCO that follows from its agreements: a proposal.
    opco: Option<OpcoGuess>,
    /// The company of the CRM with this SIRET.
    pub existing: Option<Existing>,
}

/// Where it is.
#[derive(Debug, Serialize, ToSchema)]
struct AnnuaireAddress {
    line1: Option<String>,
    line2: Option<String>,
    postcode: Option<String>,
    city: Option<String>,
    country: Option<String>,
}

/// A number of employees between two (included).
#[derive(Debug, Serialize, ToSchema)]
struct AnnuaireHeadcount {
    least: u32,
    most: Option<u32>,
}

/// An OPCO, and why.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpcoGuess {
    pub name: String,
    /// The agreement that it follows from.
    pub idcc: String,
    /// Where it says so.
    pub source: Text,
    /// The day of that source.
    pub dated: String,
}

/// `None` for a company whose number or name the CRM does not take.
pub fn read(plugin: &str, company: Company) -> Option<AnnuaireEntreprise> {
    let siret = Siret::read(&company.siret).ok()?;
    let siren = siren_of(&siret)?.to_owned();
    let name = Name::read(&company.name).ok()?;
    let brought = VatNumber::read(&company.vat_number).ok();
    let fits = |vat: &String| contradictions(Some(&*siret), Some(&*siren), Some(&**vat)).is_empty();
    let idcc: Vec<String> = company.idcc.iter().filter_map(|code| Idcc::read(code).ok()).collect();
    let naf_code = NafCode::read(&company.naf_code).ok();
    Some(AnnuaireEntreprise {
        source: plugin.to_owned(),
        name,
        vat_number: brought.filter(fits).or_else(|| vat_number(&siren)),
        naf_nomenclature: naf_code.as_ref().and_then(|_| Nomenclature::read(&company.naf_nomenclature).ok()),
        naf_code,
        address: address(company.address),
        opco: opco::guess(&idcc),
        idcc,
        headcount: company.headcount.map(|Headcount { least, most }| AnnuaireHeadcount { least, most }),
        closed: company.closed,
        existing: None,
        siret,
        siren,
    })
}

fn address(address: Address) -> AnnuaireAddress {
    let country = Country::read(&address.country).ok();
    let city = City::read(&address.city).ok();
    let french = country.as_deref() == Some(FRANCE);
    let placed = identifiants::postcode(&address.postcode, city.as_deref(), french).ok();
    let (postcode, city) = match placed {
        Some((code, city)) => (Some(code), city),
        None => (None, city),
    };
    AnnuaireAddress {
        line1: AddressLine::read(&address.line1).ok(),
        line2: AddressLine::read(&address.line2).ok(),
        postcode,
        city,
        country,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn company() -> Company {
        Company {
            name: " ATELIERS DE L'OISE ".into(),
            siret: "73282932000074".into(),
            vat_number: String::new(),
            naf_code: "2562b".into(),
            naf_nomenclature: "NAF rév. 2".into(),
            address: Address {
                line1: "3 RUE DES FORGES".into(),
                line2: String::new(),
                postcode: "60000".into(),
                city: "BEAUVAIS".into(),
                country: "FR".into(),
            },
            idcc: vec!["3248".into()],
            headcount: Some(Headcount { least: 20, most: Some(49) }),
            closed: false,
        }
    }

    fn shown(company: Company) -> Value {
        serde_json::to_value(read("annuaire", company).unwrap()).unwrap()
    }

    #[test]
    fn a_company_arrives_in_the_stored_form_and_what_does_not_fit_is_left_out() {
        let read_whole = shown(company());
        assert_eq!(read_whole["name"], "ATELIERS DE L'OISE");
        assert_eq!(read_whole["vatNumber"], "FR44732829320");
        assert_eq!((&read_whole["nafCode"], &read_whole["opco"]["name"]), (&json!("25.62B"), &json!("OPCO 2i")));
        assert_eq!(read_whole["address"]["line2"], Value::Null);

        let other_siren = "FR64443061841".to_owned();
        assert_eq!(shown(Company { vat_number: other_siren, ..company() })["vatNumber"], "FR44732829320");
        let odd = Company { naf_code: "x".into(), idcc: vec!["0000".into()], ..company() };
        let odd = shown(odd);
        assert_eq!(
            (&odd["nafCode"], &odd["nafNomenclature"], &odd["opco"]),
            (&Value::Null, &Value::Null, &Value::Null)
        );
        assert_eq!(odd["idcc"], json!([]));
        let place = Address { postcode: "ABC".into(), ..company().address };
        assert_eq!(shown(Company { address: place, ..company() })["address"]["postcode"], Value::Null);

        assert!(read("annuaire", Company { siret: "73282932000075".into(), ..company() }).is_none());
        assert!(read("annuaire", Company { name: "A\u{202e}B".into(), ..company() }).is_none());
    }
}
