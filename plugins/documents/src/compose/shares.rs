//! Who pays which part of the training. Each payer compares its invoice with what it agreed to.

use serde::Serialize;

use crate::dossier::{Piece, filled};
use crate::scene::{DOTS, Scene};

/// The part of one payer.
#[derive(Debug, Clone, Serialize)]
pub struct Share {
    pub name: String,
    pub reference: String,
    /// Without VAT.
    pub amount: String,
    /// Whether the document is for this payer.
    pub own: bool,
}

/// The parts when several pay, as they were agreed. Empty when one pays all.
pub fn rows(scene: &Scene, piece: &Piece) -> Vec<Share> {
    let funding = &scene.dossier.opportunite.data.montage;
    let agreed = funding.financeurs.iter().filter(|row| row.montant_accorde.is_some_and(|cents| cents > 0));
    let mut rows: Vec<Share> = agreed
        .map(|row| {
            let name = filled(&row.organisme).or_else(|| filled(&row.payeur)).unwrap_or(DOTS);
            let reference = filled(&row.prise_en_charge).unwrap_or_default();
            let same = !reference.is_empty() && piece.reference("priseEnCharge") == Some(reference);
            let own = !piece.paid_by_company() && (same || piece.payer_name() == Some(name));
            let amount = scene.amount(row.montant_accorde.unwrap_or_default());
            Share { name: name.into(), reference: reference.into(), amount, own }
        })
        .collect();
    rows.extend(funding.part_entreprise.filter(|cents| *cents > 0).map(|cents| Share {
        name: scene.customer().into(),
        reference: String::new(),
        amount: scene.amount(cents),
        own: piece.paid_by_company(),
    }));
    if rows.len() < 2 { Vec::new() } else { rows }
}

/// The same on one line, for the electronic invoice.
pub fn said(scene: &Scene, piece: &Piece) -> Option<String> {
    let rows: Vec<String> = rows(scene, piece).iter().map(|row| format!("{} {}", row.name, row.amount)).collect();
    (!rows.is_empty()).then(|| scene.fill("repartition-note", &[("parts", &rows.join(", "))]))
}
