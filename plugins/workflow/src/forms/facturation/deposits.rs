//! Deposits: a part of a draft that is invoiced before the training. The final invoice has the whole amounts and deducts
//! them, so that they are no part of what is billed of the quote.

use afpi_sdk::money::divide;
use afpi_sdk::workflow::{FieldProblem, Money};

use super::{Deduit, Facturation, Facture, Nature, Payeur};
use crate::forms::{filled, problem};

impl Facture {
    /// The deposit of so many percent of this draft.
    pub fn deposit(&self, percent: i64) -> Facture {
        let part = |base: Money| divide(i128::from(base) * i128::from(percent), 100);
        let (base_exoneree, base_taux20) = (part(self.base_exoneree), part(self.base_taux20));
        let tva = divide(i128::from(base_taux20) * 20, 100);
        Facture {
            nature: Nature::Acompte,
            acompte: true,
            base_exoneree,
            base_taux20,
            tva: Some(tva),
            total_ttc: Some(base_exoneree + base_taux20 + tva),
            ..self.same_payer_again()
        }
    }

    /// A new row for the payer of this one.
    pub fn same_payer_again(&self) -> Facture {
        Facture {
            payeur: self.payeur,
            nom: self.nom.clone(),
            siret: self.siret.clone(),
            subrogation: self.subrogation,
            part: self.part.clone(),
            bon_commande: self.bon_commande.clone(),
            prise_en_charge: self.prise_en_charge.clone(),
            ..Facture::default()
        }
    }

    /// Whether the same body pays: the company is one; anybody else is known by the part of the quote or by the SIRET, and
    /// only without them by name. Two SIRETs are two bodies.
    fn same_payer(&self, other: &Facture) -> bool {
        let same = |of: fn(&Facture) -> Option<&str>| of(self).zip(of(other)).map(|(one, two)| one == two);
        let (siret, part) = (same(|row| filled(&row.siret)), same(|row| filled(&row.part)));
        self.payeur == other.payeur
            && siret != Some(false)
            && (self.payeur == Payeur::Entreprise
                || part.or(siret).unwrap_or_else(|| filled(&self.nom) == filled(&other.nom)))
    }
}

impl Facturation {
    /// Whether an issued invoice that still claims something deducts this deposit.
    pub(super) fn deducted(&self, deposit: &Facture) -> bool {
        let takes = |row: &Facture| row.acomptes.iter().any(|one| Some(&one.numero) == deposit.numero.as_ref());
        deposit.acompte && self.factures.iter().any(|row| row.claims() && takes(row) && self.left(row).ht() > 0)
    }

    /// The issued deposits of this draft's payer that no invoice deducts, without what credit notes took back.
    pub fn deposits_for(&self, draft: &Facture) -> Vec<Deduit> {
        let open = |row: &&Facture| row.acompte && row.claims() && row.same_payer(draft) && !self.deducted(row);
        self.factures
            .iter()
            .filter(open)
            .filter_map(|row| {
                let left = self.left(row);
                Some(Deduit {
                    numero: row.numero.clone()?,
                    emise_le: row.emise_le?,
                    total_ht: left.ht(),
                    tva: left.tva,
                    total_ttc: left.ttc(),
                })
            })
            .filter(|deposit| deposit.total_ttc > 0)
            .collect()
    }

    /// Deducts the deposits of the payer from the draft in this row, which is being issued.
    ///
    /// # Errors
    /// The problem when they are more than the invoice.
    pub fn deduct(&mut self, row: usize) -> Result<Money, FieldProblem> {
        let deposits = self.deposits_for(&self.factures[row]);
        let (net, total) =
            deposits.iter().fold((0, 0), |(net, total), one| (net + one.total_ht, total + one.total_ttc));
        let invoice = &mut self.factures[row];
        if total > invoice.ttc() {
            let (fr, en) = ("Les acomptes dépassent cette facture", "The deposits exceed this invoice");
            return Err(problem(format!("/facturation/factures/{row}"), "over-deducted", fr, en));
        }
        invoice.deduit = (total > 0).then_some(total);
        invoice.acomptes = deposits;
        Ok(net)
    }
}
