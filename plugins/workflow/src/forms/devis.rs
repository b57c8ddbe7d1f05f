//! Section 2: the quote, its lines and its sums. Amounts are cents. Each line has a VAT rate; the VAT of a rate is
//! computed once, on the sum of its lines (EN 16931, BR-CO-17).

use afpi_sdk::calendar::Date;
use afpi_sdk::money::{divide, split};
use afpi_sdk::schemars::JsonSchema;
use afpi_sdk::workflow::{FieldProblem, Money};
use serde::{Deserialize, Serialize};

use super::{Window, filled, problem};

/// The largest amount of a line, positive or negative: ten million euros.
const LINE_LIMIT: i128 = 1_000_000_000;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(
    title = "Devis",
    extend(
        "x-title-en" = "Quote",
        "x-piece" = {
            "kind": "devis", "number": "numero", "version": "version", "issuedOn": "envoyeLe", "dueOn": "validiteJusquau", "payer": {},
            "net": "totalHt", "vat": "totalTva", "total": "totalTtc",
            "amountRows": {"rows": "ventilation", "rate": "taux", "net": "baseHt", "vat": "tva"},
            "lines": {
                "rows": "lignes", "label": "libelle", "quantity": "quantite", "unitPrice": "prixUnitaire", "net": "montantHt",
                "rate": {"by": "tva", "of": {"exonere": 0, "taux20": 20}}
            },
            "references": {"conditions": "conditions", "motifGratuite": "motifGratuite"},
            "follows": ["enAttenteDe", "accepteLe", "signataire", "bonCommande", "refuseLe", "causeRefus", "motifRefus", "versions"],
            "acceptedBy": {"transition": "accepter_devis", "signedOn": "le", "signatory": "signataire"}
        }
    )
)]
pub struct Devis {
    #[schemars(title = "En attente de", extend("x-title-en" = "Waits for", "readOnly" = true, "x-awaited" = true))]
    pub en_attente_de: Option<String>,
    #[schemars(title = "Numéro", extend("x-search" = true, "x-title-en" = "Number", "readOnly" = true))]
    pub numero: Option<String>,
    #[schemars(title = "Version", extend("x-title-en" = "Version", "readOnly" = true))]
    pub version: Option<u32>,
    #[schemars(
        title = "Lignes",
        extend(
            "x-title-en" = "Lines", "x-widget" = "grid", "x-needed" = true,
            "x-totals" = {"net": "montantHt", "rate": {"by": "tva", "of": {"exonere": 0, "taux20": 20}}}
        )
    )]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lignes: Vec<Ligne>,
    #[schemars(
        title = "Remise globale HT",
        description = "Répartie entre les régimes de TVA, au prorata des lignes.",
        range(min = 0),
        extend("x-title-en" = "Discount on the whole, excl. VAT", "x-description-en" = "Spread over the VAT regimes, in proportion to the lines.", "x-widget" = "money")
    )]
    pub remise: Option<Money>,
    // The grid of the lines shows the totals.
    #[schemars(title = "Total HT", extend("x-title-en" = "Total excl. VAT", "x-widget" = "hidden", "readOnly" = true))]
    pub total_ht: Option<Money>,
    #[schemars(title = "TVA", extend("x-title-en" = "VAT", "x-widget" = "hidden", "readOnly" = true))]
    pub total_tva: Option<Money>,
    #[schemars(title = "Total TTC", extend("x-title-en" = "Total incl. VAT", "x-widget" = "hidden", "readOnly" = true))]
    pub total_ttc: Option<Money>,
    /// The sums by rate of VAT.
    #[schemars(title = "Ventilation", extend("x-title-en" = "By rate", "x-widget" = "hidden", "readOnly" = true))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ventilation: Vec<Ventilation>,
    #[schemars(
        title = "Motif si le devis est gratuit",
        description = "Par exemple un geste commercial ou un partenariat.",
        length(max = 500),
        extend("x-title-en" = "Reason if the quote is free", "x-description-en" = "E.g. a gift or a partnership.", "x-widget" = "textarea")
    )]
    pub motif_gratuite: Option<String>,
    #[schemars(title = "Valable jusqu’au", extend("x-title-en" = "Valid until"))]
    pub validite_jusquau: Option<Date>,
    #[schemars(title = "Conditions", extend("x-title-en" = "Terms", "x-widget" = "textarea"))]
    pub conditions: Option<String>,
    #[schemars(title = "Envoyé le", extend("x-title-en" = "Sent on", "readOnly" = true))]
    pub envoye_le: Option<Date>,
    #[schemars(title = "Accepté le", extend("x-title-en" = "Accepted on", "readOnly" = true))]
    pub accepte_le: Option<Date>,
    #[schemars(title = "Signataire", extend("x-title-en" = "Signed by", "readOnly" = true))]
    pub signataire: Option<String>,
    #[schemars(title = "N° de bon de commande", extend("x-search" = true, "x-title-en" = "PO number", "readOnly" = true))]
    pub bon_commande: Option<String>,
    #[schemars(title = "Refusé le", extend("x-title-en" = "Refused on", "readOnly" = true))]
    pub refuse_le: Option<Date>,
    #[schemars(title = "Cause du refus", extend("x-title-en" = "Cause of the refusal", "readOnly" = true, "x-lost" = "reason"))]
    pub cause_refus: Option<Cause>,
    #[schemars(title = "Motif du refus", extend("x-title-en" = "Reason of the refusal", "readOnly" = true, "x-lost" = "remark"))]
    pub motif_refus: Option<String>,
    #[schemars(
        title = "Versions précédentes",
        extend(
            "x-title-en" = "Earlier versions", "x-widget" = "rows", "readOnly" = true,
            "x-piece" = {
                "kind": "devis", "number": "/numero", "version": "version", "issuedOn": "envoyeLe", "payer": {}, "net": "totalHt",
                "recalls": true
            }
        )
    )]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<Version>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ligne {
    #[schemars(title = "Libellé", length(min = 1, max = 500), extend("x-title-en" = "Label", "x-suggest" = "produits", "x-pick" = "title"))]
    pub libelle: String,
    /// The hours of the training, where the quantity does not say them.
    #[schemars(title = "Heures", extend("x-title-en" = "Hours", "minimum" = 0, "maximum" = 100_000, "x-pick" = "hours"))]
    pub heures: Option<f64>,
    #[schemars(title = "Quantité", extend("x-title-en" = "Quantity", "exclusiveMinimum" = 0, "maximum" = 100_000, "x-pick" = "quantity"))]
    pub quantite: f64,
    #[serde(default)]
    #[schemars(
        title = "Unité",
        extend(
            "x-title-en" = "Unit", "x-widget" = "select", "x-pick" = "unit",
            "x-pick-as" = {"group": "forfait", "day": "jour", "trainee": "stagiaire", "hour": "heure"}
        )
    )]
    pub unite: Unite,
    #[schemars(
        title = "Prix unitaire HT",
        description = "Négatif pour une remise.",
        extend("x-title-en" = "Unit price excl. VAT", "x-description-en" = "Negative for a discount.", "x-widget" = "money", "x-pick" = "price")
    )]
    pub prix_unitaire: Money,
    #[serde(default)]
    #[schemars(title = "TVA", extend("x-title-en" = "VAT", "x-widget" = "select", "x-pick" = "vatRate", "x-pick-as" = {"0": "exonere", "2000": "taux20"}))]
    pub tva: Tva,
    /// The part of the discount on the whole that a VAT regime bears.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schemars(title = "Part de la remise globale", extend("x-title-en" = "Part of the discount on the whole", "x-widget" = "hidden"))]
    pub remise: bool,
    #[schemars(title = "Montant HT", extend("x-title-en" = "Amount excl. VAT", "x-widget" = "money", "readOnly" = true, "x-computed" = {"product": ["quantite", "prixUnitaire"]}))]
    pub montant_ht: Option<Money>,
}

