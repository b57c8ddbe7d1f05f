//! One establishment as Sirene describes it, and the company that it is for the CRM.

use afpi_sdk::lookup::{Address, Company, Headcount};
use serde::Deserialize;

use crate::answer::Unit;

/// In place of what its owner does not want to be told (article A123-96 of the commercial code).
const HIDDEN: [&str; 2] = ["[NON-DIFFUSIBLE]", "[ND]"];
/// The nomenclature of `activite_principale`.
const NOMENCLATURE: &str = "NAF rév. 2";
/// The longest text that the contract takes, in bytes.
const LONGEST: usize = 200;
/// From here on codes are no agreements: `9998` not in force yet, `9999` none.
const NO_AGREEMENT: u16 = 9_998;
/// The most agreements that the contract takes.
const MOST_AGREEMENTS: usize = 20;

/// A head office has the parts of its address, another establishment only the whole.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Establishment {
    pub siret: String,
    pub activite_principale: Option<String>,
    pub adresse: Option<String>,
    pub complement_adresse: Option<String>,
    pub numero_voie: Option<String>,
    pub indice_repetition: Option<String>,
    pub type_voie: Option<String>,
    pub libelle_voie: Option<String>,
    pub code_postal: Option<String>,
    pub libelle_commune: Option<String>,
    pub libelle_cedex: Option<String>,
    pub code_pays_etranger: Option<String>,
    /// `A` open, `F` closed.
    pub etat_administratif: Option<String>,
    pub liste_idcc: Option<Vec<String>>,
}

impl Establishment {
    /// `None` without a SIRET or a public name.
    pub fn company(&self, unit: &Unit) -> Option<Company> {
        let name = [&unit.nom_raison_sociale, &unit.nom_complet].into_iter().map(told).find(|name| !name.is_empty())?;
        if self.siret.len() != 14 || !self.siret.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let naf_code = told(&self.activite_principale);
        let naf_nomenclature = if naf_code.is_empty() { String::new() } else { NOMENCLATURE.to_owned() };
        let own = agreements(self.liste_idcc.as_deref());
        let of_unit =
            || agreements(unit.complements.as_ref().and_then(|complements| complements.liste_idcc.as_deref()));
        Some(Company {
            naf_code,
            naf_nomenclature,
            address: self.address(),
            idcc: if own.is_empty() { of_unit() } else { own },
            headcount: unit.tranche_effectif_salarie.as_deref().and_then(band),
            closed: self.etat_administratif.as_deref() == Some("F") || unit.etat_administratif.as_deref() == Some("C"),
            ..Company::new(name, &*self.siret)
        })
    }

    fn address(&self) -> Address {
        let postcode = told(&self.code_postal);
        let (city, cedex) = (told(&self.libelle_commune), told(&self.libelle_cedex));
        let parts = [&self.numero_voie, &self.indice_repetition, &self.type_voie, &self.libelle_voie].map(told);
        let street = parts.iter().filter(|part| !part.is_empty()).map(|part| &**part).collect::<Vec<_>>().join(" ");
        let line1 = match (told(&self.adresse), street.is_empty()) {
            (_, false) => street,
            // `12 B ZONE DU TILLOY 60000 BEAUVAIS`
            (whole, true) => match whole.rfind(&postcode) {
                Some(at) if !postcode.is_empty() => whole[..at].trim().to_owned(),
                _ => whole,
            },
        };
        let foreign = !told(&self.code_pays_etranger).is_empty();
        Address {
            line2: told(&self.complement_adresse),
            // A country of another nomenclature than the CRM's: better none than a wrong one.
            country: if foreign { String::new() } else { "FR".into() },
            ..Address::french(line1, postcode, if cedex.is_empty() { city } else { cedex })
        }
    }
}

/// The text, in one line and not too long; empty where it is hidden.
fn told(text: &Option<String>) -> String {
    let text = text.as_deref().unwrap_or_default();
    if HIDDEN.iter().any(|mark| text.contains(mark)) {
        return String::new();
    }
    let line = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let mut line = line.collect::<Vec<_>>().join(" ");
    line.truncate(line.floor_char_boundary(LONGEST));
    line
}

/// Four digits each, every one once.
fn agreements(codes: Option<&[String]>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for code in codes.unwrap_or_default() {
        let Some(number) = code.trim().parse::<u16>().ok().filter(|number| (1..NO_AGREEMENT).contains(number)) else {
            continue;
        };
        let code = format!("{number:04}");
        if !all.contains(&code) && all.len() < MOST_AGREEMENTS {
            all.push(code);
        }
    }
    all
}

/// A band of Sirene (`trancheEffectifs`). `NN` and unknown codes: none is known.
fn band(code: &str) -> Option<Headcount> {
    let (least, most) = match code {
        "00" => (0, Some(0)),
        "01" => (1, Some(2)),
        "02" => (3, Some(5)),
        "03" => (6, Some(9)),
        "11" => (10, Some(19)),
        "12" => (20, Some(49)),
        "21" => (50, Some(99)),
        "22" => (100, Some(199)),
        "31" => (200, Some(249)),
        "32" => (250, Some(499)),
        "41" => (500, Some(999)),
        "42" => (1_000, Some(1_999)),
        "51" => (2_000, Some(4_999)),
        "52" => (5_000, Some(9_999)),
        "53" => (10_000, None),
        _ => return None,
    };
    Some(Headcount { least, most })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fit_the_contract() {
        let told = |text: &str| super::told(&Some(text.into()));
        assert_eq!(told(" 3  RUE\nDES\tFORGES "), "3 RUE DES FORGES");
        assert_eq!(told("[NON-DIFFUSIBLE] 60000 BEAUVAIS"), "");
        assert_eq!(told(&"é".repeat(150)).len(), 200);
        assert_eq!(super::told(&None), "");
    }

    #[test]
    fn agreements_are_four_digits_and_real() {
        let list = |codes: &[&str]| agreements(Some(&codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>()));
        assert_eq!(list(&["16", "3248", "0016", "9999", "9998", "0", "x", "123456"]), ["0016", "3248"]);
        assert_eq!(
            list(&(1..100).map(|n| n.to_string()).collect::<Vec<_>>().iter().map(|s| &**s).collect::<Vec<_>>()).len(),
            20
        );
    }

    #[test]
    fn bands_are_those_of_sirene() {
        assert_eq!(band("12"), Some(Headcount { least: 20, most: Some(49) }));
        assert_eq!(band("53"), Some(Headcount { least: 10_000, most: None }));
        assert_eq!(band("NN"), None);
    }
}
