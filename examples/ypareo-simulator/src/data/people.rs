//! Apprentices, groups, staff, contracts and prospects (field sheet 5.5, 5.6, 5.8, 5.10).
//!
//! Every twelfth apprentice carries a disability flag: a dummy, to prove that no reader keeps or logs it.

use super::places::{OF_APPRENTICE, address, site, site_code, town};
use super::references::{self, FORMATIONS, PERIODS};
use super::{Record, companies};
use crate::options::Options;
use crate::seed::{Draw, FIRST_NAMES, LAST_NAMES};
use serde_json::{Value, json};

pub const GROUPS: u64 = 14;
const STAFF: u64 = 30;

fn period(options: &Options, n: u64) -> u64 {
    11 + n % PERIODS + options.profile.code_offset
}

pub fn group_code(options: &Options, n: u64) -> u64 {
    8001 + n % GROUPS + options.profile.code_offset
}

/// `long`: groups of formation longue; otherwise those of formation courte (hypothetical route).
pub fn groups(options: &Options, long: bool) -> Vec<Record> {
    (0..GROUPS).filter(|n| (n % 3 != 2) == long).map(|n| group(options, n)).collect()
}

pub fn group(options: &Options, n: u64) -> Record {
    let code = group_code(options, n);
    let long = n % 3 != 2;
    let place = (n % 14) as usize;
    let record = json!({
        "codeGroupe": code, "nomGroupe": format!("GROUPE {n:02}"), "abregeGroupe": format!("G{n:02}"), "etenduGroupe": null,
        "codePeriode": period(options, n), "codeSite": site_code(options, place), "codeSiteFormation": site_code(options, place),
        "codeFormation": 501 + n % FORMATIONS + options.profile.code_offset, "codePersonnel": 7001 + options.profile.code_offset,
        "dateDebut": "01/09/2025", "dateFin": "30/06/2026", "dateCreation": "12/05/2025", "dateModification": "02/09/2025",
        "numeroAnnee": 1, "capaciteMini": 6, "capaciteMax": 14, "nbFrequentationActives": 9, "nbReservation": 0, "prixDeVente": null,
        "isFormationLongue": u8::from(long), "isModulaire": 0, "isPlanComplexe": 0, "isBp": 0, "estSalleEnExterieur": 0,
        "libelleEtatFacture": if n.is_multiple_of(4) { "Facturé" } else { "" }, "observationGenerale": null, "matieres": [],
    });
    (code, record)
}

pub fn apprentice_code(options: &Options, n: u32) -> u64 {
    1_400_001 + u64::from(n) + options.profile.code_offset
}

pub fn apprentices(options: &Options) -> impl Iterator<Item = Record> {
    (0..options.apprentices).map(|n| apprentice(options, n))
}

pub fn apprentice(options: &Options, n: u32) -> Record {
    let code = apprentice_code(options, n);
    let mut draw = Draw::new(options.seed, "apprenant", u64::from(n));
    let place = (n % 14) as usize;
    let (postcode, town) = town(&mut draw, place);
    let group = u64::from(n) % GROUPS;
    let (site_code, site) = site(options, place);
    let pick = |list: Vec<Record>, at: u64| list.into_iter().nth(at as usize).unwrap_or((0, Value::Null));
    let (status_code, status) = pick(references::statuses(options), u64::from(n) % 3);
    let (year_code, year) = pick(references::years(options), 0);
    let (formation_code, formation) = pick(references::formations(options), 1 + group % FORMATIONS);
    let record = json!({
        "codeApprenant": code, "codeIne": format!("{:011}FF", 60_000_000_000_u64 + u64::from(n)), "codeCivilite": 1 + n % 2,
        "nomApprenant": draw.one(LAST_NAMES), "nomJeuneFille": "", "prenomApprenant": draw.one(FIRST_NAMES), "prenom2Apprenant": null,
        "sexe": if n.is_multiple_of(2) { "M" } else { "F" }, "dateNaissance": draw.date(2002, 6), "lieuNaissance": "VILLE INVENTÉE", "deptNaissance": "02",
        "adresse": address(options, &mut draw, OF_APPRENTICE, code, &postcode, &town), "adresse2": null, "contactAdresse": null,
        "estReconnuHandicape": u8::from(n.is_multiple_of(12)), "dateCreation": "15/06/2025", "dateModification": "01/09/2025", "numeroBadge": format!("B{n:05}"),
        "informationsCourantes": {"codeGroupe": group_code(options, group), "codeQualite": 1, "codeInscription": code * 2, "codeCalendrier": 1},
        "codeNationalite": 1, "codeOrigineScolaire": 4, "codeDiplomeObtenu": 2,
        "inscriptions": [{
            "codeInscription": code * 2, "codeApprenant": code, "isInscriptionEnCours": 1, "isInscriptionFc": 0, "isIndividuel": 0,
            "codePeriode": period(options, group), "codeSite": site_code, "site": site, "codeStatut": status_code, "statut": status,
            "codeSituation": 1, "situation": {"codeDiplomePrepare": 3, "nomDiplomePrepare": "BTS", "codeAnnee": year_code, "nomAnnee": year["nomAnnee"]},
            "codeAnnee": year_code, "annee": year, "codeFormation": formation_code, "formation": formation, "dateDepart": null,
        }],
    });
    (code, record)
}

