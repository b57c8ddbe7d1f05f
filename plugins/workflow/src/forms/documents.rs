//! Section 5: the documents that a training needs before its start, and those that return after it.

use afpi_sdk::calendar::Date;
use afpi_sdk::schemars::JsonSchema;
use afpi_sdk::workflow::FieldProblem;
use serde::{Deserialize, Serialize};

use super::montage::{Montage, Payeur};
use super::{Window, problem};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(title = "Documents administratifs", extend("x-title-en" = "Paperwork"))]
pub struct Documents {
    #[schemars(title = "Pièces réunies", extend("x-title-en" = "Papers at hand", "x-widget" = "checklist", "uniqueItems" = true))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<Piece>,
    #[schemars(
        title = "Convention signée le",
        description = "Au plus tard le premier jour de la formation.",
        extend("x-title-en" = "Agreement signed on", "x-description-en" = "No later than the first day of the training.")
    )]
    pub convention_signee_le: Option<Date>,
    #[schemars(title = "Remarques", extend("x-title-en" = "Remarks", "x-widget" = "textarea"))]
    pub remarques: Option<String>,
}

afpi_sdk::choices! {
    /// A document of the checklist.
    pub enum Piece {
        FicheProgramme = "fiche_programme", "Fiche programme", "Programme sheet";
        Planning = "planning", "Planning", "Schedule";
        EvaluationPrealable = "evaluation_prealable", "Évaluation préalable", "Pre-training evaluation";
        PriseEnCharge = "prise_en_charge", "Accord de prise en charge", "Funding agreement";
        Subrogation = "subrogation", "Subrogation", "Subrogation";
        DemandeSubvention = "demande_subvention", "Demande de subvention", "Grant request";
        Convention = "convention", "Convention de formation", "Training agreement";
        BulletinsInscription = "bulletins_inscription", "Bulletins d’inscription", "Enrolment forms";
        FeuillesPresence = "feuilles_presence", "Feuilles de présence", "Attendance sheets";
        CompteRendu = "compte_rendu", "Compte rendu", "Report";
    }
}

/// The documents that the funding makes mandatory, whatever the settings of the site are.
pub fn required_by(montage: &Montage) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let agreed = || montage.financeurs.iter().filter(|line| line.montant_accorde.is_some_and(|amount| amount > 0));
    if agreed().next().is_some() {
        pieces.push(Piece::PriseEnCharge);
    }
    if agreed().any(|line| line.subrogation) {
        pieces.push(Piece::Subrogation);
    }
    if agreed().any(|line| matches!(line.payeur, Payeur::Region | Payeur::Etat)) {
        pieces.push(Piece::DemandeSubvention);
    }
    pieces
}

impl Documents {
    /// The contradictions, with pointers into this document.
    pub fn faults(&self, window: Window) -> Vec<FieldProblem> {
        window.done("/conventionSigneeLe", self.convention_signee_le).into_iter().collect()
    }

    /// The documents of `wanted` that are missing, as problems with pointers into all documents.
    pub fn missing(&self, wanted: impl IntoIterator<Item = Piece>) -> Vec<FieldProblem> {
        let mut absent: Vec<Piece> = Vec::new();
        for piece in wanted {
            if !self.pieces.contains(&piece) && !absent.contains(&piece) {
                absent.push(piece);
            }
        }
        let named = |piece: Piece| {
            let label = piece.label();
            problem(
                "/documents/pieces",
                "missing-document",
                format!("Pièce manquante : {}", label.fr),
                format!("Missing: {}", label.en),
            )
        };
        absent.into_iter().map(named).collect()
    }

    /// The convention must be signed before the training starts (Code du travail, L6353-1 and D6353-1).
    pub fn late_convention(&self, first_day: Option<Date>) -> Option<FieldProblem> {
        let (signed, first) = (self.convention_signee_le?, first_day?);
        let (fr, en) = (
            format!("La formation commence le {} : la convention doit être signée avant", first.french()),
            format!("The training starts on {first}: the agreement must be signed before"),
        );
        (signed > first).then(|| problem("/documents/conventionSigneeLe", "out-of-range", fr, en))
    }
}
