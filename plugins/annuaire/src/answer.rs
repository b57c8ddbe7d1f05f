//! What the API answers, and which establishments of it fit the search.

use afpi_sdk::lookup::{Company, Wanted};
use serde::Deserialize;

use crate::establishment::Establishment;

/// The most companies of one answer, as the contract has it.
const MOST: usize = 10;

/// The answer of `/search`. Unknown fields are ignored.
#[derive(Debug, Default, Deserialize)]
pub struct Found {
    #[serde(default)]
    pub results: Vec<Unit>,
}

/// One company (unité légale).
#[derive(Debug, Deserialize)]
pub struct Unit {
    #[serde(default)]
    pub nom_complet: Option<String>,
    /// None for a person in business under his own name.
    #[serde(default)]
    pub nom_raison_sociale: Option<String>,
    /// `A` active, `C` ended.
    #[serde(default)]
    pub etat_administratif: Option<String>,
    #[serde(default)]
    pub tranche_effectif_salarie: Option<String>,
    #[serde(default)]
    pub siege: Option<Establishment>,
    #[serde(default)]
    pub matching_etablissements: Option<Vec<Establishment>>,
    #[serde(default)]
    pub complements: Option<Complements>,
}

/// What other registers say of a company.
#[derive(Debug, Default, Deserialize)]
pub struct Complements {
    #[serde(default)]
    pub liste_idcc: Option<Vec<String>>,
}

/// The companies that fit, in the order of the API: at most 10.
pub fn companies(wanted: &Wanted, postcode: &str, found: Found) -> Vec<Company> {
    let of = |unit: &Unit| -> Vec<Company> {
        let matching = unit.matching_etablissements.iter().flatten();
        let every = || unit.siege.iter().chain(unit.matching_etablissements.iter().flatten());
        let fitting: Vec<&Establishment> = match wanted {
            Wanted::Siret(siret) => every().find(|place| place.siret == *siret).into_iter().collect(),
            Wanted::Name(_) if !postcode.is_empty() => {
                let there: Vec<_> = matching.filter(|place| place.code_postal.as_deref() == Some(postcode)).collect();
                if there.is_empty() { unit.siege.iter().collect() } else { there }
            }
            _ => unit.siege.iter().collect(),
        };
        fitting.into_iter().filter_map(|place| place.company(unit)).collect()
    };
    found.results.iter().flat_map(of).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use afpi_sdk::lookup::Headcount;

    fn fixture(text: &str) -> Found {
        afpi_sdk::serde_json::from_str(text).unwrap()
    }

    fn one() -> Found {
        fixture(include_str!("../fixtures/siret.json"))
    }

    fn named() -> Found {
        fixture(include_str!("../fixtures/name.json"))
    }

    fn sirets(companies: &[Company]) -> Vec<&str> {
        companies.iter().map(|company| &*company.siret).collect()
    }

    #[test]
    fn a_siret_finds_its_establishment_and_no_other() {
        let found = companies(&Wanted::Siret("90000001900027".into()), "", one());
        let [company] = &*found else { panic!("{found:?}") };
        assert_eq!((&*company.name, &*company.siret), ("FORGES DU THERAIN", "90000001900027"));
        let address = &company.address;
        assert_eq!((&*address.line1, &*address.line2), ("12 B ZONE DU TILLOY", ""), "of the whole address");
        assert_eq!((&*address.postcode, &*address.city, &*address.country), ("60000", "BEAUVAIS", "FR"));
        assert_eq!((&*company.naf_code, &*company.naf_nomenclature), ("25.62B", "NAF rév. 2"));
        assert_eq!(company.idcc, ["3248"], "its own agreement, not the company's");
        assert_eq!(company.headcount, Some(Headcount { least: 50, most: Some(99) }));
        assert!(!company.closed);
        assert!(companies(&Wanted::Siret("90000001900035".into()), "", one()).is_empty());
    }

    #[test]
    fn a_siren_finds_the_head_office() {
        let found = companies(&Wanted::Siren("900000019".into()), "", one());
        let [company] = &*found else { panic!("{found:?}") };
        assert_eq!(&*company.siret, "90000001900019");
        let address = &company.address;
        assert_eq!((&*address.line1, &*address.line2), ("3 RUE DES FORGES", "BATIMENT C"), "of its parts");
        assert_eq!(&*address.city, "CREIL CEDEX");
        assert_eq!(company.idcc, ["3248", "0016"], "the company's, without codes that are none");
    }

    #[test]
    fn a_name_finds_head_offices_or_what_is_at_the_postcode() {
        let wanted = Wanted::Name("forges".into());
        assert_eq!(sirets(&companies(&wanted, "", named())), ["90000001900019", "90000002700012", "90000003500015"]);
        assert_eq!(
            sirets(&companies(&wanted, "60000", named())),
            ["90000001900027", "90000002700012", "90000003500015"]
        );
    }

    #[test]
    fn what_may_not_be_told_is_empty_and_what_is_closed_says_so() {
        let found = companies(&Wanted::Name("forges".into()), "", named());
        let partly = &found[1];
        assert_eq!(partly.name, "FORGE DE BRESLES");
        assert_eq!((&*partly.address.line1, &*partly.address.postcode, &*partly.address.city), ("", "", "BRESLES"));
        assert_eq!(partly.headcount, None);
        let closed = &found[2];
        assert!(closed.closed && !found[0].closed);
        assert!(!found.iter().any(|company| company.name.contains("NON-DIFFUSIBLE")), "nobody without a public name");
    }

    #[test]
    fn an_answer_without_results_or_with_holes_is_read() {
        for text in [
            "{}",
            r#"{"results":[]}"#,
            r#"{"results":[{}]}"#,
            r#"{"results":[{"siege":{"siret":"1"},"nom_complet":null}]}"#,
        ] {
            assert!(companies(&Wanted::Name("abc".into()), "", fixture(text)).is_empty(), "{text}");
        }
        let many = format!(
            r#"{{"results":[{}]}}"#,
            vec![r#"{"nom_complet":"A","siege":{"siret":"90000001900019"}}"#; 25].join(",")
        );
        assert_eq!(companies(&Wanted::Name("abc".into()), "", fixture(&many)).len(), MOST);
    }
}