/// The amount of a quote at one VAT rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ventilation {
    /// Hundredths of a percent.
    #[schemars(title = "Taux", extend("x-title-en" = "Rate"))]
    pub taux: i64,
    #[schemars(title = "Base HT", extend("x-title-en" = "Base excl. VAT", "x-widget" = "money"))]
    pub base_ht: Money,
    #[schemars(title = "TVA", extend("x-title-en" = "VAT", "x-widget" = "money"))]
    pub tva: Money,
}

/// An earlier version of the quote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    #[schemars(title = "Version", extend("x-title-en" = "Version"))]
    pub version: u32,
    #[schemars(title = "Total HT", extend("x-title-en" = "Total excl. VAT", "x-widget" = "money"))]
    pub total_ht: Money,
    #[schemars(title = "Envoyé le", extend("x-title-en" = "Sent on"))]
    pub envoye_le: Option<Date>,
    #[schemars(title = "Refusé le", extend("x-title-en" = "Refused on"))]
    pub refuse_le: Option<Date>,
    #[schemars(title = "Motif", extend("x-title-en" = "Reason"))]
    pub motif: Option<String>,
}

afpi_sdk::choices! {
    /// The unit of a line.
    pub enum Unite {
        Jour = "jour", "Jour", "Day";
        Heure = "heure", "Heure", "Hour";
        Stagiaire = "stagiaire", "Stagiaire", "Trainee";
        Forfait = "forfait", "Forfait", "Flat rate";
    }
}

