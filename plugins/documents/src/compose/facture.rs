//! The invoice and the credit note.

use serde_json::{Value, json};

use super::{Page, Priced, qr, shares};
use crate::blocks::{self, Fact, fact};
use crate::dossier::{Amount, Facture, Piece, filled, joined};
use crate::format::{self, file_name};
use crate::frame::framed;
use crate::scene::Scene;
use crate::{invoice, wording};

pub(crate) fn page(scene: &Scene, credit: bool) -> Page {
    let piece = scene.dossier.piece.clone().unwrap_or_else(|| drafted(scene, credit));
    let priced = priced(scene, &piece, credit);
    let mut printed = priced.printed(scene);
    if credit {
        printed.totals.last_mut().into_iter().for_each(|last| last.label = scene.t("total-avoir").into());
    } else {
        printed.totals = priced.deducting(scene, &piece.deposits());
    }
    let company = blocks::payer(scene, &piece);
    let named = piece.buyer.as_ref().map_or_else(|| piece.payer_name(), |buyer| filled(&buyer.name));
    let name = named.unwrap_or_else(|| scene.customer());
    let content = json!({
        "facts": facts(scene, &piece, credit),
        "addressee": blocks::addressee(scene, Some(name), company),
        "subject": subject(scene, &piece, credit),
        "reason": filled(&piece.reason).map(|reason| scene.fill("avoir-motif", &[("motif", reason)])),
        "advance": piece.reference("motifAvance").map(|reason| scene.fill("facture-avance", &[("motif", reason)])),
        "beyond": piece.reference("motifPresence").map(|reason| scene.fill("facture-presence", &[("motif", reason)])),
        "training": training(scene, credit),
        "priced": printed,
        "due": due(scene, &piece, credit),
        "bank": bank(scene, &piece, credit),
        "qr": if credit { None } else { qr::of(scene, &piece) },
        "terms": terms(scene, &piece, credit),
        "shares": if credit { Vec::new() } else { shares::rows(scene, &piece) },
        "trainees": if credit || piece.is_deposit() { Vec::new() } else { trainees(scene) },
    });
    let number = filled(&piece.number);
    let heading = match credit {
        true => scene.t("avoir"),
        false if piece.is_deposit() => scene.t("facture-acompte"),
        false if piece.deducted() > 0 => scene.t("facture-solde"),
        false => scene.t("facture"),
    };
    Page {
        template: "facture",
        data: framed(scene, heading, number, content),
        file_name: file_name([number.or(Some(heading)), Some(name)]),
        invoice: invoice::model(scene, &piece, &priced, credit).and_then(|model| serde_json::to_value(model).ok()),
    }
}

/// A preview of the first invoice that is not issued yet.
fn drafted(scene: &Scene, credit: bool) -> Piece {
    let rows = &scene.dossier.opportunite.data.facturation.factures;
    let nature = if credit { "avoir" } else { "facture" };
    let is_credit = |row: &Facture| row.nature.as_deref() == Some("avoir");
    let open = |row: &&Facture| row.emise_le.is_none() && is_credit(row) == credit;
    let row = rows.iter().find(open).cloned().unwrap_or_default();
    let sums = [(0, row.base_exoneree, 0), (2000, row.base_taux20, row.tva.unwrap_or_default())];
    let amounts = sums.into_iter().filter(|sum| sum.1 != 0).map(|(rate, net, vat)| Amount { rate, net, vat });
    let amounts: Vec<Amount> = amounts.collect();
    let (net, vat) = amounts.iter().fold((0, 0), |(net, vat), amount| (net + amount.net, vat + amount.vat));
    Piece {
        kind: row.nature.or(Some(nature.into())),
        deposits: row.acomptes,
        payer: Some(crate::dossier::Payer { kind: row.payeur, name: row.nom, company: None }),
        amounts,
        net,
        vat,
        total: row.total_ttc.unwrap_or(net + vat),
        references: json!({"bonCommande": row.bon_commande, "priseEnCharge": row.prise_en_charge}),
        ..Piece::default()
    }
}

/// The amounts as they are printed: those of a credit note are positive.
pub(crate) fn priced(scene: &Scene, piece: &Piece, credit: bool) -> Priced {
    let (training, annexes) = match piece.is_deposit() {
        true => (scene.fill("ligne-acompte", &[("titre", scene.title())]), scene.t("acompte-annexes")),
        false => (scene.fill("ligne-formation", &[("titre", scene.title())]), scene.t("prestations-annexes")),
    };
    let priced = Priced {
        lines: piece.lines(&training, annexes),
        amounts: piece.amounts(),
        net: piece.net,
        vat: piece.vat,
        total: piece.total,
    };
    if credit && priced.total < 0 { priced.turned() } else { priced }
}

