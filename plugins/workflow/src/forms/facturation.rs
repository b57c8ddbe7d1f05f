//! Section 6: invoices, credit notes and payments. An issued invoice is never changed again; a credit note takes it back.
//! The invoices together bill the quote, VAT regime by VAT regime.

use afpi_sdk::calendar::Date;
use afpi_sdk::money::divide;
use afpi_sdk::schemars::JsonSchema;
use afpi_sdk::workflow::{FieldProblem, Money};
use serde::{Deserialize, Serialize};

use super::devis::{Bases, Devis};
use super::montage::{Montage, Payeur as Financier};
use super::{filled, problem};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(title = "Facturation", extend("x-title-en" = "Invoicing"))]
pub struct Facturation {
    #[schemars(title = "Factures", extend("x-title-en" = "Invoices", "x-widget" = "rows"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub factures: Vec<Facture>,
    #[schemars(
        title = "Motif si moins que le devis",
        description = "Par exemple des heures non réalisées.",
        extend("x-title-en" = "Reason if less than the quote", "x-description-en" = "E.g. hours not delivered.", "x-widget" = "textarea")
    )]
    pub motif_ecart: Option<String>,
    #[schemars(title = "Règlements", extend("x-title-en" = "Payments", "x-widget" = "rows", "readOnly" = true))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paiements: Vec<Paiement>,
    #[schemars(title = "Reste dû TTC", extend("x-title-en" = "Balance due incl. VAT", "x-widget" = "money", "readOnly" = true))]
    pub reste_du: Option<Money>,
}

/// An invoice, a draft of one, or a credit note with negative amounts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Facture {
    #[schemars(title = "Numéro", extend("x-title-en" = "Number", "readOnly" = true))]
    pub numero: Option<String>,
    #[serde(default)]
    #[schemars(title = "Nature", extend("x-title-en" = "Kind", "readOnly" = true))]
    pub nature: Nature,
    #[schemars(title = "Payeur", extend("x-title-en" = "Payer", "x-widget" = "select"))]
    pub payeur: Payeur,
    #[schemars(title = "Nom du payeur", extend("x-title-en" = "Payer’s name"))]
    pub nom: Option<String>,
    #[serde(default)]
    #[schemars(title = "HT exonéré", extend("x-title-en" = "Exempt, excl. VAT", "x-widget" = "money"))]
    pub base_exoneree: Money,
    #[serde(default)]
    #[schemars(title = "HT à 20 %", extend("x-title-en" = "At 20%, excl. VAT", "x-widget" = "money"))]
    pub base_taux20: Money,
    #[schemars(title = "TVA", extend("x-title-en" = "VAT", "x-widget" = "money", "readOnly" = true))]
    pub tva: Option<Money>,
    #[schemars(title = "Total TTC", extend("x-title-en" = "Total incl. VAT", "x-widget" = "money", "readOnly" = true))]
    pub total_ttc: Option<Money>,
    #[schemars(title = "N° de bon de commande", extend("x-title-en" = "PO number"))]
    pub bon_commande: Option<String>,
    #[schemars(title = "N° de prise en charge", extend("x-title-en" = "Funding agreement no."))]
    pub prise_en_charge: Option<String>,
    #[schemars(title = "Émise le", extend("x-title-en" = "Issued on", "readOnly" = true))]
    pub emise_le: Option<Date>,
    #[schemars(title = "Échéance", extend("x-title-en" = "Due on", "readOnly" = true))]
    pub echeance_le: Option<Date>,
    #[schemars(title = "Annule la facture", extend("x-title-en" = "Cancels invoice", "readOnly" = true))]
    pub corrige: Option<String>,
    #[schemars(title = "Motif de l’avoir", extend("x-title-en" = "Reason of the credit note", "readOnly" = true))]
    pub motif: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Paiement {
    #[schemars(title = "Facture", extend("x-title-en" = "Invoice"))]
    pub facture: String,
    #[schemars(title = "Reçu le", extend("x-title-en" = "Received on"))]
    pub le: Date,
    #[schemars(title = "Montant TTC", extend("x-title-en" = "Amount incl. VAT", "x-widget" = "money"))]
    pub montant: Money,
    #[schemars(title = "Mode", extend("x-title-en" = "Mode", "x-widget" = "select"))]
    pub mode: Mode,
    #[schemars(title = "Référence", extend("x-title-en" = "Reference"))]
    pub reference: Option<String>,
}

afpi_sdk::choices! {
    /// What a row is.
    pub enum Nature {
        Facture = "facture", "Facture", "Invoice";
        Avoir = "avoir", "Avoir", "Credit note";
    }
}

