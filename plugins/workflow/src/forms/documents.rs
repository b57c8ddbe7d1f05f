//! Section 5: the documents that a training needs before its start, and those that return after it. A piece is there
//! because its file is there. A tick without a file needs a reason.

use afpi_sdk::calendar::Date;
use afpi_sdk::schemars::JsonSchema;
use afpi_sdk::workflow::FieldProblem;
use serde::{Deserialize, Serialize};

use super::montage::{Montage, Payeur};
use super::{Window, filled, problem};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(
    title = "Documents administratifs",
    extend(
        "x-title-en" = "Paperwork",
        "x-checklist" = {
            "ticked": "pieces", "filed": "fichiers",
            "follow": {"rows": "suivi", "piece": "piece", "reason": "motif", "from": "attenduDe", "until": "attenduPourLe"}
        }
    )
)]
pub struct Documents {
    #[schemars(
        title = "Pièces réunies",
        description = "Déposez le fichier de chaque pièce. Sans fichier, une pièce cochée demande un motif.",
        extend(
            "x-title-en" = "Papers at hand", "x-widget" = "checklist", "uniqueItems" = true,
            "x-description-en" = "Drop the file of each piece. A tick without a file needs a reason."
        )
    )]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<Piece>,
    /// The pieces that have a file. The host fills it whenever it asks, and does not store it.
    #[schemars(
        title = "Pièces en fichier",
        extend("x-title-en" = "Papers as files", "x-widget" = "checklist", "uniqueItems" = true, "readOnly" = true)
    )]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fichiers: Vec<Piece>,
    #[schemars(title = "Suivi des pièces", extend("x-title-en" = "Follow-up of the papers"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suivi: Vec<Suivi>,
    #[schemars(
        title = "Convention signée le",
        description = "Au plus tard le premier jour de la formation.",
        extend("x-title-en" = "Agreement signed on", "x-description-en" = "No later than the first day of the training.")
    )]
    pub convention_signee_le: Option<Date>,
    #[schemars(title = "Remarques", extend("x-title-en" = "Remarks", "x-widget" = "textarea"))]
    pub remarques: Option<String>,
}

/// From whom a piece is awaited, or why it is ticked without a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Suivi {
    #[schemars(title = "Pièce", extend("x-title-en" = "Paper", "x-widget" = "select"))]
    pub piece: Piece,
    #[schemars(title = "Attendue de", length(max = 200), extend("x-title-en" = "Awaited from"))]
    pub attendu_de: Option<String>,
    #[schemars(title = "Attendue pour le", extend("x-title-en" = "Awaited until"))]
    pub attendu_pour_le: Option<Date>,
    #[schemars(title = "Motif sans fichier", length(max = 500), extend("x-title-en" = "Reason without a file"))]
    pub motif: Option<String>,
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
    /// The contradictions, with pointers into this document. `before` is the document as it was: its ticks stay valid.
    pub fn faults(&self, window: Window, before: &Documents) -> Vec<FieldProblem> {
        let mut faults: Vec<_> = window.done("/conventionSigneeLe", self.convention_signee_le).into_iter().collect();
        for &piece in &self.pieces {
            let known = before.pieces.contains(&piece) && before.reason(piece).is_none();
            if !known && !self.fichiers.contains(&piece) && self.reason(piece).is_none() {
                let label = piece.label();
                faults.push(problem(
                    "/pieces",
                    "reason-required",
                    format!("{} : déposez le fichier, ou dites pourquoi la pièce est cochée sans lui", label.fr),
                    format!("{}: drop the file, or say why it is ticked without one", label.en),
                ));
            }
        }
        for (at, row) in self.suivi.iter().enumerate() {
            faults.extend(window.planned(format!("/suivi/{at}/attenduPourLe"), row.attendu_pour_le));
            if self.suivi[..at].iter().any(|other| other.piece == row.piece) {
                let (fr, en) = ("Cette pièce a déjà une ligne", "This paper has a line already");
                faults.push(problem(format!("/suivi/{at}/piece"), "duplicate", fr, en));
            }
        }
        faults
    }

    /// The document as it is kept: a file replaces a tick, a reason belongs to a tick, and a line that says nothing goes.
    pub fn edited(mut self) -> Documents {
        let Documents { pieces, fichiers, suivi, .. } = &mut self;
        pieces.retain(|piece| !fichiers.contains(piece));
        for row in suivi.iter_mut() {
            row.motif = filled(&row.motif).filter(|_| pieces.contains(&row.piece)).map(String::from);
            row.attendu_de = filled(&row.attendu_de).map(String::from);
        }
        suivi.retain(|row| row.motif.is_some() || row.attendu_de.is_some() || row.attendu_pour_le.is_some());
        self
    }

    /// Why this piece is ticked without a file.
    fn reason(&self, piece: Piece) -> Option<&str> {
        self.suivi.iter().find(|row| row.piece == piece).and_then(|row| filled(&row.motif))
    }

    /// Is this piece there, as a file or by a tick?
    fn has(&self, piece: Piece) -> bool {
        self.fichiers.contains(&piece) || self.pieces.contains(&piece)
    }

    /// The documents of `wanted` that are missing, as problems with pointers into all documents.
    pub fn missing(&self, wanted: impl IntoIterator<Item = Piece>) -> Vec<FieldProblem> {
        let mut absent: Vec<Piece> = Vec::new();
        for piece in wanted {
            if !self.has(piece) && !absent.contains(&piece) {
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