fn facts(scene: &Scene, piece: &Piece, credit: bool) -> Vec<Fact> {
    let quote = super::devis::number(scene);
    let corrects = filled(&piece.corrects).map(|number| {
        let of = filled(&piece.corrects_issued_on).map(|day| scene.fill("du", &[("date", &scene.day(day))]));
        joined([Some(number), of.as_deref()], " ").unwrap_or_default()
    });
    let payer = piece.payer_name().filter(|_| piece.buyer.is_some());
    let payer = payer.map(|name| scene.fill("payeur-subroge", &[("nom", name)]));
    let due = filled(&piece.due_on).filter(|_| !credit).map(|day| format::plain_day(scene.lang, day));
    [
        fact(scene.t("date"), Some(scene.dated())),
        fact(scene.t("echeance"), due),
        fact(scene.t("corrige"), corrects),
        fact(scene.t("payeur-court"), payer),
        fact(scene.t("bon-commande"), piece.reference("bonCommande")),
        fact(scene.t("prise-en-charge"), piece.reference("priseEnCharge")),
        fact(scene.t("devis"), quote),
        fact(scene.t("affaire"), filled(&scene.dossier.opportunite.numero)),
        fact(scene.t("operation"), Some(scene.wording("nature-operation")).filter(|nature| !nature.is_empty())),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn subject(scene: &Scene, piece: &Piece, credit: bool) -> Option<String> {
    let corrected = filled(&piece.corrects).filter(|_| credit)?;
    Some(scene.fill("avoir-objet", &[("numero", corrected)]))
}

/// The session that is invoiced, for a funder who compares it with certificates and sheets.
fn training(scene: &Scene, credit: bool) -> Vec<Fact> {
    let dossier = &scene.dossier;
    let span = scene.span().map(|(from, to)| format::capital(&format::from_to(scene.lang, &from, &to)));
    let numero = dossier.session().and_then(|session| filled(&session.numero));
    let done: i64 = dossier.stagiaires.iter().filter_map(|trainee| trainee.minutes_done).sum();
    let delivered = !credit && !dossier.piece.as_ref().is_some_and(Piece::is_deposit);
    let count = dossier.headcount().map(|count| count.to_string());
    let customer = dossier.piece.as_ref().filter(|piece| !piece.paid_by_company()).map(|_| scene.customer());
    [
        fact(scene.t("formation"), dossier.title()),
        fact(scene.t("entreprise"), customer),
        fact(scene.t("session"), numero),
        fact(scene.t("dates"), span),
        fact(scene.t("lieu"), scene.place()),
        fact(scene.t("duree"), scene.planned_hours()),
        fact(scene.t("effectif"), count),
        fact(
            scene.t("heures-stagiaires"),
            Some(done).filter(|done| *done > 0 && delivered).map(|done| format::hours(scene.lang, done)),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn due(scene: &Scene, piece: &Piece, credit: bool) -> Option<String> {
    if credit {
        return Some(scene.t("avoir-deduit").into());
    }
    let day = format::plain_day(scene.lang, filled(&piece.due_on)?);
    Some(scene.fill("a-regler", &[("total", &scene.amount(piece.total - piece.deducted())), ("date", &day)]))
}

fn bank(scene: &Scene, piece: &Piece, credit: bool) -> Vec<Fact> {
    if credit {
        return Vec::new();
    }
    let entity = &scene.dossier.entite;
    let iban = filled(&entity.iban).map(format::iban);
    let reference = filled(&piece.number).filter(|_| iban.is_some());
    [
        fact(scene.t("titulaire"), filled(&entity.name).filter(|_| iban.is_some())),
        fact(scene.t("banque"), filled(&entity.bank)),
        fact("IBAN", iban.as_deref()),
        fact("BIC", filled(&entity.bic)),
        fact(scene.t("a-rappeler"), reference),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn terms(scene: &Scene, piece: &Piece, credit: bool) -> Vec<String> {
    if credit {
        return Vec::new();
    }
    let mut terms = vec![blocks::payment_terms(scene)];
    if person_pays(piece) {
        terms.push(scene.wording("penalites-particulier").into());
        terms.push(scene.wording("escompte").into());
    } else {
        terms.extend(blocks::late_payment(scene));
    }
    terms
}

/// Whether a person pays, and no company or body.
pub(crate) fn person_pays(piece: &Piece) -> bool {
    matches!(piece.payer.as_ref().and_then(|payer| payer.kind.as_deref()), Some("particulier" | "stagiaire"))
}

/// The annex: who was trained, and how long.
fn trainees(scene: &Scene) -> Vec<Value> {
    let hours = |minutes: Option<i64>| minutes.map(|minutes| format::hours(scene.lang, minutes)).unwrap_or_default();
    let row = |trainee: &crate::dossier::Stagiaire| {
        json!({
            "name": trainee.listed(),
            "company": filled(&trainee.company).unwrap_or_default(),
            "planned": hours(trainee.minutes_planned),
            "done": hours(trainee.minutes_done),
        })
    };
    scene.dossier.stagiaires.iter().map(row).collect()
}

/// The exemption of training, in words and as a code, on the document's day.
pub(crate) fn exemption(scene: &Scene) -> Option<(&'static str, &'static str)> {
    let words = wording::on(scene.day, "tva-exoneration")?;
    let code = wording::on(scene.day, "tva-exoneration-code")?;
    Some((&words.fr, &code.fr))
}
