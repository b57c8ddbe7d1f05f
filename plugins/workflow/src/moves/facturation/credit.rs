//! Credit notes: they reverse a paid or unpaid invoice, wholly or in part.

use afpi_sdk::money::{english, french};
use afpi_sdk::workflow::{Error, FieldProblem, Money, Result};

use super::reached;
use crate::case::Case;
use crate::forms::facturation::{Facture, Left, Nature};
use crate::forms::inputs::{Avoir, Choix, parse, said};
use crate::forms::problem;
use crate::words::{fact, series};

pub fn missing_to_credit(case: &Case) -> Vec<FieldProblem> {
    if case.dossier.facturation.standing().next().is_some() {
        return Vec::new();
    }
    let (fr, en) = ("Aucune facture émise à corriger", "No issued invoice to correct");
    vec![problem("/facturation/factures", "nothing-to-credit", fr, en)]
}

pub fn credit(case: &mut Case, input: &str) -> Result<()> {
    let input: Avoir = parse(input)?;
    let reason = said(&input.motif, "/motif")?;
    let wanted = input.facture.trim();
    let billing = &mut case.dossier.facturation;
    let Some(invoice) = billing.standing().find(|invoice| invoice.numero.as_deref() == Some(wanted)).cloned() else {
        let (fr, en) = (
            "Cette facture n’existe pas ou est déjà annulée par des avoirs",
            "This invoice does not exist or has been credited in full",
        );
        return Err(Error::invalid("/facture", "unknown", fr, en));
    };
    let left = billing.left(&invoice);
    let (exempt, taxed) = amounts(&input, left)?;
    let (tva, row) = (left.vat_of(taxed), billing.factures.len());
    let (payer, whole) = (invoice.payeur.id(), (exempt, taxed) == (left.exonere, left.taux20));
    let same_buyer = invoice.same_payer_again();
    billing.factures.push(Facture {
        nature: Nature::Avoir,
        base_exoneree: -exempt,
        base_taux20: -taxed,
        tva: Some(-tva),
        total_ttc: Some(-(exempt + taxed + tva)),
        emise_le: Some(case.today),
        corrige: invoice.numero,
        acompte: invoice.acompte,
        motif: Some(reason.clone()),
        ..same_buyer.clone()
    });
    // The draft of which a deposit was asked is still there.
    if !invoice.acompte && input.remplacement.map_or(whole, |answer| answer == Choix::Oui) {
        // A new draft replaces the invoice. People correct it and issue it.
        billing.factures.push(Facture { base_exoneree: exempt, base_taux20: taxed, ..same_buyer });
    }
    billing.compute(&case.dossier.devis);
    case.number(series::AVOIR, format!("/facturation/factures/{row}/numero"));
    case.tell(fact::AVOIR_EMIS, case.today, exempt + taxed, payer);
    case.go("emettre_avoir", reached(&case.dossier.facturation), &reason)
}

/// The credited amount of each VAT regime. Without given amounts it is the whole rest. It is never more than the rest.
fn amounts(input: &Avoir, left: Left) -> Result<(Money, Money)> {
    if input.base_exoneree.is_none() && input.base_taux20.is_none() {
        return Ok((left.exonere, left.taux20));
    }
    let (exempt, taxed) = (input.base_exoneree.unwrap_or(0), input.base_taux20.unwrap_or(0));
    let over = |field: &str, amount: Money, most: Money| {
        let (fr, en) = (
            format!("De 0 € à ce qui reste de la facture, {}", french(most)),
            format!("From €0 to what is left of the invoice, {}", english(most)),
        );
        (!(0..=most).contains(&amount)).then(|| problem(field, "out-of-range", fr, en))
    };
    let mut faults: Vec<FieldProblem> = over("/baseExoneree", exempt, left.exonere)
        .into_iter()
        .chain(over("/baseTaux20", taxed, left.taux20))
        .collect();
    if faults.is_empty() && exempt + taxed == 0 {
        faults.push(problem("/baseExoneree", "required", "Un montant à porter en avoir", "An amount to credit"));
    }
    if faults.is_empty() { Ok((exempt, taxed)) } else { Err(Error::Invalid(faults)) }
}
