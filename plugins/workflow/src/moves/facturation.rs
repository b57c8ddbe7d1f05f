//! Section 6: invoices are issued, taken back, paid; then the record is closed.

use afpi_sdk::workflow::{Error, FieldProblem, Result};

use crate::case::Case;
use crate::forms::facturation::{Facturation, Facture, Nature, Paiement};
use crate::forms::inputs::{Avoir, Emission, Reglement, parse, past, said};
use crate::forms::{filled, problem};
use crate::statuses::*;
use crate::words::{fact, series};

pub fn open(case: &mut Case, _: &str) -> Result<()> {
    if case.dossier.facturation.factures.is_empty() {
        case.dossier.facturation = Facturation::drafted(&case.dossier.devis, &case.dossier.montage);
    }
    case.go("ouvrir_facturation", EN_COURS_FACTURATION, "")
}

pub fn missing_to_issue(case: &Case) -> Vec<FieldProblem> {
    let mut missing = case.dossier.documents.missing(case.config.pieces_avant_facture.iter().copied());
    missing.extend(case.dossier.facturation.missing(&case.dossier.devis));
    missing
}

/// The date of an invoice is the day its number is taken: so no invoice is ever dated before the last one issued.
/// Without drafts left (one was dropped with a reason) it only moves on.
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
    let (today, due) = (case.today, case.today.plus(i32::from(case.config.delai_paiement_jours)));
    for row in rows {
        let invoice = &mut case.dossier.facturation.factures[row];
        (invoice.emise_le, invoice.echeance_le) = (Some(today), Some(due));
        let (amount, payer) = (invoice.ht(), invoice.payeur.id());
        case.number(series::FACTURE, format!("/facturation/factures/{row}/numero"));
        case.tell(fact::FACTURE_EMISE, today, amount, payer);
    }
    case.go("emettre_facture", reached(&case.dossier.facturation), "")
}

/// How far invoicing has come: drafts left, payments left, or nothing.
fn reached(billing: &Facturation) -> &'static str {
    if !billing.factures.iter().all(Facture::issued) {
        EN_COURS_FACTURATION
    } else if billing.unpaid().next().is_some() {
        FACTURE
    } else {
        PAYE
    }
}

pub fn missing_to_credit(case: &Case) -> Vec<FieldProblem> {
    if case.dossier.facturation.creditable().next().is_some() {
        return Vec::new();
    }
    let (fr, en) = ("Aucune facture émise et sans règlement", "No invoice that is issued and without a payment");
    vec![problem("/facturation/factures", "nothing-to-credit", fr, en)]
}

pub fn credit(case: &mut Case, input: &str) -> Result<()> {
    let input: Avoir = parse(input)?;
    let reason = said(&input.motif, "/motif")?;
    let wanted = input.facture.trim();
    let Some(invoice) =
        case.dossier.facturation.creditable().find(|invoice| invoice.numero.as_deref() == Some(wanted)).cloned()
    else {
        let (fr, en) = (
            "Cette facture n’existe pas, est déjà annulée ou a un règlement",
            "This invoice does not exist, is cancelled or has a payment",
        );
        return Err(Error::invalid("/facture", "unknown", fr, en));
    };
    let billing = &mut case.dossier.facturation;
    let row = billing.factures.len();
    billing.factures.push(Facture {
        nature: Nature::Avoir,
        numero: None,
        base_exoneree: -invoice.base_exoneree,
        base_taux20: -invoice.base_taux20,
        tva: invoice.tva.map(|tva| -tva),
        total_ttc: Some(-invoice.ttc()),
        emise_le: Some(case.today),
        echeance_le: None,
        corrige: invoice.numero.clone(),
        motif: Some(reason.clone()),
        ..invoice.clone()
    });
    // A fresh draft takes its place, to be corrected and issued.
    billing.factures.push(Facture { numero: None, emise_le: None, echeance_le: None, ..invoice.clone() });
    billing.compute(&case.dossier.devis);
    case.number(series::AVOIR, format!("/facturation/factures/{row}/numero"));
    case.tell(fact::AVOIR_EMIS, case.today, invoice.ht(), invoice.payeur.id());
    case.go("emettre_avoir", EN_COURS_FACTURATION, &reason)
}

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
    let balance = billing.balance(invoice);
    let amount = input.montant.unwrap_or(balance);
    if !(1..=balance).contains(&amount) {
        return Err(Error::invalid(
            "/montant",
            "out-of-range",
            "Entre un centime et le solde de la facture",
            "Between a cent and the invoice’s balance",
        ));
    }
    let day = past(input.le, case.today)?;
    let number = invoice
        .numero
        .clone()
        .ok_or_else(|| Error::conflict("Cette facture n’a pas encore de numéro", "This invoice has no number yet"))?;
    let reference = filled(&input.reference).map(String::from);
    let billing = &mut case.dossier.facturation;
    billing.paiements.push(Paiement { facture: number, le: day, montant: amount, mode: input.mode, reference });
    billing.compute(&case.dossier.devis);
    case.tell(fact::PAIEMENT, day, amount, input.mode.id());
    case.go("enregistrer_paiement", reached(&case.dossier.facturation), "")
}

pub fn close(case: &mut Case, _: &str) -> Result<()> {
    case.go("cloturer", TERMINE, "")
}