/// The groups of an apprentice: its `frequentes` row.
pub fn attendance(options: &Options, n: u32) -> Record {
    let code = apprentice_code(options, n);
    let record = json!({"codeApprenant": code, "codeGroupe": group_code(options, u64::from(n)), "dateDeb": "01/09/2025", "dateFin": "",
        "codePeriode": period(options, u64::from(n) % GROUPS)});
    (code, record)
}

pub fn staff(options: &Options) -> Vec<Record> {
    (0..STAFF).map(|n| staff_member(options, n)).collect()
}

pub fn staff_member(options: &Options, n: u64) -> Record {
    let code = 7001 + n + options.profile.code_offset;
    let mut draw = Draw::new(options.seed, "personnel", n);
    let record = json!({"codePersonnel": code, "nomPersonnel": draw.one(LAST_NAMES), "prenomPersonnel": draw.one(FIRST_NAMES),
        "login": if n.is_multiple_of(5) { Value::Null } else { json!(format!("formateur{n}")) }, "plusUtilise": u8::from(n % 11 == 10)});
    (code, record)
}

/// One contract per apprentice. Some have no employer (null, 0), and some an employer that is not in the company list.
pub fn contract(options: &Options, n: u32) -> Record {
    let code = 60_001 + u64::from(n) + options.profile.code_offset;
    let employer = match n % 25 {
        7 => Value::Null,
        13 => json!(0),
        19 => json!(9_999_999),
        _ => json!(companies::code_of(options, n % options.companies.max(1))),
    };
    let broken = n % 17 == 16;
    let record = json!({"codeContrat": code, "codeApprenant": apprentice_code(options, n), "codeEntreprise": employer,
        "dateDebContrat": "01/09/2025", "dateFinContrat": "31/08/2027", "dateResiliation": if broken { "15/01/2026" } else { "" },
        "nomMotifResiliation": if broken { json!("Rupture d'un commun accord") } else { Value::Null }, "resilEnCours": 0, "npecOpco": 8400,
        "codePeriode": period(options, u64::from(n) % GROUPS), "codeSite": site_code(options, (n % 14) as usize)});
    (code, record)
}

/// Candidates, with their events.
pub fn prospect(options: &Options, n: u32) -> Record {
    let code = 2_900_001 + u64::from(n) + options.profile.code_offset;
    let mut draw = Draw::new(options.seed, "prospect", u64::from(n));
    let record = json!({"codeApprenant": code, "nomApprenant": draw.one(LAST_NAMES), "prenomApprenant": draw.one(FIRST_NAMES),
        "dateCreation": draw.date(2025, 2), "estProspect": 1,
        "formationsSouhaitees": [{"nomFormation": "SOUDAGE TIG 1", "nomAnnee": "1e année", "nomStatut": "Apprenti"}],
        "evenementsRacines": [{"dernierEvenement": {"codeTypeEvenement": 21 + options.profile.code_offset, "codeEtapeEvenement": 1 + n % 3, "nomEtapeEvenement": "Reçu"}}]});
    (code, record)
}
