//! Section 5: the documents are complete, and the training can take place.

use afpi_sdk::workflow::{FieldProblem, Result};

use super::facturation;
use crate::case::Case;
use crate::forms::documents::required_by;
use crate::statuses::*;

pub fn open(case: &mut Case, _: &str) -> Result<()> {
    case.go("ouvrir_documents", EN_COURS_DOCUMENTS, "")
}

pub fn missing(case: &Case) -> Vec<FieldProblem> {
    let dossier = &case.dossier;
    let wanted = case.config.pieces_avant_formation.iter().copied().chain(required_by(&dossier.montage));
    let mut missing = dossier.documents.missing(wanted);
    missing.extend(dossier.documents.late_convention(dossier.planification.span().map(|(first, _)| first)));
    missing
}

pub fn ready(case: &mut Case, _: &str) -> Result<()> {
    case.go("documents_prets", PRET_FORMATION, "")?;
    facturation::open(case, "")
}
