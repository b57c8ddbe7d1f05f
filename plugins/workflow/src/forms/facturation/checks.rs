//! Errors of an invoicing document, and what is missing before its drafts can be issued.

use afpi_sdk::workflow::FieldProblem;

use super::{Facturation, Facture, Nature, Payeur};
use crate::forms::devis::{Bases, Devis};
use crate::forms::{filled, problem, wrong_siret};

impl Facture {
    /// The editable fields that differ from `old`, an issued row.
    fn touched(&self, old: &Facture) -> Vec<&'static str> {
        let compared = [
            ("payeur", self.payeur == old.payeur),
            ("nom", filled(&self.nom) == filled(&old.nom)),
            ("siret", filled(&self.siret) == filled(&old.siret)),
            ("subrogation", self.subrogation == old.subrogation),
            ("baseExoneree", self.base_exoneree == old.base_exoneree),
            ("baseTaux20", self.base_taux20 == old.base_taux20),
            ("bonCommande", filled(&self.bon_commande) == filled(&old.bon_commande)),
            ("priseEnCharge", filled(&self.prise_en_charge) == filled(&old.prise_en_charge)),
        ];
        compared.into_iter().filter(|(_, same)| !same).map(|(field, _)| field).collect()
    }

    /// Why this issued row cannot change, in French and in English.
    fn stays(&self, removed: bool) -> (String, String) {
        let numero = self.numero.as_deref().unwrap_or_default();
        let (la, elle, le) = match self.nature {
            Nature::Facture | Nature::Acompte => ("La facture", "elle", "émise"),
            Nature::Avoir => ("L’avoir", "il", "émis"),
        };
        let what = match self.nature {
            Nature::Facture | Nature::Acompte => "Invoice",
            Nature::Avoir => "Credit note",
        };
        if removed {
            let fr = format!("{la} {numero} est {le} : {elle} ne se retire plus, émettez un avoir");
            (fr, format!("{what} {numero} is issued: it cannot be removed, issue a credit note"))
        } else {
            let fr = format!("{la} {numero} est {le} : {elle} ne change plus, émettez un avoir");
            (fr, format!("{what} {numero} is issued: it never changes, issue a credit note"))
        }
    }
}

impl Facturation {
    /// The contradictions, with pointers into this document.
    pub fn faults(&self, before: &Facturation) -> Vec<FieldProblem> {
        let mut faults: Vec<FieldProblem> = self.wrong_hours().into_iter().collect();
        let issued = before.issued_rows(&self.factures);
        for (row, (sent, old)) in self.factures.iter().zip(&issued).enumerate() {
            match old.and_then(|old| before.factures.get(old)) {
                Some(old) => faults.extend(sent.touched(old).into_iter().map(|field| {
                    let (fr, en) = old.stays(false);
                    problem(format!("/factures/{row}/{field}"), "frozen", fr, en)
                })),
                None => {
                    faults.extend(sent.out_of_range(row));
                    faults.extend(wrong_siret(format!("/factures/{row}/siret"), &sent.siret));
                }
            }
        }
        for (row, old) in before.factures.iter().enumerate().filter(|(_, old)| old.issued()) {
            if !issued.contains(&Some(row)) {
                let (fr, en) = old.stays(true);
                faults.push(problem("/factures", "frozen", fr, en));
            }
        }
        if self.factures.len() > 200 {
            faults.push(problem("/factures", "out-of-range", "200 factures au plus", "At most 200 invoices"));
        }
        faults
    }

    /// What is missing before drafts can be issued, with pointers into all documents.
    pub fn missing(&self, devis: &Devis) -> Vec<FieldProblem> {
        let mut missing = Vec::new();
        let drafts = || self.factures.iter().enumerate().filter(|(_, row)| !row.issued());
        if drafts().next().is_none() && self.standing().next().is_none() {
            let (fr, en) = if devis.free() {
                ("Le devis est gratuit : clôturez sans facture", "The quote is free: close without an invoice")
            } else {
                ("Aucune facture à émettre", "No invoice to issue")
            };
            missing.push(problem("/facturation/factures", "required", fr, en));
        }
        for (row, draft) in drafts() {
            let at = |field: &str| format!("/facturation/factures/{row}/{field}");
            if draft.ht() <= 0 {
                missing.push(FieldProblem::required(at("baseExoneree")));
            }
            if draft.payeur != Payeur::Entreprise && filled(&draft.nom).is_none() {
                let payer = draft.payeur.label();
                let (fr, en) = (
                    format!("Nom du payeur ({}) à renseigner", payer.fr),
                    format!("Name of the payer ({}) needed", payer.en),
                );
                missing.push(problem(at("nom"), "required", fr, en));
            }
        }
        missing.extend(self.measured(devis.bases()));
        missing
    }

    /// The problem if the invoices do not match the quote, and neither `motif_ecart` nor a credit note explains the
    /// difference.
    fn measured(&self, quoted: Bases) -> Option<FieldProblem> {
        let rows = || self.factures.iter().filter(|row| !row.acompte);
        let sum = |of: fn(&Facture) -> i64| rows().map(of).sum::<i64>();
        let credited = |of: fn(&Facture) -> i64| -rows().filter(|row| row.nature == Nature::Avoir).map(of).sum::<i64>();
        let short_exempt = quoted.exonere - sum(|row| row.base_exoneree);
        let short_taxed = quoted.taux20 - sum(|row| row.base_taux20);
        if short_exempt < 0 || short_taxed < 0 {
            let (fr, en) = ("Les factures dépassent le devis", "The invoices exceed the quote");
            return Some(problem("/facturation/factures", "over-billed", fr, en));
        }
        let explained =
            short_exempt <= credited(|row| row.base_exoneree) && short_taxed <= credited(|row| row.base_taux20);
        if explained || filled(&self.motif_ecart).is_some() {
            return None;
        }
        let (fr, en) = (
            "Les factures n’atteignent pas le devis : un motif est nécessaire",
            "The invoices fall short of the quote: a reason is needed",
        );
        Some(problem("/facturation/motifEcart", "under-billed", fr, en))
    }
}

impl Facture {
    /// The amounts of a draft that are out of range.
    fn out_of_range(&self, row: usize) -> impl Iterator<Item = FieldProblem> + use<> {
        [("baseExoneree", self.base_exoneree), ("baseTaux20", self.base_taux20)]
            .into_iter()
            .filter(|(_, amount)| !(0..=1_000_000_000).contains(amount))
            .map(move |(field, _)| {
                let (fr, en) = ("De 0 € à 10 000 000 €", "From €0 to €10,000,000");
                problem(format!("/factures/{row}/{field}"), "out-of-range", fr, en)
            })
    }
}
