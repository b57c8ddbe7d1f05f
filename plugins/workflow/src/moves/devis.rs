//! Section 2: sends a quote, records its signature or refusal, reworks the quote or gives it up.

use afpi_sdk::calendar::Date;
use afpi_sdk::workflow::{Error, FieldProblem, Result};

use super::montage;
use crate::case::Case;
use crate::forms::filled;
use crate::forms::inputs::{Acceptation, Refus, parse, said};
use crate::forms::window::happened;
use crate::statuses::*;
use crate::words::{fact, series};

pub fn missing(case: &Case) -> Vec<FieldProblem> {
    case.dossier.devis.missing(case.today)
}

pub fn send(case: &mut Case, _: &str) -> Result<()> {
    let (today, validity) = (case.today, i32::from(case.config.validite_devis_jours));
    let quote = &mut case.dossier.devis;
    let version = *quote.version.get_or_insert(1);
    quote.validite_jusquau.get_or_insert(today.plus(validity));
    quote.envoye_le = Some(today);
    quote.add_up();
    if quote.numero.is_none() {
        case.number(series::DEVIS, "/devis/numero".into());
    }
    case.tell(fact::DEVIS_ENVOYE, today, case.dossier.devis.ht(), &format!("v{version}"));
    case.go("envoyer_devis", DEVIS_ENVOYE, "")
}

pub fn accept(case: &mut Case, input: &str) -> Result<()> {
    let input: Acceptation = parse(input)?;
    let signed = answered(case, input.le)?;
    let quote = &mut case.dossier.devis;
    if quote.validite_jusquau.is_some_and(|until| signed > until) {
        let (fr, en) = (
            "Le devis n’était plus valable à cette date : reprenez-le",
            "The quote was no longer valid on that day: rework it",
        );
        return Err(Error::invalid("/le", "out-of-range", fr, en));
    }
    quote.signataire = Some(said(&input.signataire, "/signataire")?);
    quote.bon_commande = filled(&input.bon_commande).map(String::from);
    quote.accepte_le = Some(signed);
    case.tell(fact::DEVIS_ACCEPTE, signed, case.dossier.devis.ht(), "");
    case.go("accepter_devis", DEVIS_ACCEPTE, "")?;
    montage::open(case, "")
}

pub fn refuse(case: &mut Case, input: &str) -> Result<()> {
    let input: Refus = parse(input)?;
    let refused = answered(case, input.le)?;
    let reason = said(&input.motif, "/motif")?;
    let quote = &mut case.dossier.devis;
    (quote.refuse_le, quote.cause_refus, quote.motif_refus) = (Some(refused), Some(input.cause), Some(reason.clone()));
    case.tell(fact::DEVIS_REFUSE, refused, case.dossier.devis.ht(), input.cause.id());
    case.go("refuser_devis", DEVIS_REFUSE, &reason)
}

pub fn rework(case: &mut Case, _: &str) -> Result<()> {
    case.dossier.devis.next_version();
    case.go("reprendre_devis", EN_COURS_DEVIS, "")
}

pub fn close_lost(case: &mut Case, _: &str) -> Result<()> {
    let quote = &case.dossier.devis;
    let (cause, reason) = (quote.cause_refus.unwrap_or_default(), quote.motif_refus.clone().unwrap_or_default());
    case.tell(fact::CLOTURE_PERDUE, case.today, case.amount(), cause.id());
    case.go("classer_perdu", ANNULE, &reason)
}

/// The day of the customer's answer. It must not be before the quote was sent, and not after today.
fn answered(case: &Case, day: Option<Date>) -> Result<Date> {
    let sent = case.dossier.devis.envoye_le.unwrap_or(case.today);
    happened(day, case.today, sent, ("envoi du devis", "when the quote was sent"))
}
