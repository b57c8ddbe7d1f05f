//! Section 4: the schedule is confirmed, and trainers and rooms are booked.

use afpi_sdk::workflow::{FieldProblem, Result};

use super::documents;
use crate::case::Case;
use crate::statuses::*;

pub fn open(case: &mut Case, _: &str) -> Result<()> {
    case.go("ouvrir_planification", EN_COURS_PLANIFICATION, "")
}

pub fn missing(case: &Case) -> Vec<FieldProblem> {
    case.dossier.planification.missing()
}

pub fn plan(case: &mut Case, _: &str) -> Result<()> {
    case.book(case.dossier.planification.bookings());
    case.go("planifier", PLANIFIE, "")?;
    documents::open(case, "")
}
