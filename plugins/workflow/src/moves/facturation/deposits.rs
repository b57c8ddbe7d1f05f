//! Deposit invoices.

use afpi_sdk::workflow::{Error, FieldProblem, Result};

use crate::case::Case;
use crate::forms::facturation::{Facture, Payeur};
use crate::forms::inputs::{Acompte, parse};
use crate::forms::problem;
use crate::statuses::EN_COURS_FACTURATION;
use crate::words::{fact, series};

/// The largest part that a funder (R6332-25) or a person who pays alone (L6353-6) gives in advance, in percent.
const FUNDED: u32 = 30;
/// The days in which a person may withdraw from the contract (L6353-5). Nothing is asked before they are over.
const WITHDRAWAL: i32 = 10;
/// The kind of an opportunité of a person who pays alone.
const INDIVIDUAL: &str = "individuelle";

pub fn missing_to_deposit(case: &Case) -> Vec<FieldProblem> {
    if case.dossier.facturation.factures.iter().any(|row| !row.issued() && row.ht() > 0) {
        return Vec::new();
    }
    let (fr, en) = ("Aucune facture à émettre", "No invoice to issue");
    vec![problem("/facturation/factures", "nothing-to-issue", fr, en)]
}

/// Issues a deposit for a draft. The draft keeps its amounts: once issued, it deducts the deposit.
pub fn deposit(case: &mut Case, input: &str) -> Result<()> {
    let input: Acompte = parse(input)?;
    case.dossier.facturation.name_buyers(&case.subject.entreprise_name);
    let draft = chosen(case, input.rang)?;
    let before: i64 = case.dossier.facturation.deposits_for(&draft).iter().map(|one| one.total_ht).sum();
    let mut deposit = draft.deposit(i64::from(input.pourcentage));
    let person = case.subject.kind == INDIVIDUAL;
    let most = if draft.payeur == Payeur::Entreprise && !person { 100 } else { i64::from(FUNDED) };
    let signed = case.dossier.devis.accepte_le.filter(|_| person);
    if signed.is_some_and(|signed| case.today <= signed.plus(WITHDRAWAL)) {
        let (fr, en) = ("Rien avant la fin des 10 jours de rétractation", "Nothing within the 10 days of withdrawal");
        return Err(Error::invalid("/pourcentage", "too-early", fr, en));
    }
    if !(1..=100).contains(&input.pourcentage) || (before + deposit.ht()) * 100 > draft.ht() * most + 50 {
        let (fr, en) = (format!("De 1 à {most} % au total"), format!("From 1 to {most}% in all"));
        return Err(Error::invalid("/pourcentage", "out-of-range", &fr, &en));
    }
    if deposit.ht() <= 0 {
        return Err(Error::invalid("/pourcentage", "required", "Un acompte d’un centime au moins", "At least a cent"));
    }
    let due = case.today.plus(i32::from(case.config.delai_paiement_jours));
    (deposit.emise_le, deposit.echeance_le) = (Some(case.today), Some(due));
    let (row, amount, payer) = (case.dossier.facturation.factures.len(), deposit.ht(), deposit.payeur.id());
    case.dossier.facturation.factures.push(deposit);
    case.dossier.facturation.compute(&case.dossier.devis);
    case.number(series::FACTURE, format!("/facturation/factures/{row}/numero"));
    case.tell(fact::FACTURE_EMISE, case.today, amount, payer);
    case.go("emettre_acompte", EN_COURS_FACTURATION, "")
}

/// The draft that is meant.
fn chosen(case: &Case, rank: Option<u32>) -> Result<Facture> {
    let all = &case.dossier.facturation.factures;
    let drafts: Vec<&Facture> = all.iter().filter(|row| !row.issued()).collect();
    match (rank, drafts.as_slice()) {
        (None, [only]) => Ok((*only).clone()),
        (None, _) => Err(Error::required("/rang")),
        (Some(rank), _) => {
            let found = all.get((rank as usize).wrapping_sub(1)).filter(|row| !row.issued());
            let (fr, en) = ("Cette ligne n’est pas une facture à émettre", "This row is not an invoice to issue");
            found.cloned().ok_or_else(|| Error::invalid("/rang", "unknown", fr, en))
        }
    }
}
