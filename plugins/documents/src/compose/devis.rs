//! The quote. With the sheet of the action and the programme it can stand for the convention (D6353-1 II).

use serde_json::json;

use super::{Page, Priced, action};
use crate::blocks::{self, fact};
use crate::dossier::{Amount, Line, filled, joined};
use crate::format::{self, file_name};
use crate::frame::framed;
use crate::scene::Scene;

pub(crate) fn page(scene: &Scene) -> Page {
    let dossier = &scene.dossier;
    let (number, version) = (number(scene), version(scene));
    let validity = dossier.piece.as_ref().and_then(|piece| filled(&piece.due_on));
    let validity = validity.or_else(|| filled(&dossier.opportunite.data.devis.validite_jusquau));
    let follows = dossier.opportunite.commercial.as_ref();
    let follows = follows.and_then(|it| joined([filled(&it.name), filled(&it.phone), filled(&it.email)], "\n"));
    let facts: Vec<_> = [
        fact(scene.t("date"), Some(scene.dated())),
        fact(scene.t("version"), Some(version.to_string()).filter(|_| version > 1)),
        fact(scene.t("valable"), validity.map(|day| format::plain_day(scene.lang, day))),
        fact(scene.t("affaire"), filled(&dossier.opportunite.numero)),
        fact(scene.t("suivi-par"), follows),
    ]
    .into_iter()
    .flatten()
    .collect();
    let priced = priced(scene);
    let free = dossier.piece.as_ref().and_then(|piece| piece.reference("motifGratuite"));
    let free = free.or_else(|| filled(&dossier.opportunite.data.devis.motif_gratuite));
    let content = json!({
        "facts": facts,
        "addressee": blocks::addressee(scene, None, Some(&dossier.entreprise)),
        "action": action::sheet(scene),
        "priced": priced.printed(scene),
        "free": free.map(|reason| scene.fill("devis-gratuit", &[("motif", reason)])),
        "terms": terms(scene),
        "convention": scene.wording("devis-convention"),
        "acceptance": acceptance(scene, priced.total),
        "issuer": blocks::own_signature(scene, "pour-organisme"),
    });
    let number = number.as_deref();
    let versioned = number.map(|number| if version > 1 { format!("{number}-v{version}") } else { number.into() });
    Page {
        template: "devis",
        data: framed(scene, scene.t("devis"), versioned.as_deref(), content),
        file_name: file_name([versioned.as_deref().or(Some("Devis")), Some(scene.customer())]),
        invoice: None,
    }
}

/// The number of the quote, if it has one.
pub fn number(scene: &Scene) -> Option<String> {
    let piece = scene.dossier.piece.as_ref().filter(|piece| piece.kind.as_deref() == Some("devis"));
    let frozen = piece.and_then(|piece| filled(&piece.number));
    frozen.or_else(|| filled(&scene.dossier.opportunite.data.devis.numero)).map(String::from)
}

fn version(scene: &Scene) -> i64 {
    let frozen = scene.dossier.piece.as_ref().and_then(|piece| piece.version);
    frozen.or(scene.dossier.opportunite.data.devis.version).unwrap_or(1)
}

/// The frozen amounts, or those that the form shows.
pub fn priced(scene: &Scene) -> Priced {
    let quote = &scene.dossier.opportunite.data.devis;
    if let Some(piece) = scene.dossier.piece.as_ref().filter(|piece| piece.kind.as_deref() == Some("devis")) {
        return Priced {
            lines: piece.lines(scene.title(), scene.t("prestations-annexes")),
            amounts: piece.amounts(),
            net: piece.net,
            vat: piece.vat,
            total: piece.total,
        };
    }
    let line = |line: &crate::dossier::Ligne| Line {
        label: line.libelle.clone(),
        quantity: (line.quantite * 1000.0).round() as i64,
        unit: line.unite.clone(),
        unit_price: line.prix_unitaire,
        net: line.montant_ht.unwrap_or_default(),
        rate: if line.tva.as_deref() == Some("taux20") { 2000 } else { 0 },
    };
    let sums = quote.ventilation.iter();
    Priced {
        lines: quote.lignes.iter().map(line).collect(),
        amounts: sums.map(|sum| Amount { rate: sum.taux, net: sum.base_ht, vat: sum.tva }).collect(),
        net: quote.total_ht.unwrap_or_default(),
        vat: quote.total_tva.unwrap_or_default(),
        total: quote.total_ttc.unwrap_or_default(),
    }
}

fn terms(scene: &Scene) -> Vec<String> {
    let quote = &scene.dossier.opportunite.data.devis;
    let frozen = scene.dossier.piece.as_ref().and_then(|piece| piece.reference("conditions"));
    let own = frozen.or_else(|| filled(&quote.conditions)).map(String::from);
    let mut terms = vec![own.unwrap_or_else(|| blocks::payment_terms(scene))];
    terms.extend(blocks::late_payment(scene));
    terms
}

fn acceptance(scene: &Scene, total: i64) -> serde_json::Value {
    json!({
        "sentence": scene.fill("bon-pour-accord-phrase", &[("total", &scene.amount(total))]),
        "signature": {"title": scene.fill("pour-client", &[("nom", scene.customer())]), "lines": []},
    })
}
