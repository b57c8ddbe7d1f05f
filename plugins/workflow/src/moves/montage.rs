//! Section 3: the requests are sent, and the funding is settled.

use afpi_sdk::workflow::{FieldProblem, Result};

use super::planification;
use crate::case::Case;
use crate::statuses::*;

pub fn open(case: &mut Case, _: &str) -> Result<()> {
    let quote = case.dossier.devis.ht();
    case.dossier.montage = std::mem::take(&mut case.dossier.montage).edited(quote);
    case.go("ouvrir_montage", EN_COURS_MONTAGE, "")
}

pub fn missing_to_file(case: &Case) -> Vec<FieldProblem> {
    case.dossier.montage.missing_to_file()
}

pub fn file(case: &mut Case, _: &str) -> Result<()> {
    case.go("deposer_financement", EN_ATTENTE_FINANCEMENT, "")
}

pub fn missing_to_settle(case: &Case) -> Vec<FieldProblem> {
    case.dossier.montage.missing_to_settle(case.dossier.devis.ht())
}

pub fn settle(case: &mut Case, _: &str) -> Result<()> {
    let quote = case.dossier.devis.ht();
    let funding = &mut case.dossier.montage;
    if funding.financeurs.is_empty() {
        funding.part_entreprise = Some(quote);
    }
    funding.reste_a_couvrir = Some(0);
    case.go("valider_financement", FINANCEMENT_VALIDE, "")?;
    planification::open(case, "")
}
