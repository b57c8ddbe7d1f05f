//! Ypareo's own sites (`/sites`): the training centres, and the localisation of the CRM for each of them.
//!
//! A site's record also contains bank accounts (`listeRib`). Their paths are not requested, so they are never read.

use crate::fields::Field;
use crate::pick::{Paths, Picked};
use crate::reading::{Refusal, Taken, clean};
use crate::settings::SiteRule;
use crate::values;
use afpi_sdk::connector::Item;
use serde::Serialize;
use std::collections::HashMap;

/// The paths of a site's record. They are well documented, unlike those of a company, so they are not settings.
pub struct SiteReader {
    pub paths: Paths,
    code: Field,
    name: Field,
    short: Field,
    city: Field,
    postcode: Field,
    siret: Field,
    nda: Field,
    archived: Field,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Localisation {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    siret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nda: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    localisation_code: Option<String>,
}

impl Default for SiteReader {
    fn default() -> Self {
        let mut paths = Paths::default();
        let mut field = |list| Field::new(&mut paths, list);
        SiteReader {
            code: field("codeSite"),
            name: field("nomSite"),
            short: field("abregeSite"),
            city: field("adresse.ville, adresse.commune.nomCommune"),
            postcode: field("adresse.cp, adresse.commune.codePostal"),
            siret: field("siret"),
            nda: field("numeroExistence"),
            archived: field("plusUtilise"),
            paths,
        }
    }
}

impl SiteReader {
    /// Reads a site as a `localisation`, and stores its place in `sites`.
    pub fn read(&self, picked: &Picked, sites: &mut Sites) -> Result<Taken, Refusal> {
        let code = self.code.first(picked).and_then(values::code);
        let code = code.ok_or_else(|| Refusal::new("", "site sans code", "site without a code"))?;
        let name = self.name.first(picked).and_then(|name| values::line(name, 200));
        let name = name.ok_or_else(|| Refusal::new(code, "site sans nom", "site without a name"))?;
        let archived = self.archived.first(picked).is_some_and(values::flag);
        let postcode = self.postcode.first(picked).and_then(|cp| values::postcode(cp, true));
        if !archived {
            sites.learn(code, self.short.first(picked), postcode.as_deref());
        }
        let mut flaws = Vec::new();
        let fields = Localisation {
            name,
            city: self.city.first(picked).and_then(|city| values::line(city, 100)),
            siret: clean(self.siret.first(picked), &mut flaws, values::siret),
            nda: self.nda.first(picked).and_then(|nda| values::line(nda, 20)),
            localisation_code: sites.of_site(code).map(str::to_owned),
        };
        let fields =
            serde_json::to_string(&fields).map_err(|_| Refusal::new(code, "fiche illisible", "unreadable record"))?;
        let item = Item {
            entity: "localisation".into(),
            external_id: code.to_string(),
            parent: String::new(),
            archived,
            fields,
        };
        Ok(Taken { item, flaws })
    }
}

/// The localisation (by its code, `AFPI-02`) of a site or of a department.
///
/// A rule of the settings has priority over the records of the sites.
#[derive(Debug, Default)]
pub struct Sites {
    by_site: HashMap<u64, String>,
    by_department: HashMap<String, Nearest>,
}

/// How a department's companies get their localisation.
#[derive(Debug, PartialEq)]
enum Nearest {
    /// The settings name the localisation. The records of the sites do not change it.
    Ruled(String),
    /// It is the only localisation in the department.
    Alone(String),
    /// The department has several localisations, so a postcode does not decide.
    Several,
}

impl Sites {
    pub fn new(rules: &[SiteRule]) -> Self {
        let mut sites = Sites::default();
        for rule in rules {
            let localisation = rule.localisation.trim().to_owned();
            for department in rule.departments.split([',', ' ', ';']).filter(|d| !d.is_empty()) {
                sites.by_department.insert(department.to_ascii_uppercase(), Nearest::Ruled(localisation.clone()));
            }
            sites.by_site.insert(rule.code_site, localisation);
        }
        sites
    }

    fn learn(&mut self, code: u64, short: Option<&str>, postcode: Option<&str>) {
        if let Some(own) = short.and_then(afpi_code) {
            self.by_site.entry(code).or_insert(own);
        }
        let (Some(localisation), Some(department)) = (self.by_site.get(&code), postcode.and_then(values::department))
        else {
            return;
        };
        let nearest = self.by_department.entry(department).or_insert_with(|| Nearest::Alone(localisation.clone()));
        if matches!(nearest, Nearest::Alone(first) if first != localisation) {
            *nearest = Nearest::Several;
        }
    }