afpi_sdk::choices! {
    /// Who gets an invoice.
    pub enum Payeur {
        Entreprise = "entreprise", "Entreprise", "Company";
        Opco = "opco", "OPCO", "OPCO (skills operator)";
        Region = "region", "Région", "Region";
        FranceTravail = "france_travail", "France Travail", "France Travail (employment service)";
        Cpf = "cpf", "CPF", "CPF (personal training account)";
        TransitionsPro = "transitions_pro", "Transitions Pro", "Transitions Pro";
        Etat = "etat", "État ou Europe", "State or Europe";
        Autre = "autre", "Autre", "Other";
    }
}

afpi_sdk::choices! {
    /// How somebody paid.
    pub enum Mode {
        Virement = "virement", "Virement", "Bank transfer";
        Cheque = "cheque", "Chèque", "Cheque";
        Carte = "carte", "Carte", "Card";
        Prelevement = "prelevement", "Prélèvement", "Direct debit";
        Opco = "opco", "OPCO", "OPCO";
    }
}

impl From<Financier> for Payeur {
    fn from(payer: Financier) -> Payeur {
        match payer {
            Financier::Opco => Payeur::Opco,
            Financier::Region => Payeur::Region,
            Financier::FranceTravail => Payeur::FranceTravail,
            Financier::Cpf => Payeur::Cpf,
            Financier::TransitionsPro => Payeur::TransitionsPro,
            Financier::Etat => Payeur::Etat,
            Financier::Autre => Payeur::Autre,
        }
    }
}

impl Facture {
    pub fn issued(&self) -> bool {
        self.emise_le.is_some()
    }

    pub fn ht(&self) -> Money {
        self.base_exoneree + self.base_taux20
    }

    pub fn ttc(&self) -> Money {
        self.ht() + self.tva.unwrap_or(0)
    }

    /// What people may enter, to see whether somebody touched an issued row.
    fn entered(&self) -> (Payeur, Option<&str>, Money, Money, Option<&str>, Option<&str>) {
        (
            self.payeur,
            filled(&self.nom),
            self.base_exoneree,
            self.base_taux20,
            filled(&self.bon_commande),
            filled(&self.prise_en_charge),
        )
    }
}

