//! What stands in each document: one file per document, and this table.

mod action;
mod amounts;
mod attestation;
mod bulletin;
mod certificat;
mod contrat;
mod convention;
mod convocation;
mod devis;
mod emargement;
mod facture;
mod programme;
mod qr;
mod relance;
pub(crate) mod shares;

pub use amounts::Priced;
pub(crate) use devis::priced as quoted;
pub(crate) use facture::{exemption, person_pays};
pub use relance::{Balance, Owed, owed};
pub(crate) use relance::{Medium, paragraphs, subject};

use serde_json::Value;

use crate::mail::Mail;
use crate::scene::Scene;

/// What is rendered and sent.
#[derive(Debug, Clone)]
pub struct Composition {
    /// The template, e.g. `devis.typ`.
    pub template: String,
    pub data: Value,
    pub title: String,
    /// Without extension.
    pub file_name: String,
    /// The electronic invoice of an invoice or credit note.
    pub invoice: Option<Value>,
    pub mail: Option<Mail>,
}

/// A document before its mail is written.
pub(crate) struct Page {
    pub template: &'static str,
    pub data: Value,
    pub file_name: String,
    pub invoice: Option<Value>,
}

/// Composes the document of this kind. `None` if there is no such kind, or nothing it could be about.
pub fn compose(kind: &str, scene: &Scene) -> Option<Composition> {
    let page = match kind {
        "devis" => devis::page(scene),
        "facture" => facture::page(scene, false),
        "avoir" => facture::page(scene, true),
        "convention" => convention::page(scene),
        "contrat" => contrat::page(scene),
        "programme" => programme::page(scene),
        "bulletin" => bulletin::page(scene),
        "convocation" => convocation::page(scene)?,
        "emargement" => emargement::page(scene)?,
        "certificat" => certificat::page(scene)?,
        "attestation" => attestation::page(scene)?,
        "relance-1" => relance::page(scene, 1)?,
        "relance-2" => relance::page(scene, 2)?,
        "relance-3" => relance::page(scene, 3)?,
        _ => return None,
    };
    Some(Composition {
        title: page.data["doc"]["title"].as_str().unwrap_or_default().into(),
        template: format!("{}.typ", page.template),
        file_name: page.file_name,
        invoice: page.invoice,
        mail: crate::mail::of(kind, scene),
        data: page.data,
    })
}