afpi_sdk::choices! {
    /// VAT regime of a line: training is exempt (CGI, art. 261-4-4° a), everything else has 20 %.
    pub enum Tva {
        Exonere = "exonere", "Exonéré", "Exempt";
        Taux20 = "taux20", "20 %", "20%";
    }
}

afpi_sdk::choices! {
    /// The customer's reason for a refusal.
    pub enum Cause {
        Prix = "prix", "Prix", "Price";
        Delai = "delai", "Dates ou délai", "Dates or delay";
        Concurrent = "concurrent", "Concurrent retenu", "A competitor was chosen";
        Financement = "financement", "Financement refusé", "Funding refused";
        Besoin = "besoin", "Projet abandonné", "Project given up";
        SansReponse = "sans-reponse", "Sans réponse", "No answer";
        Autre = "autre", "Autre", "Other";
    }
}

/// Totals of one VAT regime, in cents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bases {
    pub exonere: Money,
    pub taux20: Money,
}

impl Bases {
    pub fn ht(self) -> Money {
        self.exonere + self.taux20
    }

    /// The VAT of each rate on the sum of its lines, rounded once.
    pub fn vat(self) -> Money {
        divide(i128::from(self.taux20) * 20, 100)
    }
}

impl Ligne {
    /// The amount without VAT, rounded half away from zero.
    pub fn ht(&self) -> Money {
        divide(i128::from(self.hundredths()) * i128::from(self.prix_unitaire), 100)
    }

    fn hundredths(&self) -> i64 {
        (self.quantite * 100.0).round() as i64
    }
}

impl Devis {
    /// The totals of each VAT regime.
    pub fn bases(&self) -> Bases {
        self.lignes.iter().fold(Bases::default(), |sum, line| match line.tva {
            Tva::Exonere => Bases { exonere: sum.exonere + line.ht(), ..sum },
            Tva::Taux20 => Bases { taux20: sum.taux20 + line.ht(), ..sum },
        })
    }

    pub fn ht(&self) -> Money {
        self.bases().ht()
    }

    /// Whether the quote is free of charge: all lines are 0 €, and there is a reason.
    pub fn free(&self) -> bool {
        !self.lignes.is_empty() && self.ht() == 0 && filled(&self.motif_gratuite).is_some()
    }

    /// The VAT of the document. Documents that are older than the VAT per rate keep their VAT.
    pub fn vat(&self) -> Money {
        self.total_tva.unwrap_or_else(|| self.bases().vat())
    }

    /// The document that was sent. Values that people do not enter come from the old document, and the sums are
    /// computed.
    pub fn edited(self, before: &Devis) -> Devis {
        let mut devis = Devis {
            lignes: self.lignes,
            validite_jusquau: self.validite_jusquau,
            conditions: self.conditions,
            motif_gratuite: self.motif_gratuite,
            remise: self.remise.filter(|amount| *amount != 0),
            ..before.clone()
        };
        devis.spread_discount();
        devis.add_up();
        devis
    }

    /// Makes the discount on the whole a line of each VAT regime, in proportion to its other lines.
    fn spread_discount(&mut self) {
        self.lignes.retain(|line| !line.remise);
        let Bases { exonere, taux20 } = self.bases();
        let parts = split(self.remise.unwrap_or(0), &[exonere, taux20]);
        for (part, tva) in parts.into_iter().zip([Tva::Exonere, Tva::Taux20]) {
            if part > 0 {
                self.lignes.push(Ligne {
                    libelle: "Remise globale".into(),
                    heures: None,
                    quantite: 1.0,
                    unite: Unite::Forfait,
                    prix_unitaire: -part,
                    tva,
                    remise: true,
                    montant_ht: None,
                });
            }
        }
    }

