//! The quote. With the sheet of the action and the programme it can stand for the convention (D6353-1 II).

use afpi_sdk::money::divide;
use serde_json::json;

use super::{Page, Priced, action};
use crate::blocks::{self, fact};
use crate::dossier::{Amount, Ligne, Line, filled, joined};
use crate::format::{self, file_name};
use crate::frame::framed;
use crate::missing::says_all_of_a_convention;
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
        "convention": says_all_of_a_convention(scene).then(|| scene.wording("devis-convention")),
        "acceptance": acceptance(scene, priced.total),
        "issuer": blocks::own_signature(scene),
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
    drafted(&quote.lignes)
}

/// What lines come to that somebody is typing: each rounded to the cent, the VAT of a rate once on the sum of its lines
/// (EN 16931, BR-CO-17).
fn drafted(lines: &[Ligne]) -> Priced {
    let line = |line: &Ligne| {
        let hundredths = (line.quantite * 100.0).round() as i64;
        Line {
            label: line.libelle.clone(),
            quantity: hundredths * 10,
            unit: line.unite.clone(),
            unit_price: line.prix_unitaire,
            net: divide(i128::from(hundredths) * i128::from(line.prix_unitaire), 100),
            rate: if line.tva.as_deref() == Some("taux20") { 2000 } else { 0 },
        }
    };
    let lines: Vec<Line> = lines.iter().map(line).collect();
    let sum = |rate: i64| {
        let net = lines.iter().filter(|line| line.rate == rate).map(|line| line.net).sum::<i64>();
        Amount { rate, net, vat: divide(i128::from(net) * i128::from(rate), 10_000) }
    };
    let amounts: Vec<Amount> = [0, 2000].map(sum).into_iter().filter(|sum| sum.net != 0).collect();
    let (net, vat) = amounts.iter().fold((0, 0), |(net, vat), sum| (net + sum.net, vat + sum.vat));
    Priced { lines, amounts, net, vat, total: net + vat }
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
        "signature": blocks::customer_signature(scene),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn priced(lines: &[(f64, i64, &str)]) -> Priced {
        let line = |(quantite, prix_unitaire, tva): &(f64, i64, &str)| Ligne {
            quantite: *quantite,
            prix_unitaire: *prix_unitaire,
            tva: Some((*tva).into()),
            ..Ligne::default()
        };
        drafted(&lines.iter().map(line).collect::<Vec<_>>())
    }

    #[test]
    fn vat_is_computed_once_per_rate() {
        let mixed = priced(&[(35.0, 4550, "exonere"), (3.0, 1667, "taux20"), (7.0, 333, "taux20")]);
        assert_eq!((mixed.net, mixed.vat, mixed.total), (166_582, 1466, 168_048));
        let nine = priced(&[(1.0, 1242, "taux20"); 9]);
        assert_eq!((nine.net, nine.vat), (11_178, 2236));
        let seven = priced(&[(1.0, 1003, "taux20"); 7]);
        assert_eq!((seven.net, seven.vat), (7021, 1404));
    }

    #[test]
    fn the_printed_quantity_rules_and_a_discount_is_a_negative_line() {
        assert_eq!(priced(&[(3.33, 4550, "exonere")]).net, 15_152);
        assert_eq!(priced(&[(35.0, 4550, "exonere"), (1.0, -15_925, "exonere")]).total, 143_325);
        assert!(priced(&[]).amounts.is_empty());
    }
}
