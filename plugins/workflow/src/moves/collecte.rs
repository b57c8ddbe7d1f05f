//! Section 1: creates, submits, validates and rejects an opportunité.

use afpi_sdk::workflow::{Decision, Error, FieldProblem, Result};

use super::problem_prefix;
use crate::case::Case;
use crate::forms::inputs::{Motif, parse, said};
use crate::statuses::*;

/// # Errors
/// `invalid` without a title, with a negative budget, or with contradictions in the first document.
pub fn start(mut case: Case) -> Result<Decision> {
    let mut faults = problem_prefix("/data/collecte", case.dossier.collecte.faults(case.window()));
    if case.subject.title.trim().is_empty() {
        faults.push(FieldProblem::required("/title"));
    }
    if case.subject.budget < 0 {
        faults.push(crate::forms::problem(
            "/budget",
            "out-of-range",
            "Le budget ne peut être négatif",
            "The budget cannot be negative",
        ));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    // The owners of later sections enter their fields there, so a creation keeps only the first document.
    case.dossier = crate::forms::Dossier { collecte: case.dossier.collecte, ..Default::default() };
    case.notes.clock = Some(case.now);
    case.decision()
}

pub fn missing(case: &Case) -> Vec<FieldProblem> {
    case.dossier.collecte.missing()
}

pub fn submit(case: &mut Case, _: &str) -> Result<()> {
    case.go("soumettre", EN_ATTENTE_VALIDATION, "")
}

/// The person who submitted the opportunité takes it back before there is an answer.
pub fn recall(case: &mut Case, _: &str) -> Result<()> {
    case.go("reprendre_saisie", EN_COURS_COLLECTE, "")
}

pub fn validate(case: &mut Case, _: &str) -> Result<()> {
    case.go("valider", EN_COURS_DEVIS, "")
}

pub fn reject(case: &mut Case, input: &str) -> Result<()> {
    let input: Motif = parse(input)?;
    case.go("rejeter", EN_COURS_COLLECTE, &said(&input.motif, "/motif")?)
}