impl Facturation {
    /// Drafts that bill the quote: one per funder that pays us directly, the rest to the company. A funder's part is taken
    /// from the exempt lines first.
    pub fn drafted(devis: &Devis, montage: &Montage) -> Facturation {
        let mut left = devis.bases();
        let mut factures = Vec::new();
        for line in montage.financeurs.iter().filter(|line| line.subrogation) {
            let agreed = line.montant_accorde.unwrap_or(0).min(left.ht());
            let exempt = agreed.min(left.exonere);
            left = Bases { exonere: left.exonere - exempt, taux20: left.taux20 - (agreed - exempt) };
            if agreed > 0 {
                factures.push(Facture {
                    payeur: line.payeur.into(),
                    nom: line.organisme.clone(),
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
        let mut drafted = Facturation { factures, ..Facturation::default() };
        drafted.compute(devis);
        drafted
    }

    /// The document people sent, with what they do not enter taken over from the one before.
    pub fn edited(mut self, before: &Facturation, devis: &Devis) -> Facturation {
        for (row, sent) in self.factures.iter_mut().enumerate() {
            *sent = match before.factures.get(row) {
                Some(old) if old.issued() => old.clone(),
                _ => Facture {
                    payeur: sent.payeur,
                    nom: sent.nom.take(),
                    base_exoneree: sent.base_exoneree,
                    base_taux20: sent.base_taux20,
                    bon_commande: sent.bon_commande.take(),
                    prise_en_charge: sent.prise_en_charge.take(),
                    ..Facture::default()
                },
            };
        }
        self.paiements = before.paiements.clone();
        self.compute(devis);
        self
    }

    /// VAT of the drafts and the balance. Rounding goes along the sum: however the quote is split over invoices, their VAT
    /// adds up to the quote's to the cent.
    pub fn compute(&mut self, devis: &Devis) {
        let (quoted, quoted_vat) = (devis.bases().taux20, devis.vat());
        let due = |base: Money| match quoted {
            0 => divide(i128::from(base) * 20, 100),
            _ => divide(i128::from(base) * i128::from(quoted_vat), i128::from(quoted)),
        };
        let issued = || self.factures.iter().filter(|row| row.issued());
        let mut base: Money = issued().map(|row| row.base_taux20).sum();
        let mut vat: Money = issued().filter_map(|row| row.tva).sum();
        for draft in self.factures.iter_mut().filter(|row| !row.issued()) {
            base += draft.base_taux20;
            let tva = due(base) - vat;
            vat += tva;
            (draft.tva, draft.total_ttc) = (Some(tva), Some(draft.ht() + tva));
        }
        self.reste_du =
            (!self.factures.is_empty()).then(|| self.factures.iter().map(Facture::ttc).sum::<Money>() - self.paid());
    }

    /// Σ of the payments.
    pub fn paid(&self) -> Money {
        self.paiements.iter().map(|payment| payment.montant).sum()
    }

    /// Issued invoices that no credit note has taken back.
    pub fn standing(&self) -> impl Iterator<Item = &Facture> {
        self.factures.iter().filter(|row| row.issued() && row.nature == Nature::Facture && !self.credited(row))
    }

    fn credited(&self, invoice: &Facture) -> bool {
        invoice.numero.is_some()
            && self.factures.iter().any(|row| row.nature == Nature::Avoir && row.corrige == invoice.numero)
    }

    /// What is left to pay of an invoice.
    pub fn balance(&self, invoice: &Facture) -> Money {
        let paid: Money = self
            .paiements
            .iter()
            .filter(|payment| Some(&payment.facture) == invoice.numero.as_ref())
            .map(|payment| payment.montant)
            .sum();
        invoice.ttc() - paid
    }

    /// Standing invoices that are not paid in full.
    pub fn unpaid(&self) -> impl Iterator<Item = &Facture> {
        self.standing().filter(|invoice| self.balance(invoice) > 0)
    }

    /// Standing invoices nobody has paid anything of: those a credit note can take back.
    pub fn creditable(&self) -> impl Iterator<Item = &Facture> {
        self.standing().filter(|invoice| self.balance(invoice) == invoice.ttc())
    }

    /// Contradictions; pointers into this document.
    pub fn faults(&self, before: &Facturation) -> Vec<FieldProblem> {
        let mut faults = Vec::new();
        for (row, old) in before.factures.iter().enumerate().filter(|(_, old)| old.issued()) {
            if self.factures.get(row).is_none_or(|sent| sent.entered() != old.entered()) {
                let (fr, en) = (
                    "Une facture émise ne change plus : émettez un avoir",
                    "An issued invoice never changes: issue a credit note",
                );
                faults.push(problem(format!("/factures/{row}"), "frozen", fr, en));
            }
        }
        for (row, draft) in self
            .factures
            .iter()
            .enumerate()
            .filter(|&(row, _)| before.factures.get(row).is_none_or(|old| !old.issued()))
        {
            for (field, amount) in [("baseExoneree", draft.base_exoneree), ("baseTaux20", draft.base_taux20)] {
                if !(0..=1_000_000_000).contains(&amount) {
                    faults.push(problem(
                        format!("/factures/{row}/{field}"),
                        "out-of-range",
                        "Montant hors limites",
                        "Amount out of range",
                    ));
                }
            }
        }
        if self.factures.len() > 200 {
            faults.push(problem("/factures", "out-of-range", "200 factures au plus", "At most 200 invoices"));
        }
        faults
    }

    /// What is missing before drafts can be issued; pointers into all documents.
    pub fn missing(&self, devis: &Devis) -> Vec<FieldProblem> {
        let mut missing = Vec::new();
        let drafts = || self.factures.iter().enumerate().filter(|(_, row)| !row.issued());
        if drafts().next().is_none() && self.standing().next().is_none() {
            missing.push(problem(
                "/facturation/factures",
                "required",
                "Aucune facture à émettre",
                "No invoice to issue",
            ));
        }
        for (row, _) in drafts().filter(|(_, draft)| draft.ht() <= 0) {
            missing.push(FieldProblem::required(format!("/facturation/factures/{row}/baseExoneree")));
        }
        let quoted = devis.bases();
        let billed = Bases {
            exonere: self.factures.iter().map(|row| row.base_exoneree).sum(),
            taux20: self.factures.iter().map(|row| row.base_taux20).sum(),
        };
        if billed.exonere > quoted.exonere || billed.taux20 > quoted.taux20 {
            let (fr, en) = ("Les factures dépassent le devis", "The invoices exceed the quote");
            missing.push(problem("/facturation/factures", "over-billed", fr, en));
        } else if billed != quoted && filled(&self.motif_ecart).is_none() {
            let (fr, en) = (
                "Les factures n’atteignent pas le devis : un motif est nécessaire",
                "The invoices fall short of the quote: a reason is needed",
            );
            missing.push(problem("/facturation/motifEcart", "under-billed", fr, en));
        }
        missing
    }
}