    /// Stores the amounts of the lines, the totals and the sums by VAT rate.
    pub fn add_up(&mut self) {
        for line in &mut self.lignes {
            line.montant_ht = Some(line.ht());
        }
        let bases = self.bases();
        let (ht, vat) = (bases.ht(), bases.vat());
        let sums = (!self.lignes.is_empty()).then_some((ht, vat, ht + vat));
        (self.total_ht, self.total_tva, self.total_ttc) =
            (sums.map(|sum| sum.0), sums.map(|sum| sum.1), sums.map(|sum| sum.2));
        let rates = [(0, bases.exonere, 0), (2000, bases.taux20, vat)];
        self.ventilation = rates
            .into_iter()
            .filter(|(_, base_ht, tva)| (*base_ht, *tva) != (0, 0))
            .map(|(taux, base_ht, tva)| Ventilation { taux, base_ht, tva })
            .collect();
    }

    /// Archives the current version. The next version starts with its lines.
    pub fn next_version(&mut self) {
        let version = self.version.unwrap_or(1);
        self.versions.push(Version {
            version,
            total_ht: self.ht(),
            envoye_le: self.envoye_le.take(),
            refuse_le: self.refuse_le.take(),
            motif: self.motif_refus.take(),
        });
        self.version = Some(version + 1);
        (self.validite_jusquau, self.accepte_le, self.signataire, self.bon_commande, self.cause_refus) =
            (None, None, None, None, None);
    }

    /// The contradictions, with pointers into this document. Call this before the sums are computed.
    pub fn faults(&self, window: Window) -> Vec<FieldProblem> {
        let mut faults: Vec<FieldProblem> =
            window.deadline("/validiteJusquau", self.validite_jusquau).into_iter().collect();
        for (row, line) in self.lignes.iter().enumerate() {
            let at = |field: &str| format!("/lignes/{row}/{field}");
            if !(line.quantite > 0.0 && line.quantite <= 100_000.0) {
                faults.push(problem(
                    at("quantite"),
                    "out-of-range",
                    "Quantité entre 0 et 100 000",
                    "A quantity between 0 and 100,000",
                ));
            } else if (line.quantite * 100.0 - line.hundredths() as f64).abs() > 1e-6 {
                faults.push(problem(at("quantite"), "precision", "Deux décimales au plus", "At most two decimals"));
            } else if i128::from(line.hundredths()) * i128::from(line.prix_unitaire).abs() > LINE_LIMIT * 100 {
                faults.push(problem(
                    at("prixUnitaire"),
                    "out-of-range",
                    "Montant de ligne trop grand",
                    "The line’s amount is too large",
                ));
            }
            if line.libelle.trim().is_empty() {
                faults.push(FieldProblem::required(at("libelle")));
            }
        }
        if self.remise.is_some_and(|amount| !(0..=LINE_LIMIT as i64).contains(&amount)) {
            faults.push(problem("/remise", "out-of-range", "De 0 € à 10 000 000 €", "From €0 to €10,000,000"));
        }
        if self.lignes.len() > 200 {
            faults.push(problem("/lignes", "out-of-range", "200 lignes au plus", "At most 200 lines"));
        }
        faults
    }

    /// What is missing before sending, with pointers into all documents.
    pub fn missing(&self, today: Date) -> Vec<FieldProblem> {
        let mut missing = Vec::new();
        if self.lignes.is_empty() {
            missing.push(problem("/devis/lignes", "required", "Au moins une ligne", "At least one line"));
        } else if self.ht() < 0 {
            let (fr, en) = ("Le total ne peut être négatif", "The total cannot be negative");
            missing.push(problem("/devis/lignes", "out-of-range", fr, en));
        } else if self.ht() == 0 && !self.free() {
            let (fr, en) = ("Le devis est à 0 € : indiquez pourquoi", "The quote comes to €0: say why");
            missing.push(problem("/devis/motifGratuite", "required", fr, en));
        } else {
            let Bases { exonere, taux20 } = self.bases();
            if exonere < 0 || taux20 < 0 {
                let (fr, en) = (
                    "Une remise dépasse les lignes de son régime de TVA",
                    "A discount exceeds the lines of its VAT regime",
                );
                missing.push(problem("/devis/lignes", "out-of-range", fr, en));
            }
        }
        if self.validite_jusquau.is_some_and(|until| until < today) {
            missing.push(problem(
                "/devis/validiteJusquau",
                "out-of-range",
                "La date de validité est passée",
                "The validity date has passed",
            ));
        }
        missing
    }
}
