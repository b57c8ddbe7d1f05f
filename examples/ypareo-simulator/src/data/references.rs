//! Reference data: periods, years, statuses, courses, countries, nationalities, kinds of events (field sheet 5.1, 5.4).

use super::Record;
use super::places::country;
use crate::options::Options;
use serde_json::{Value, json};

pub const PERIODS: u64 = 3;
pub const FORMATIONS: u64 = 12;

/// Names a code and a record by the same number, in this instance's numbering.
fn numbered(options: &Options, from: u64, count: u64, record: impl Fn(u64, u64) -> Value) -> Vec<Record> {
    (0..count).map(|n| (n, from + n + options.profile.code_offset)).map(|(n, code)| (code, record(n, code))).collect()
}

pub fn periods(options: &Options) -> Vec<Record> {
    numbered(options, 11, PERIODS, |n, code| {
        let year = 2024 + n;
        json!({"codePeriode": code, "nomPeriode": format!("{year}-{}", year + 1), "dateDeb": format!("28/08/{year}"), "dateFin": format!("27/08/{}", year + 1)})
    })
}

pub fn years(options: &Options) -> Vec<Record> {
    numbered(
        options,
        1,
        3,
        |n, code| json!({"codeAnnee": code, "nomAnnee": format!("{}e année", n + 1), "abregeAnnee": format!("A{}", n + 1), "numeroAnnee": n + 1}),
    )
}

pub fn statuses(options: &Options) -> Vec<Record> {
    const NAMES: [(&str, &str); 3] = [
        ("Apprenti", "APP"),
        ("Contrat de professionnalisation", "CPRO"),
        ("Stagiaire de la formation continue", "FC"),
    ];
    numbered(options, 1, 3, |n, code| {
        let (name, short) = NAMES[n as usize];
        json!({"codeStatut": code, "nomStatut": name, "abregeStatut": short, "isFacturableNpec": u8::from(n == 0), "isFacturableContrat": 1,
            "isFacturableFormation": u8::from(n == 2), "plusUtilise": 0})
    })
}

/// The first one is the placeholder that real instances have: a few fields only.
pub fn formations(options: &Options) -> Vec<Record> {
    const NAMES: [&str; 4] =
        ["SOUDAGE TIG", "USINAGE CN", "HABILITATION ÉLECTRIQUE B1V", "BTS MAINTENANCE DES SYSTÈMES"];
    let mut list = vec![(0, json!({"codeFormation": 0, "nomFormation": "DONNÉE INCONNUE"}))];
    list.extend(numbered(options, 501, FORMATIONS, |n, code| {
        let long = n % 4 == 3;
        json!({
            "codeFormation": code, "nomFormation": format!("{} {}", NAMES[(n % 4) as usize], n / 4 + 1), "abregeFormation": format!("F{n:02}"),
            "etenduFormation": null, "codeEn": "", "dureeMois": if long { 24 } else { 0 }, "dureeJours": 5, "dureeHeures": if long { 1350 } else { 35 },
            "codeSecteurActivite": 3, "nomSecteurActivite": "INDUSTRIE", "codePersonnel": 7001, "prixVente": 1450.0 + n as f64, "uniteFacturation": 1,
            "nomUniteFacturation": "Groupe", "estFormationLongue": u8::from(long), "estFormationCourte": u8::from(!long),
            "plusUtilise": u8::from(n == 5), "diplome": null, "niveau": null, "npec": {"npecMax": 9200, "npecMoyen": 8400, "npecMin": 7600},
            "certification": {"typeCertification": "RNCP", "nomenclature": format!("RNCP{}", 30_000 + n), "nom": "Titre inventé"},
        })
    }));
    list
}

pub fn countries(options: &Options) -> Vec<Record> {
    vec![(1 + options.profile.code_offset, country(options))]
}

pub fn nationalities(_: &Options) -> Vec<Record> {
    [(0, "Inconnue", ""), (1, "Française", "FR"), (2, "Autre", "AU")]
        .map(|(code, name, short)| {
            (code, json!({"codeNationalite": code, "nomNationalite": name, "abregeNationalite": short}))
        })
        .into()
}

pub fn event_kinds(options: &Options) -> Vec<Record> {
    numbered(
        options,
        21,
        2,
        |n, code| json!({"codeTypeEvenement": code, "nomTypeEvenement": if n == 0 { "Entretien" } else { "Forum" }, "etapes": []}),
    )
}
