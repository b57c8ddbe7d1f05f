//! Section 3: the payers. The funding lines and the company's share must add up to the exact amount of the quote
//! without VAT.

use afpi_sdk::calendar::Date;
use afpi_sdk::money::{english, french, split};
use afpi_sdk::schemars::JsonSchema;
use afpi_sdk::workflow::{FieldProblem, Money};
use serde::{Deserialize, Serialize};

use super::{Window, compact_siret, filled, problem, wrong_siret};

/// 100 % in hundredths of a percent.
const WHOLE: i64 = 10_000;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(title = "Montage administratif", extend("x-title-en" = "Funding"))]
pub struct Montage {
    #[schemars(title = "En attente de", extend("x-title-en" = "Waits for", "readOnly" = true, "x-awaited" = true))]
    pub en_attente_de: Option<String>,
    #[schemars(
        title = "Financeurs",
        extend(
            "x-title-en" = "Funders", "x-widget" = "coverage",
            "x-coverage" = {
                "total": "/devis/totalHt", "payer": ["organisme", "payeur"], "asked": "montantDemande", "agreed": "montantAccorde",
                "own": {"field": "partEntreprise", "payer": {"payeur": "entreprise"}},
                "invoiced": {
                    "at": "/facturation/factures", "payer": ["nom", "payeur"], "net": ["baseExoneree", "baseTaux20"],
                    "gross": "totalTtc", "left": "netTtc", "due": "solde", "where": {"required": ["emiseLe"]}
                }
            },
            "x-empty" = "Aucun financeur : l’entreprise paie tout.", "x-empty-en" = "No funder: the company pays it all."
        )
    )]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub financeurs: Vec<Financeur>,
    #[schemars(title = "Part de l’entreprise HT", range(min = 0), extend("x-title-en" = "Company’s share excl. VAT", "x-widget" = "money"))]
    pub part_entreprise: Option<Money>,
    #[schemars(title = "Reste à couvrir", extend("x-title-en" = "Still to cover", "x-widget" = "money", "readOnly" = true))]
    pub reste_a_couvrir: Option<Money>,
    #[schemars(title = "Remarques", extend("x-title-en" = "Remarks", "x-widget" = "textarea"))]
    pub remarques: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Financeur {
    #[schemars(title = "Payeur", extend("x-title-en" = "Payer", "x-widget" = "select"))]
    pub payeur: Payeur,
    #[schemars(
        title = "Organisme",
        description = "Un nom choisi dans l’annuaire apporte son SIRET : la facture porte alors son adresse.",
        length(max = 300),
        extend(
            "x-title-en" = "Body", "x-description-en" = "A name chosen in the directory brings its SIRET: the invoice then has its address.",
            "x-suggest" = "entreprises", "x-pick" = "name"
        )
    )]
    pub organisme: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(title = "SIRET", length(max = 20), extend("x-title-en" = "SIRET", "x-pick" = "siret"))]
    pub siret: Option<String>,
    #[schemars(
        title = "Part du devis (%)",
        description = "Calcule le montant demandé.",
        extend("x-title-en" = "Share of the quote (%)", "x-description-en" = "Computes the amount asked.", "minimum" = 0, "maximum" = 100)
    )]
    pub pourcentage: Option<f64>,
    #[serde(default)]
    #[schemars(title = "Montant demandé HT", range(min = 0), extend("x-title-en" = "Amount asked excl. VAT", "x-widget" = "money", "x-needed" = true))]
    pub montant_demande: Money,
    #[schemars(title = "N° de dossier", extend("x-search" = true, "x-title-en" = "File number"))]
    pub numero_dossier: Option<String>,
    #[schemars(title = "Déposé le", extend("x-title-en" = "Filed on", "x-needed" = true))]
    pub depose_le: Option<Date>,
    #[schemars(
        title = "Montant accordé HT",
        description = "0 en cas de refus ; vide tant qu’il n’y a pas de réponse.",
        range(min = 0),
        extend("x-title-en" = "Amount agreed excl. VAT", "x-description-en" = "0 for a refusal; empty while there is no answer.", "x-widget" = "money")
    )]
    pub montant_accorde: Option<Money>,
    #[schemars(title = "N° de prise en charge", extend("x-search" = true, "x-title-en" = "Funding agreement no."))]
    pub prise_en_charge: Option<String>,
    #[serde(default)]
    #[schemars(
        title = "Subrogation",
        description = "Le financeur nous paie directement.",
        extend("x-title-en" = "Paid to us directly", "x-description-en" = "The funder pays us (subrogation).")
    )]
    pub subrogation: bool,
}

