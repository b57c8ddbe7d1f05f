//! Section 6: issues invoices, closes the record, and opens it again for corrections.

mod credit;
mod deposits;
mod payments;

use afpi_sdk::calendar::Date;
use afpi_sdk::money::{english, french};
use afpi_sdk::workflow::{Error, FieldProblem, Result};

pub use credit::{credit, missing_to_credit};
pub use deposits::{deposit, missing_to_deposit};
pub use payments::{missing_to_pay, missing_to_reverse, pay, reverse};

use crate::case::Case;
use crate::forms::facturation::{Facturation, Facture};
use crate::forms::inputs::{Emission, Motif, SansFacture, parse, said};
use crate::forms::{filled, problem};
use crate::statuses::*;
use crate::words::{fact, series};

pub fn open(case: &mut Case, _: &str) -> Result<()> {
    if case.dossier.facturation.factures.is_empty() {
        let dossier = &mut case.dossier;
        dossier.facturation = Facturation::drafted(&dossier.devis, &dossier.montage, &case.subject.entreprise_name);
    }
    case.go("ouvrir_facturation", EN_COURS_FACTURATION, "")
}

pub fn missing_to_issue(case: &Case) -> Vec<FieldProblem> {
    let mut missing = papers(case);
    missing.extend(case.dossier.facturation.missing(&case.dossier.devis));
    missing
}

/// The missing documents that prove the training.
fn papers(case: &Case) -> Vec<FieldProblem> {
    case.dossier.documents.missing(case.config.pieces_avant_facture.iter().copied())
}

/// Issues drafts. The date of an invoice is the day on which it gets its number. The host refuses a day before the last
/// one of the series. If there is no draft (one was removed with a reason), only the status changes.
pub fn issue(case: &mut Case, input: &str) -> Result<()> {
    let input: Emission = parse(input)?;
    let drafts =
        case.dossier.facturation.factures.iter().enumerate().filter(|(_, row)| !row.issued()).map(|(row, _)| row);
    let rows: Vec<usize> = match input.rang {
        None => drafts.collect(),
        Some(rank) => drafts.filter(|row| row + 1 == rank as usize).collect(),
    };
    if rows.is_empty() && input.rang.is_some() {
        return Err(Error::invalid(
            "/rang",
            "unknown",
            "Cette ligne n’est pas une facture à émettre",
            "This row is not an invoice to issue",
        ));
    }
    let early = if rows.is_empty() { None } else { delivered(case, filled(&input.motif_avance), "/motifAvance")? };
    let (today, due) = (case.today, case.today.plus(i32::from(case.config.delai_paiement_jours)));
    case.dossier.facturation.name_buyers(&case.subject.entreprise_name);
    for row in rows {
        let deducted = case.dossier.facturation.deduct(row).map_err(|fault| Error::Invalid(vec![fault]))?;
        let invoice = &mut case.dossier.facturation.factures[row];
        (invoice.emise_le, invoice.echeance_le) = (Some(today), Some(due));
        invoice.motif_avance.clone_from(&early);
        invoice.motif_presence = filled(&input.motif_presence).map(String::from);
        // The deposits were told when they were issued.
        let (amount, payer) = (invoice.ht() - deducted, invoice.payeur.id());
        case.number(series::FACTURE, format!("/facturation/factures/{row}/numero"));
        case.tell(fact::FACTURE_EMISE, today, amount, payer);
    }
    case.dossier.facturation.compute(&case.dossier.devis);
    case.go("emettre_facture", reached(&case.dossier.facturation), "")
}

/// The reason for billing before the end of the training. `None` if the training is over.
///
/// # Errors
/// `invalid` at `field` if the last half-day is not over and there is no reason.
fn delivered(case: &Case, reason: Option<&str>, field: &str) -> Result<Option<String>> {
    let Some(last) = case.dossier.planification.last().filter(|last| last.ends() > case.now) else { return Ok(None) };
    if let Some(reason) = reason {
        return Ok(Some(reason.to_owned()));
    }
    let half = last.demi.label();
    let (fr, en) = (
        format!(
            "La formation se termine le {} ({}) : indiquez pourquoi la facture part avant",
            last.jour.french(),
            half.fr.to_lowercase()
        ),
        format!("The training ends on {} ({}): say why the invoice goes out before", last.jour, half.en.to_lowercase()),
    );
    Err(Error::invalid(field, "not-over", &fr, &en))
}

/// The status of invoicing: drafts are left or nothing is billed, payments are open, or everything is paid.
fn reached(billing: &Facturation) -> &'static str {
    if !billing.factures.iter().all(Facture::issued) || billing.standing().next().is_none() {
        EN_COURS_FACTURATION
    } else if billing.unpaid().next().is_some() {
        FACTURE
    } else {
        PAYE
    }
}

pub fn missing_to_close(case: &Case) -> Vec<FieldProblem> {
    overpaid(case).into_iter().collect()
}

/// The problem of an overpayment, if there is one.
pub fn overpaid(case: &Case) -> Option<FieldProblem> {
    let amount = case.dossier.facturation.overpaid();
    let (fr, en) = (
        format!("Trop-perçu de {} : contre-passez-le (remboursement, imputation)", french(amount)),
        format!("{} overpaid: reverse it (refund, set-off)", english(amount)),
    );
    (amount > 0).then(|| problem("/facturation/tropPercu", "overpaid", fr, en))
}

pub fn close(case: &mut Case, _: &str) -> Result<()> {
    case.go("cloturer", TERMINE, "")
}

pub fn missing_to_close_unbilled(case: &Case) -> Vec<FieldProblem> {
    let billing = &case.dossier.facturation;
    let mut missing = papers(case);
    if billing.standing().next().is_some() {
        let (fr, en) =
            ("Une facture est émise : émettez d’abord un avoir", "An invoice is issued: issue a credit note first");
        missing.push(problem("/facturation/factures", "issued", fr, en));
    } else if billing.factures.iter().any(|row| !row.issued()) {
        let (fr, en) = (
            "Des factures sont à émettre : émettez-les ou retirez-les",
            "Invoices are to be issued: issue or remove them",
        );
        missing.push(problem("/facturation/factures", "to-issue", fr, en));
    }
    missing.extend(overpaid(case));
    missing
}

/// Closes without a billed amount, because the quote was free or everything was credited. If the quote was not free,
/// this needs a reason.
pub fn close_unbilled(case: &mut Case, input: &str) -> Result<()> {
    let input: SansFacture = parse(input)?;
    let free = case.dossier.devis.motif_gratuite.clone().filter(|_| case.dossier.devis.free());
    let reason = match (filled(&input.motif), free) {
        (Some(reason), _) => reason.to_owned(),
        (None, Some(reason)) => reason,
        (None, None) => return Err(Error::required("/motif")),
    };
    delivered(case, filled(&input.motif), "/motif")?;
    case.go("cloturer_sans_facture", TERMINE, &reason)
}

/// Reopens invoicing: a cheque bounced, an invoice was wrong, or the record was closed too early.
pub fn reopen(case: &mut Case, input: &str) -> Result<()> {
    let input: Motif = parse(input)?;
    case.go("rouvrir", EN_COURS_FACTURATION, &said(&input.motif, "/motif")?)
}

/// The day of issue of the invoice with this number.
fn issued_on(billing: &Facturation, numero: &str) -> Option<Date> {
    billing.factures.iter().find(|row| row.numero.as_deref() == Some(numero))?.emise_le
}
