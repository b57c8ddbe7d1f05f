//! Absences: what is billed when fewer hours were done than planned. Each payer pays for the hours that were done, so
//! the drafts shrink in proportion; what is left of the quote is no training and no funder pays it.

use afpi_sdk::money::{divide, split};
use afpi_sdk::workflow::FieldProblem;

use super::{Facturation, Facture};
use crate::forms::devis::{Bases, Devis};
use crate::forms::montage::Montage;
use crate::forms::{filled, problem};

/// Hours in hundredths, as documents print them.
fn hundredths(hours: f64) -> i64 {
    (hours * 100.0).round() as i64
}

impl Facturation {
    /// Done and planned hours in hundredths, if fewer were done.
    fn short(&self) -> Option<(i64, i64)> {
        let (done, planned) = (hundredths(self.heures_realisees?), hundredths(self.heures_prevues?));
        (planned > 0 && (0..planned).contains(&done)).then_some((done, planned))
    }

    /// The drafts for the hours that were done, when these hours have just changed and nothing but deposits is issued.
    pub(super) fn shrink(&mut self, before: &Facturation, devis: &Devis, montage: &Montage, entreprise: &str) {
        let hours = |of: &Facturation| (of.heures_prevues, of.heures_realisees);
        let billed = |row: &Facture| row.issued() && !row.acompte;
        if hours(self) != hours(before) && !self.factures.iter().any(billed) {
            let mut drafts = Facturation::drafted(devis, montage, entreprise).factures;
            if let Some((done, planned)) = self.short() {
                let quoted = devis.bases();
                let kept = |base: i64| divide(i128::from(base) * i128::from(done), i128::from(planned));
                let exempt: Vec<i64> = drafts.iter().map(|draft| draft.base_exoneree).collect();
                let taxed: Vec<i64> = drafts.iter().map(|draft| draft.base_taux20).collect();
                let parts = split(kept(quoted.exonere), &exempt).into_iter().zip(split(kept(quoted.taux20), &taxed));
                for (draft, (exempt, taxed)) in drafts.iter_mut().zip(parts) {
                    (draft.base_exoneree, draft.base_taux20) = (exempt, taxed);
                }
                if filled(&self.motif_ecart).is_none() {
                    let comma = |hundredths: i64| format!("{},{:02}", hundredths / 100, hundredths % 100);
                    self.motif_ecart = Some(format!("{} h réalisées sur {} h", comma(done), comma(planned)));
                }
            }
            self.factures.retain(Facture::issued);
            self.factures.extend(drafts);
        }
        let Bases { exonere, taux20 } = devis.bases();
        let billed: i64 = self.factures.iter().filter(|row| !row.acompte).map(Facture::ht).sum();
        self.dedit_maximum = self.short().map(|_| (exonere + taux20 - billed).max(0));
    }

    /// The hours that cannot be meant.
    pub(super) fn wrong_hours(&self) -> Option<FieldProblem> {
        let (done, planned) = (self.heures_realisees?, self.heures_prevues);
        let (fr, en) = ("Les heures prévues manquent ou sont dépassées", "The planned hours are missing or exceeded");
        (planned.is_none_or(|planned| hundredths(done) > hundredths(planned)))
            .then(|| problem("/heuresRealisees", "out-of-range", fr, en))
    }
}
