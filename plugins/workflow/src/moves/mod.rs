//! The moves of the relay. One table contains the roles, source statuses, conditions and effect of each move. This file
//! answers the three questions of the host. The effects are in one file per section.

pub mod collecte;
mod devis;
mod documents;
mod facturation;
mod montage;
mod pauses;
mod planification;
mod table;

use afpi_sdk::workflow::{Decision, Direction, Error, FieldProblem, Offer, Result};

use crate::case::Case;
use crate::forms::{self, inputs};
use crate::rights::{self, Right};
use crate::words::section;

pub use table::MOVES;

/// One move.
pub struct Move {
    pub id: &'static str,
    pub fr: &'static str,
    pub en: &'static str,
    pub direction: Direction,
    pub right: Right,
    pub sources: &'static [&'static str],
    /// The JSON Schema of the move's form. Empty if the move has no form.
    pub form: fn() -> String,
    /// The conditions that are not met, with pointers into the documents.
    pub blockers: fn(&Case) -> Vec<FieldProblem>,
    pub take: fn(&mut Case, input: &str) -> Result<()>,
}

/// # Errors
/// `not-found` for an unknown move, `denied` if the actor lacks the right, `conflict` from the wrong status. `invalid`
/// for missing values (with pointers into the documents) and for wrong values in `input` (with pointers into it).
pub fn decide(mut case: Case, transition: &str, input: &str) -> Result<Decision> {
    let step = MOVES.iter().find(|step| step.id == transition).ok_or_else(|| Error::NotFound(transition.into()))?;
    step.right.demand(case.actor, true)?;
    if !step.sources.contains(&case.status.id) {
        return Err(Error::conflict(
            &format!("« {} » n’est pas possible depuis « {} »", step.fr, case.status.fr),
            &format!("“{}” is not possible from “{}”", step.en, case.status.en),
        ));
    }
    step.right.demand(case.actor, step.right.held_by(case.actor, case.at()))?;
    let blockers = (step.blockers)(&case);
    if !blockers.is_empty() {
        return Err(Error::Invalid(blockers));
    }
    (step.take)(&mut case, input)?;
    case.decision()
}

/// The moves that this actor can see in this status, in the order of the table.
pub fn offers(case: &Case) -> Vec<Offer> {
    let open = |step: &&Move| step.sources.contains(&case.status.id) && step.right.held_by(case.actor, case.at());
    let offer = |step: &Move| {
        let blockers = (step.blockers)(case);
        Offer { transition: step.id.into(), allowed: blockers.is_empty(), blockers }
    };
    MOVES.iter().filter(open).map(offer).collect()
}

/// Adds a prefix to the pointers of problems.
fn problem_prefix(prefix: &str, problems: Vec<FieldProblem>) -> Vec<FieldProblem> {
    problems
        .into_iter()
        .map(|problem| FieldProblem { field: format!("{prefix}{}", problem.field), ..problem })
        .collect()
}

/// # Errors
/// `not-found` for an unknown section, `denied` if this actor may not edit it now, `invalid` for contradictions.
pub fn edit(mut case: Case, section: &str, document: &str) -> Result<Decision> {
    if !section::ALL.contains(&section) {
        return Err(Error::NotFound(section.into()));
    }
    if !rights::editable(case.status.id, case.actor).any(|open| open == section) {
        return Err(Error::denied(
            "Cette section n’est pas ouverte à votre rôle pour le moment",
            "This section is not open to your role at the moment",
        ));
    }
    let (before, window) = (case.dossier.clone(), case.window());
    let faults;
    match section {
        section::COLLECTE => {
            let sent: forms::Collecte = inputs::parse(document)?;
            faults = sent.faults(window);
            case.dossier.collecte = sent;
        }
        section::DEVIS => {
            let sent: forms::Devis = inputs::parse(document)?;
            faults = sent.faults(window);
            if faults.is_empty() {
                case.dossier.devis = sent.edited(&before.devis);
            }
        }
        section::MONTAGE => {
            let sent: forms::Montage = inputs::parse(document)?;
            faults = sent.faults(window);
            case.dossier.montage = sent.edited(before.devis.ht());
        }
        section::PLANIFICATION => {
            let sent: forms::Planification = inputs::parse(document)?;
            faults = sent.faults(window);
            case.dossier.planification = sent;
        }
        section::DOCUMENTS => {
            let sent: forms::Documents = inputs::parse(document)?;
            faults = sent.faults(window, &before.documents);
            case.dossier.documents = sent.edited();
        }
        _ => {
            let sent: forms::Facturation = inputs::parse(document)?;
            faults = sent.faults(&before.facturation);
            if faults.is_empty() {
                let of = (&before.devis, &before.montage);
                case.dossier.facturation = sent.edited(&before.facturation, of, &case.subject.entreprise_name);
            }
        }
    }
    if faults.is_empty() { case.decision() } else { Err(Error::Invalid(faults)) }
}
