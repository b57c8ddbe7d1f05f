//! Drafts of invoices: how they are created, and how they are edited beside issued rows.

use super::{Facturation, Facture, Payeur};
use crate::forms::devis::{Bases, Devis};
use crate::forms::montage::Montage;
use crate::forms::{compact_siret, filled};

impl Facture {
    /// Enters the company as the buyer, unless another payer is named.
    pub(super) fn name_buyer(&mut self, entreprise: &str) {
        if self.payeur == Payeur::Entreprise && filled(&self.nom).is_none() {
            self.nom = Some(entreprise.to_owned()).filter(|name| !name.trim().is_empty());
        }
    }
}

impl Facturation {
    /// The drafts for the quote: one for each funder that pays directly, and one with the rest for the company. The
    /// part of a funder uses the exempt lines first. A free quote has no drafts.
    pub fn drafted(devis: &Devis, montage: &Montage, entreprise: &str) -> Facturation {
        let mut left = devis.bases();
        let mut factures = Vec::new();
        for (rank, line) in montage.financeurs.iter().enumerate().filter(|(_, line)| line.subrogation) {
            let agreed = line.montant_accorde.unwrap_or(0).min(left.ht());
            let exempt = agreed.min(left.exonere);
            left = Bases { exonere: left.exonere - exempt, taux20: left.taux20 - (agreed - exempt) };
            if agreed > 0 {
                factures.push(Facture {
                    payeur: line.payeur.into(),
                    nom: line.organisme.clone(),
                    siret: line.siret.clone(),
                    subrogation: true,
                    part: Some(format!("financeur-{}", rank + 1)),
                    base_exoneree: exempt,
                    base_taux20: agreed - exempt,
                    prise_en_charge: line.prise_en_charge.clone(),
                    ..Facture::default()
                });
            }
        }
        if left.ht() > 0 {
            let (base_exoneree, base_taux20) = (left.exonere, left.taux20);
            factures.push(Facture {
                base_exoneree,
                base_taux20,
                bon_commande: devis.bon_commande.clone(),
                ..Facture::default()
            });
        }
        factures.iter_mut().for_each(|draft| draft.name_buyer(entreprise));
        let mut drafted = Facturation { factures, ..Facturation::default() };
        drafted.compute(devis);
        drafted
    }

    /// For each of these rows, the issued row of `self` that it repeats: the row with the same number, otherwise the
    /// row at the same position if no number names it. All other rows are drafts.
    pub(super) fn issued_rows(&self, sent: &[Facture]) -> Vec<Option<usize>> {
        let issued = |row: &usize| self.factures.get(*row).is_some_and(Facture::issued);
        let numbered = |numero: &Option<String>| {
            numero.as_ref().and_then(|_| self.factures.iter().position(|old| old.issued() && old.numero == *numero))
        };
        let mut claimed: Vec<Option<usize>> = Vec::new();
        for row in sent {
            let old = numbered(&row.numero).filter(|old| !claimed.contains(&Some(*old)));
            claimed.push(old);
        }
        for row in 0..sent.len() {
            if claimed[row].is_none() && issued(&row) && !claimed.contains(&Some(row)) {
                claimed[row] = Some(row);
            }
        }
        claimed
    }

    /// The document that was sent. Values that people do not enter come from the old document.
    pub fn edited(
        mut self,
        before: &Facturation,
        (devis, montage): (&Devis, &Montage),
        entreprise: &str,
    ) -> Facturation {
        let issued = before.issued_rows(&self.factures);
        for (sent, old) in self.factures.iter_mut().zip(issued) {
            if let Some(old) = old.and_then(|row| before.factures.get(row)) {
                *sent = old.clone();
                continue;
            }
            *sent = Facture {
                payeur: sent.payeur,
                nom: sent.nom.take(),
                siret: compact_siret(sent.siret.take()),
                subrogation: sent.subrogation,
                part: sent.part.take(),
                base_exoneree: sent.base_exoneree,
                base_taux20: sent.base_taux20,
                bon_commande: sent.bon_commande.take(),
                prise_en_charge: sent.prise_en_charge.take(),
                ..Facture::default()
            };
            sent.name_buyer(entreprise);
        }
        self.paiements = before.paiements.clone();
        self.shrink(before, devis, montage, entreprise);
        self.compute(devis);
        self
    }

    /// Enters the company's name in drafts that are older than the field for the buyer.
    pub fn name_buyers(&mut self, entreprise: &str) {
        self.factures.iter_mut().filter(|row| !row.issued()).for_each(|draft| draft.name_buyer(entreprise));
    }
}
