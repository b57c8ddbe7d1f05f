//! Moves that send back, suspend, resume and cancel.

use afpi_sdk::workflow::{Error, FieldProblem, Result};

use crate::case::Case;
use crate::forms::facturation::{Facturation, Facture};
use crate::forms::inputs::{Annulation, Motif, Suspension, parse, said};
use crate::forms::problem;
use crate::forms::window::ahead;
use crate::moves::facturation::overpaid;
use crate::statuses::{self, *};
use crate::words::{fact, section};

pub fn missing_to_return(case: &Case) -> Vec<FieldProblem> {
    if !case.dossier.facturation.factures.iter().any(Facture::issued) {
        return Vec::new();
    }
    let (fr, en) = (
        "Des factures sont émises : le dossier ne peut plus revenir en arrière",
        "Invoices have been issued: the file cannot go back any more",
    );
    vec![problem("/facturation/factures", "issued", fr, en)]
}

/// Returns to the previous section. A signed quote gets a new version. The drafts of invoices are created again later.
pub fn send_back(case: &mut Case, input: &str) -> Result<()> {
    let input: Motif = parse(input)?;
    let reason = said(&input.motif, "/motif")?;
    let target = match case.status.section {
        section::DEVIS => EN_COURS_COLLECTE,
        section::MONTAGE => {
            case.withdraw_acceptance();
            case.dossier.devis.next_version();
            EN_COURS_DEVIS
        }
        section::PLANIFICATION => EN_COURS_MONTAGE,
        section::DOCUMENTS => EN_COURS_PLANIFICATION,
        section::FACTURATION => {
            case.dossier.facturation = Facturation::default();
            EN_COURS_DOCUMENTS
        }
        _ => return Err(Error::conflict("Il n’y a pas d’étape précédente", "There is no step before")),
    };
    case.go("retourner", target, &reason)
}

pub fn suspend(case: &mut Case, input: &str) -> Result<()> {
    let input: Suspension = parse(input)?;
    let reason = said(&input.motif, "/motif")?;
    if let Some(fault) = ahead("/relance", input.relance, case.today) {
        return Err(Error::Invalid(vec![fault]));
    }
    (case.notes.back_to, case.notes.follow_up) = (Some(case.status.id.into()), input.relance);
    case.go("suspendre", EN_ATTENTE, &reason)
}

pub fn resume(case: &mut Case, _: &str) -> Result<()> {
    let target = case
        .notes
        .back_to
        .take()
        .and_then(|status| statuses::find(&status))
        .map_or(EN_COURS_COLLECTE, |status| status.id);
    case.notes.follow_up = None;
    case.go("reprendre", target, "")
}

pub fn missing_to_cancel(case: &Case) -> Vec<FieldProblem> {
    if case.dossier.facturation.standing().next().is_none() {
        return overpaid(case).into_iter().collect();
    }
    let (fr, en) =
        ("Une facture est émise : émettez d’abord un avoir", "An invoice has been issued: issue a credit note first");
    vec![problem("/facturation/factures", "issued", fr, en)]
}

pub fn cancel(case: &mut Case, input: &str) -> Result<()> {
    let input: Annulation = parse(input)?;
    let reason = said(&input.motif, "/motif")?;
    case.withdraw_acceptance();
    case.tell(fact::ANNULE, case.today, case.amount(), case.at());
    case.book(Vec::new());
    case.notes = Default::default();
    case.go("annuler", ANNULE, &reason)
}