    /// The localisation of a Ypareo site.
    pub fn of_site(&self, code: u64) -> Option<&str> {
        self.by_site.get(&code).map(String::as_str)
    }

    /// The localisation for a French postcode, by its department.
    pub fn of_postcode(&self, postcode: &str) -> Option<&str> {
        match self.by_department.get(&values::department(postcode)?)? {
            Nearest::Ruled(localisation) | Nearest::Alone(localisation) => Some(localisation),
            Nearest::Several => None,
        }
    }
}

/// `AFPI-02`, also written `afpi 02` or `AFPI02`.
fn afpi_code(short: &str) -> Option<String> {
    let rest = short.trim().to_ascii_uppercase();
    let rest = rest.strip_prefix("AFPI")?.trim_start_matches(['-', ' ', '_']);
    let department =
        matches!(rest.as_bytes(), [b'0'..=b'9', b'0'..=b'9' | b'A' | b'B'] | [b'9', b'7' | b'8', b'0'..=b'9']);
    department.then(|| format!("AFPI-{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str, sites: &mut Sites) -> Result<Taken, Refusal> {
        let reader = SiteReader::default();
        reader.read(&reader.paths.pick(json).expect("JSON"), sites)
    }

    const AISNE: &str = r#"{"codeSite": 3900002, "nomSite": "AFPI AISNE", "abregeSite": "AFPI-02", "siret": "732 829 320 00074",
        "numeroExistence": "22020012302", "adresse": {"cp": "2100", "ville": "SAINT-QUENTIN"}, "plusUtilise": 0,
        "listeRib": [{"numeroCompte": "00012345678", "bic": "FAUXFRPP"}]}"#;

    #[test]
    fn a_site_becomes_a_localisation_and_no_account_number_passes() {
        let mut sites = Sites::default();
        let taken = read(AISNE, &mut sites).expect("a site");
        assert_eq!((taken.item.entity.as_str(), taken.item.external_id.as_str()), ("localisation", "3900002"));
        assert_eq!(
            taken.item.fields,
            r#"{"name":"AFPI AISNE","city":"SAINT-QUENTIN","siret":"73282932000074","nda":"22020012302","localisationCode":"AFPI-02"}"#
        );
        assert_eq!(sites.of_site(3_900_002), Some("AFPI-02"));
        assert_eq!(sites.of_postcode("02800"), Some("AFPI-02"));
        assert_eq!(sites.of_postcode("59000"), None);
    }

    #[test]
    fn rules_win_over_what_a_site_says() {
        let rules = [SiteRule { code_site: 3_900_002, localisation: "AFPI-60".into(), departments: "60, 02".into() }];
        let mut sites = Sites::new(&rules);
        read(AISNE, &mut sites).expect("a site");
        assert_eq!(sites.of_site(3_900_002), Some("AFPI-60"));
        assert_eq!((sites.of_postcode("02100"), sites.of_postcode("60000")), (Some("AFPI-60"), Some("AFPI-60")));
    }

    #[test]
    fn two_sites_in_one_department_leave_its_companies_alone() {
        let mut sites = Sites::default();
        read(AISNE, &mut sites).expect("a site");
        let other = AISNE.replace("3900002", "7").replace("AFPI-02", "AFPI-80");
        read(&other, &mut sites).expect("a site");
        assert_eq!(sites.of_postcode("02100"), None);
        assert_eq!(sites.of_site(7), Some("AFPI-80"));
    }

    #[test]
    fn archived_sites_attract_nothing_and_faulty_ones_are_refused() {
        let mut sites = Sites::default();
        let archived = AISNE.replace(r#""plusUtilise": 0"#, r#""plusUtilise": "1""#);
        assert!(read(&archived, &mut sites).expect("a site").item.archived);
        assert_eq!(sites.of_postcode("02100"), None);
        assert!(read(r#"{"nomSite": "X"}"#, &mut sites).is_err());
        assert!(read(r#"{"codeSite": 4, "nomSite": ""}"#, &mut sites).is_err());
    }

    #[test]
    fn short_names_that_are_codes() {
        for (short, expected) in [
            ("AFPI-02", Some("AFPI-02")),
            ("afpi 59", Some("AFPI-59")),
            ("AFPI2A", Some("AFPI-2A")),
            ("AFPI-974", Some("AFPI-974")),
            ("AFPI", None),
            ("AFPI-NORD", None),
            ("CFA-02", None),
        ] {
            assert_eq!(afpi_code(short).as_deref(), expected, "{short}");
        }
    }
}
