//! Sums of invoices, credit notes and payments. For every issued invoice: balance = issued − credited − paid.

use afpi_sdk::money::divide;
use afpi_sdk::workflow::Money;

use super::{Facturation, Facture, Nature};
use crate::forms::devis::Devis;

/// The part of an invoice that credit notes have not reversed, in cents. It is never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    pub exonere: Money,
    pub taux20: Money,
    pub tva: Money,
}

impl Left {
    pub fn ht(self) -> Money {
        self.exonere + self.taux20
    }

    pub fn ttc(self) -> Money {
        self.ht() + self.tva
    }

    /// The VAT of a credit note for `base` at 20 %. The last credit note takes the rest, so that all of them together
    /// return the exact VAT of the invoice.
    pub fn vat_of(self, base: Money) -> Money {
        match base {
            0 => 0,
            base if base == self.taux20 => self.tva,
            base => divide(i128::from(base) * 20, 100).min(self.tva),
        }
    }
}

impl Facturation {
    /// Computes the VAT of the drafts, and the balances. Rounding is cumulative, so the VAT of the invoices adds up to
    /// the exact VAT of the quote, however they split it.
    pub fn compute(&mut self, devis: &Devis) {
        let (quoted, quoted_vat) = (devis.bases().taux20, devis.vat());
        let due = |base: Money| match quoted {
            0 => divide(i128::from(base) * 20, 100),
            _ => divide(i128::from(base) * i128::from(quoted_vat), i128::from(quoted)),
        };
        let issued = || self.factures.iter().filter(|row| row.issued() && !row.acompte);
        let mut base: Money = issued().map(|row| row.base_taux20).sum();
        let mut vat: Money = issued().filter_map(|row| row.tva).sum();
        for draft in self.factures.iter_mut().filter(|row| !row.issued()) {
            base += draft.base_taux20;
            // After credit notes a cent may be left over. It is not VAT of an exempt draft.
            let tva = if draft.base_taux20 == 0 { 0 } else { (due(base) - vat).max(0) };
            vat += tva;
            (draft.tva, draft.total_ttc) = (Some(tva), Some(draft.ht() + tva));
        }
        self.balance_rows();
    }

    /// Computes the balance of each issued invoice, and of all together.
    fn balance_rows(&mut self) {
        let balances: Vec<Option<(Money, Money)>> =
            self.factures.iter().map(|row| row.claims().then(|| (self.left(row).ttc(), self.balance(row)))).collect();
        let (mut owed, mut overpaid) = (0, 0);
        for (row, balance) in self.factures.iter_mut().zip(balances) {
            match balance {
                Some((net, balance)) => {
                    (row.net_ttc, row.solde) = (Some(net), Some(balance.max(0)));
                    row.trop_percu = (balance < 0).then_some(-balance);
                    owed += balance.max(0);
                    overpaid += (-balance).max(0);
                }
                None => {
                    (row.net_ttc, row.solde, row.trop_percu) = (None, None, None);
                    owed += if row.issued() { 0 } else { row.ttc() };
                }
            }
        }
        let nets: Vec<Option<Money>> = (0..self.paiements.len()).map(|row| self.reversible(row)).collect();
        for (payment, net) in self.paiements.iter_mut().zip(nets) {
            payment.net = net;
        }
        self.reste_du = (!self.factures.is_empty()).then_some(owed);
        self.trop_percu = (overpaid > 0).then_some(overpaid);
    }

    /// The credit notes of an invoice.
    fn credit_notes<'a>(&'a self, invoice: &'a Facture) -> impl Iterator<Item = &'a Facture> {
        self.factures
            .iter()
            .filter(|row| row.nature == Nature::Avoir && row.corrige.is_some() && row.corrige == invoice.numero)
    }

    /// The part of an issued invoice that credit notes have not reversed.
    pub fn left(&self, invoice: &Facture) -> Left {
        let whole = Left { exonere: invoice.base_exoneree, taux20: invoice.base_taux20, tva: invoice.tva.unwrap_or(0) };
        // Amounts of credit notes are negative.
        self.credit_notes(invoice).fold(whole, |left, credit| Left {
            exonere: left.exonere + credit.base_exoneree,
            taux20: left.taux20 + credit.base_taux20,
            tva: left.tva + credit.tva.unwrap_or(0),
        })
    }

    /// The unpaid amount of an issued invoice: without credit notes, deducted deposits and payments. It is negative if too much was paid.
    pub fn balance(&self, invoice: &Facture) -> Money {
        let on_it = |facture: &str| invoice.numero.as_deref() == Some(facture);
        let paid: Money = self.paiements.iter().filter(|payment| on_it(&payment.facture)).map(|p| p.montant).sum();
        self.left(invoice).ttc() - invoice.deduit.unwrap_or(0) - paid
    }

    /// The amount of the payment in this row that can still be reversed. `None` if the row is a counter-entry or does
    /// not exist.
    pub fn reversible(&self, row: usize) -> Option<Money> {
        let payment = self.paiements.get(row).filter(|payment| payment.annule.is_none())?;
        let taken = self.paiements.iter().filter(|other| other.annule == Some(row as u32 + 1));
        Some(payment.montant + taken.map(|other| other.montant).sum::<Money>())
    }

    /// The issued invoices that are not fully credited. These can be credited, but for a deposit that is deducted.
    pub fn standing(&self) -> impl Iterator<Item = &Facture> {
        self.factures.iter().filter(|row| row.claims() && self.left(row).ht() > 0 && !self.deducted(row))
    }

    /// The issued invoices that are not fully paid.
    pub fn unpaid(&self) -> impl Iterator<Item = &Facture> {
        self.factures.iter().filter(|row| row.claims() && self.balance(row) > 0)
    }

    /// The sum of the overpayments of all invoices.
    pub fn overpaid(&self) -> Money {
        self.factures.iter().filter(|row| row.claims()).map(|row| (-self.balance(row)).max(0)).sum()
    }
}
