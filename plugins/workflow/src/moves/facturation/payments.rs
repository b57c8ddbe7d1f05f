//! Payments and their counter-entries. A recorded payment stays. A separate row with a reason reverses it.

use afpi_sdk::money::{english, french};
use afpi_sdk::workflow::{Error, FieldProblem, Money, Result};

use super::{issued_on, reached};
use crate::case::Case;
use crate::forms::facturation::{Facture, Paiement};
use crate::forms::inputs::{Contrepassation, Reglement, parse, said};
use crate::forms::window::happened;
use crate::forms::{filled, problem};
use crate::words::fact;

pub fn missing_to_pay(case: &Case) -> Vec<FieldProblem> {
    if case.dossier.facturation.unpaid().next().is_some() {
        return Vec::new();
    }
    vec![problem("/facturation/factures", "nothing-to-pay", "Aucune facture à régler", "No invoice to be paid")]
}

pub fn pay(case: &mut Case, input: &str) -> Result<()> {
    let input: Reglement = parse(input)?;
    let billing = &case.dossier.facturation;
    let unpaid: Vec<&Facture> = billing.unpaid().collect();
    let invoice = match (filled(&input.facture), unpaid.as_slice()) {
        (None, [only]) => only,
        (None, _) => return Err(Error::required("/facture")),
        (Some(number), _) => {
            unpaid.iter().find(|invoice| invoice.numero.as_deref() == Some(number)).ok_or_else(|| {
                Error::invalid(
                    "/facture",
                    "unknown",
                    "Cette facture n’est pas à régler",
                    "This invoice is not to be paid",
                )
            })?
        }
    };
    let amount = within(input.montant, billing.balance(invoice), ("au solde de la facture", "the invoice’s balance"))?;
    let number = invoice
        .numero
        .clone()
        .ok_or_else(|| Error::conflict("Cette facture n’a pas encore de numéro", "This invoice has no number yet"))?;
    let issued = invoice.emise_le.unwrap_or(case.today);
    let day = happened(input.le, case.today, issued, ("date de la facture", "the date of the invoice"))?;
    let payment = Paiement {
        facture: number,
        le: day,
        montant: amount,
        mode: input.mode,
        reference: filled(&input.reference).map(String::from),
        annule: None,
        motif: None,
        net: None,
    };
    case.dossier.facturation.paiements.push(payment);
    case.tell(fact::PAIEMENT, day, amount, input.mode.id());
    settle(case, "enregistrer_paiement", "")
}

pub fn missing_to_reverse(case: &Case) -> Vec<FieldProblem> {
    let billing = &case.dossier.facturation;
    if (0..billing.paiements.len()).any(|row| billing.reversible(row).is_some_and(|left| left > 0)) {
        return Vec::new();
    }
    let (fr, en) = ("Aucun règlement à contre-passer", "No payment to reverse");
    vec![problem("/facturation/paiements", "nothing-to-reverse", fr, en)]
}

/// Reverses a payment: a bounced cheque, a wrong invoice, a refund.
pub fn reverse(case: &mut Case, input: &str) -> Result<()> {
    let input: Contrepassation = parse(input)?;
    let reason = said(&input.motif, "/motif")?;
    let billing = &case.dossier.facturation;
    let row = (input.reglement as usize).wrapping_sub(1);
    let (Some(payment), Some(left)) = (billing.paiements.get(row), billing.reversible(row).filter(|left| *left > 0))
    else {
        let (fr, en) =
            ("Ce règlement n’existe pas ou est déjà contre-passé", "This payment does not exist or has been reversed");
        return Err(Error::invalid("/reglement", "unknown", fr, en));
    };
    let amount = within(input.montant, left, ("à ce qui reste du règlement", "what is left of the payment"))?;
    // Payments that are older than these checks may have a day outside the limits.
    let first =
        issued_on(billing, &payment.facture).map_or(payment.le, |issued| issued.max(payment.le)).min(case.today);
    let day = happened(input.le, case.today, first, ("date du règlement", "the date of the payment"))?;
    let entry = Paiement {
        le: day,
        montant: -amount,
        reference: None,
        annule: Some(input.reglement),
        motif: Some(reason.clone()),
        net: None,
        ..payment.clone()
    };
    let mode = entry.mode;
    case.dossier.facturation.paiements.push(entry);
    case.tell(fact::PAIEMENT_ANNULE, day, amount, mode.id());
    settle(case, "contrepasser_reglement", &reason)
}

/// The given amount, which must be between one cent and `most`. Without an amount it is `most`.
fn within(amount: Option<Money>, most: Money, what: (&str, &str)) -> Result<Money> {
    let amount = amount.unwrap_or(most);
    if (1..=most).contains(&amount) {
        return Ok(amount);
    }
    let (fr, en) = (
        format!("D’un centime {}, {}", what.0, french(most)),
        format!("Between a cent and {}, {}", what.1, english(most)),
    );
    Err(Error::invalid("/montant", "out-of-range", &fr, &en))
}

fn settle(case: &mut Case, transition: &str, reason: &str) -> Result<()> {
    case.dossier.facturation.compute(&case.dossier.devis);
    case.go(transition, reached(&case.dossier.facturation), reason)
}
