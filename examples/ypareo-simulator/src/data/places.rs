//! The fourteen sites, and the address object that every kind of record shares (field sheet 5.2, 5.3).

use super::Record;
use crate::options::Options;
use crate::seed::{Draw, STREETS, TOWNS};
use serde_json::{Value, json};

/// Department, name and town of each training centre, like the CRM's localisations.
pub const SITES: [(&str, &str, &str); 14] = [
    ("02", "AISNE", "SAINT-QUENTIN"),
    ("60", "OISE", "BEAUVAIS"),
    ("80", "SOMME", "AMIENS"),
    ("59", "NORD", "LILLE"),
    ("62", "PAS-DE-CALAIS", "ARRAS"),
    ("77", "SEINE-ET-MARNE", "MEAUX"),
    ("78", "YVELINES", "VERSAILLES"),
    ("91", "ESSONNE", "ÉVRY"),
    ("92", "HAUTS-DE-SEINE", "NANTERRE"),
    ("93", "SEINE-SAINT-DENIS", "SAINT-DENIS"),
    ("94", "VAL-DE-MARNE", "CRÉTEIL"),
    ("95", "VAL-D'OISE", "CERGY"),
    ("75", "PARIS", "PARIS"),
    ("35", "BRETAGNE", "RENNES"),
];

/// Owner kinds seen in real data.
pub const OF_SITE: u32 = 114_500;
pub const OF_APPRENTICE: u32 = 7500;
/// Not seen anywhere: an invented number for companies.
pub const OF_COMPANY: u32 = 63_500;

pub fn site_code(options: &Options, index: usize) -> u64 {
    3_900_001 + index as u64 + options.profile.code_offset
}

pub fn site(options: &Options, index: usize) -> Record {
    let (department, name, town) = SITES[index];
    let code = site_code(options, index);
    let mut draw = Draw::new(options.seed, "site", index as u64);
    let postcode = format!("{department}{}00", if department == "75" { "0" } else { "1" });
    let record = json!({
        "codeSite": code, "nomFormeJuridique": "ASSOCIATION", "nomSite": format!("AFPI {name}"), "abregeSite": format!("AFPI-{department}"),
        "etenduSite": format!("Pôle formation {name}"), "regroupementSite": "",
        "adresse": address(options, &mut draw, OF_SITE, code, &postcode, town),
        "rne": format!("0{department}9999A"), "naf": "8559A", "siret": draw.siret(),
        "numeroExistence": format!("22{department}{:07}", draw.below(10_000_000)),
        "civiliteDirigeant": "Madame", "nomDirigeant": "TAILLEVENT", "prenomDirigeant": "Maïwenn", "plusUtilise": 0,
        // Dummies: they prove that no reader keeps or logs them.
        "listeRib": [{"codeRib": code, "codeBanque": "99999", "codeGuichet": "00000", "numeroCompte": "RIBFACTICE1", "cleRib": "00",
            "ibanPays": "FR00", "bic": "FACTICEXXX", "titulaire": "AFPI FACTICE", "isAutorisePrelevement": 1}],
    });
    (code, record)
}

/// An address in this town. The owner fills in e-mail and telephones.
pub fn address(options: &Options, draw: &mut Draw, kind: u32, owner: u64, postcode: &str, town: &str) -> Value {
    let code = owner * 10 + 1;
    json!({
        "codeAdresse": code, "codeCommune": 40_000 + draw.below(900), "codePays": 1 + options.profile.code_offset,
        "adr1": format!("{} {}", 1 + draw.below(180), draw.one(STREETS)), "adr2": if draw.below(4) == 0 { "BÂT. B" } else { "" },
        "adr3": null, "adr4": null, "codeRessource": owner, "typeRessource": kind, "typeAdresse": 70,
        "cp": postcode, "ville": town, "email": null, "fax": null, "province": "", "tel1": draw.phone(), "tel2": null, "zoneLibre": null,
        "commune": {"codeCommune": 40_000, "codeBassin": 12, "codeCanton": 3, "nomenclDepartement": &postcode[..2.min(postcode.len())],
            "codePostal": postcode, "nomenclInsee": format!("{postcode:0>5}"), "nomCommune": town},
        "pays": country(options),
    })
}

pub fn country(options: &Options) -> Value {
    json!({
        "codePays": 1 + options.profile.code_offset, "nomPays": "FRANCE", "formatCp": "99999", "formatSiret": "99999999999999",
        "formatTel": "99.99.99.99.99", "indicatifTel": "33", "isProvince": 0, "isSiretObligatoire": 1, "libelleSiret": "SIRET",
        "nomenclPays": "FR", "nomenclPaysInsee": "99100", "numOrdre": 1,
    })
}

/// A town and postcode of the site's department.
pub fn town(draw: &mut Draw, site: usize) -> (String, String) {
    let department = SITES[site].0;
    let town = if draw.below(3) == 0 { SITES[site].2 } else { draw.one(TOWNS) };
    (format!("{department}{:03}", 100 + draw.below(800)), town.to_owned())
}
