//! Companies and their contacts. Public sources attest code, name and SIRET; the rest belongs to the hypothetical
//! profile.
//!
//! A company lies in the department of one of the fourteen sites; in the hypothetical profile it also names that site
//! (`codeSite`), except every tenth, which only its postcode places.

use super::places::{OF_COMPANY, address, site_code, town};
use super::{Record, Records};
use crate::options::{Fault, Options};
use crate::seed::{Draw, FIRST_NAMES, FUNCTIONS, LAST_NAMES, TRADES};
use serde_json::{Value, json};
use std::sync::Arc;

const FIRST_CODE: u64 = 1007;
const STEP: u64 = 7;

/// All companies in the order of their codes, generated one at a time.
pub fn all(options: &Arc<Options>) -> Records {
    let options = options.clone();
    let placeholder = options.faults.contains(&Fault::Placeholder);
    let first = placeholder.then(|| (0, json!({"codeEntreprise": 0, "nomEntreprise": "DONNÉE INCONNUE"})));
    let rows = (0..options.companies).flat_map(move |index| {
        let code = code_of(&options, index);
        let row = (!options.vanished.contains(&code)).then(|| (code, company(&options, index)));
        let again = row.clone().filter(|_| hit(&options, Fault::DuplicateRow, index));
        row.into_iter().chain(again)
    });
    Box::new(first.into_iter().chain(rows))
}

/// The company with this code.
pub fn one(options: &Options, code: u64) -> Option<Value> {
    Some(company(options, index_of(options, code)?))
}

/// The contacts of a company. None without the hypothetical profile, since no source shows one.
pub fn contacts(options: &Options, code: u64) -> Option<Vec<Record>> {
    let index = index_of(options, code)?;
    let mut draw = Draw::new(options.seed, "interlocuteurs", u64::from(index));
    let count = if options.profile.hypothetical { draw.below(4) } else { 0 };
    Some((0..count).map(|n| contact(&mut draw, code * 10 + n, code)).collect())
}

pub fn code_of(options: &Options, index: u32) -> u64 {
    FIRST_CODE + STEP * u64::from(index) + options.profile.code_offset
}

fn index_of(options: &Options, code: u64) -> Option<u32> {
    let distance = code.checked_sub(FIRST_CODE + options.profile.code_offset)?;
    let index = u32::try_from(distance / STEP).ok()?;
    (distance % STEP == 0 && index < options.companies && !options.vanished.contains(&code)).then_some(index)
}

fn company(options: &Options, index: u32) -> Value {
    let code = code_of(options, index);
    let mut draw = Draw::new(options.seed, "entreprise", u64::from(index));
    let name = format!("{} {} {}", draw.one(TRADES), draw.one(LAST_NAMES), index + 1);
    let mut record = json!({"codeEntreprise": code, "nomEntreprise": name, "siret": draw.siret()});
    if options.profile.hypothetical {
        let site = draw.below(14) as usize;
        let (postcode, town) = town(&mut draw, site);
        let mut address = address(options, &mut draw, OF_COMPANY, code, &postcode, &town);
        address["email"] = json!(format!("contact@entreprise-{code}.invalid"));
        record["enseigneEntreprise"] = json!(null);
        record["adresse"] = address;
        record["naf"] = json!(draw.one(&["2550A", "25.62B", "2594Z", "3320A", "2229A"]));
        record["effectif"] = json!(3 + draw.below(400));
        record["formeJuridique"] = json!(draw.one(&["SAS", "SARL", "SA", "SCOP"]));
        record["codeSite"] = if index % 10 == 9 { json!(null) } else { json!(site_code(options, site)) };
        record["dateModification"] = json!(draw.date(2022, 4));
        record["plusUtilise"] = json!(u8::from(options.archived.contains(&code)));
    }
    for &fault in &options.faults {
        if hit(options, fault, index) {
            spoil(options, fault, index, &mut record);
        }
    }
    record
}

/// Each fault affects one company in twenty, always the same ones; different faults affect different companies.
fn hit(options: &Options, fault: Fault, index: u32) -> bool {
    options.faults.contains(&fault) && index % 20 == fault as u32
}

fn spoil(options: &Options, fault: Fault, index: u32, record: &mut Value) {
    let emptied: &[&str] = &["/siret", "/naf", "/effectif", "/adresse/tel1", "/adresse/cp"];
    let mut set = |pointers: &[&str], value: Value| {
        for pointer in pointers {
            if let Some(field) = record.pointer_mut(pointer) {
                *field = value.clone();
            }
        }
    };
    match fault {
        Fault::CodesAsTexts => {
            record["codeEntreprise"] = json!(record["codeEntreprise"].to_string());
        }
        Fault::ValuesNull => set(emptied, json!(null)),
        Fault::ValuesEmpty => set(emptied, json!("")),
        Fault::ValuesZero => set(emptied, json!(0)),
        Fault::ValuesMissing => {
            record.as_object_mut().map(|fields| fields.remove("siret"));
        }
        Fault::DuplicateSiret => {
            let other = Draw::new(options.seed, "double", u64::from(index / 40)).siret();
            set(&["/siret"], json!(other));
        }
        Fault::SiretMissing => set(&["/siret"], json!(null)),
        Fault::SiretSpaced => {
            let siret = record["siret"].as_str().unwrap_or_default().to_owned();
            record["siret"] = json!(format!("{} {} {} {}", &siret[..3], &siret[3..6], &siret[6..9], &siret[9..]));
        }
        Fault::SiretShort => {
            let siret = record["siret"].as_str().unwrap_or_default().to_owned();
            record["siret"] = json!(siret[1..]);
        }
        Fault::SiretWrongKey => set(&["/siret"], json!("73282932000075")),
        Fault::Foreign => {
            set(&["/siret"], json!("BE0403170701"));
            set(&["/adresse/cp"], json!("7500"));
            set(&["/adresse/ville"], json!("TOURNAI-LA-NEUVE"));
            set(&["/adresse/pays/nomPays"], json!("BELGIQUE"));
        }
        Fault::BadDate => set(&["/dateModification"], json!("31/02/2026")),
        Fault::Cedex => set(&["/adresse/cp"], json!("59043 CEDEX 9")),
        Fault::BadPostcode => set(&["/adresse/cp"], json!("590")),
        Fault::ShortPostcode => set(&["/adresse/cp"], json!("2100")),
        Fault::UnknownFields => {
            record["champNouveau"] = json!({"profond": [1, {"plus": "encore"}]});
        }
        Fault::NoName => set(&["/nomEntreprise"], json!("")),
        // Repeats a whole row, not a field: see `all`.
        Fault::DuplicateRow | Fault::Placeholder => {}
    }
}

fn contact(draw: &mut Draw, code: u64, company: u64) -> Record {
    let record = json!({
        "codeInterlocuteur": code, "codeEntreprise": company, "codeCivilite": 1 + draw.below(2),
        "nomInterlocuteur": draw.one(LAST_NAMES), "prenomInterlocuteur": draw.one(FIRST_NAMES),
        "fonctionInterlocuteur": draw.one(FUNCTIONS), "tel1": draw.phone(), "tel2": null, "portable": "",
        "email": format!("interlocuteur.{code}@entreprise-{company}.invalid"), "plusUtilise": 0,
    });
    (code, record)
}