afpi_sdk::choices! {
    /// A payer of a part of the training, beside the company.
    pub enum Payeur {
        Opco = "opco", "OPCO", "OPCO (skills operator)";
        Region = "region", "Région", "Region";
        FranceTravail = "france_travail", "France Travail", "France Travail (employment service)";
        Cpf = "cpf", "CPF", "CPF (personal training account)";
        TransitionsPro = "transitions_pro", "Transitions Pro", "Transitions Pro";
        Etat = "etat", "État ou Europe", "State or Europe";
        Autre = "autre", "Autre", "Other";
    }
}

impl Montage {
    /// The sum of the agreed funding.
    pub fn agreed(&self) -> Money {
        self.financeurs.iter().filter_map(|line| line.montant_accorde).sum()
    }

    /// The document that was sent, with the shares in percent and the uncovered rest of the quote.
    pub fn edited(mut self, quote: Money) -> Montage {
        self.share_out(quote);
        self.financeurs.iter_mut().for_each(|line| line.siret = compact_siret(line.siret.take()));
        self.reste_a_couvrir = Some(quote - self.agreed() - self.part_entreprise.unwrap_or(0));
        self
    }

    /// Computes the amounts of the funders that ask for a percentage. The parts and the rest are the quote to the cent.
    fn share_out(&mut self, quote: Money) {
        let mut weights: Vec<i64> = self.financeurs.iter().filter_map(Financeur::hundredths).collect();
        let rest = WHOLE - weights.iter().sum::<i64>();
        weights.push(rest);
        let mut parts = split(quote, &weights).into_iter();
        for line in self.financeurs.iter_mut().filter(|line| line.hundredths().is_some()) {
            line.montant_demande = parts.next().unwrap_or(0);
        }
    }

    /// The contradictions, with pointers into this document.
    pub fn faults(&self, window: Window) -> Vec<FieldProblem> {
        let mut faults = Vec::new();
        let mut amount = |field: String, amount: Option<Money>| {
            if amount.is_some_and(|amount| !(0..=1_000_000_000).contains(&amount)) {
                faults.push(problem(field, "out-of-range", "Montant hors limites", "Amount out of range"));
            }
        };
        amount("/partEntreprise".into(), self.part_entreprise);
        for (row, line) in self.financeurs.iter().enumerate() {
            amount(format!("/financeurs/{row}/montantDemande"), Some(line.montant_demande));
            amount(format!("/financeurs/{row}/montantAccorde"), line.montant_accorde);
        }
        if let Some(row) = self.beyond_whole() {
            let (fr, en) = ("Les parts dépassent 100 %", "The shares exceed 100%");
            faults.push(problem(format!("/financeurs/{row}/pourcentage"), "out-of-range", fr, en));
        }
        for (row, line) in self.financeurs.iter().enumerate() {
            let exact = |percent: f64| (percent * 100.0 - (percent * 100.0).round()).abs() < 1e-6;
            if !line.pourcentage.is_none_or(exact) {
                let (fr, en) = ("Deux décimales au plus", "At most two decimals");
                faults.push(problem(format!("/financeurs/{row}/pourcentage"), "precision", fr, en));
            }
        }
        for (row, line) in self.financeurs.iter().enumerate() {
            faults.extend(wrong_siret(format!("/financeurs/{row}/siret"), &line.siret));
        }
        let filed =
            |(row, line): (usize, &Financeur)| window.done(format!("/financeurs/{row}/deposeLe"), line.depose_le);
        faults.extend(self.financeurs.iter().enumerate().filter_map(filed));
        faults
    }

    /// The first funder whose share makes all of them more than the whole, or is none.
    fn beyond_whole(&self) -> Option<usize> {
        let mut sum = 0;
        self.financeurs.iter().position(|line| {
            let share = line.hundredths().unwrap_or(0);
            sum += share;
            share < 0 || sum > WHOLE
        })
    }

    /// The funders that have not answered yet.
    pub fn unanswered(&self) -> Vec<String> {
        self.financeurs.iter().filter(|line| line.montant_accorde.is_none()).map(Financeur::name).collect()
    }

    /// What is missing before the requests count as sent.
    pub fn missing_to_file(&self) -> Vec<FieldProblem> {
        if self.financeurs.is_empty() {
            return vec![problem("/montage/financeurs", "required", "Au moins un financeur", "At least one funder")];
        }
        self.financeurs.iter().enumerate().flat_map(|(row, line)| not_filed(row, line)).collect()
    }

    /// What is missing before the funding of a quote of `quote` cents is settled. Nothing is missing if only the
    /// company pays.
    pub fn missing_to_settle(&self, quote: Money) -> Vec<FieldProblem> {
        if self.financeurs.is_empty() {
            return Vec::new();
        }
        let mut missing: Vec<FieldProblem> =
            self.financeurs.iter().enumerate().flat_map(|(row, line)| unanswered(row, line)).collect();
        let rest = quote - self.agreed() - self.part_entreprise.unwrap_or(0);
        if missing.is_empty() && rest != 0 {
            let (code, fr, en) = if rest > 0 {
                ("not-covered", "Il manque", "Still missing:")
            } else {
                ("over-covered", "En trop :", "Too much:")
            };
            let message = problem(
                "/montage/partEntreprise",
                code,
                format!("{fr} {}", french(rest.abs())),
                format!("{en} {}", english(rest.abs())),
            );
            missing.push(message);
        }
        missing
    }
}

fn not_filed(row: usize, line: &Financeur) -> Vec<FieldProblem> {
    let at = |field: &str| format!("/montage/financeurs/{row}/{field}");
    let mut missing = Vec::new();
    if line.montant_demande == 0 {
        missing.push(FieldProblem::required(at("montantDemande")));
    }
    if line.depose_le.is_none() {
        missing.push(FieldProblem::required(at("deposeLe")));
    }
    missing
}

fn unanswered(row: usize, line: &Financeur) -> Vec<FieldProblem> {
    let at = |field: &str| format!("/montage/financeurs/{row}/{field}");
    let mut missing = not_filed(row, line);
    match line.montant_accorde {
        None => missing.push(problem(
            at("montantAccorde"),
            "required",
            "Réponse du financeur attendue",
            "The funder has not answered yet",
        )),
        Some(agreed) if agreed > 0 && filled(&line.prise_en_charge).is_none() => {
            missing.push(FieldProblem::required(at("priseEnCharge")))
        }
        Some(_) => {}
    }
    // The invoice for this funder needs a name.
    if line.subrogation && line.montant_accorde != Some(0) && filled(&line.organisme).is_none() {
        missing.push(FieldProblem::required(at("organisme")));
    }
    missing
}

impl Financeur {
    /// The share in hundredths of a percent.
    fn hundredths(&self) -> Option<i64> {
        self.pourcentage.map(|percent| (percent * 100.0).round() as i64)
    }

    /// The funder's name, or the kind of payer if there is no name.
    fn name(&self) -> String {
        filled(&self.organisme).map_or_else(|| self.payeur.label().fr, String::from)
    }
}
