//! The convention between the centre and a company (L6353-1, D6353-1).

use serde_json::{Value, json};

use super::{Page, action, devis};
use crate::blocks::{self, Fact, fact};
use crate::dossier::{Financeur, Stagiaire, filled, joined};
use crate::format::{self, file_name};
use crate::frame::{declaration, framed};
use crate::scene::{DOTS, Scene};
use crate::{texts, wording};

pub(crate) fn page(scene: &Scene) -> Page {
    let dossier = &scene.dossier;
    let number = numbered(scene, "CONV");
    let priced = devis::priced(scene);
    let values = values(scene);
    let terms = [vec![blocks::payment_terms(scene)], blocks::late_payment(scene)].concat();
    let content = json!({
        "parties": [own_party(scene), customer_party(scene)],
        "articles": articles(scene, "convention-", &values),
        "action": action::sheet(scene),
        "planning": blocks::planning(scene),
        "trainees": trainees(&dossier.stagiaires),
        "priced": priced.printed(scene),
        "funding": dossier.opportunite.data.montage.financeurs.iter().map(|row| funder(scene, row)).collect::<Vec<_>>(),
        "terms": terms,
        "copies": scene.t("deux-exemplaires"),
        "signatures": [blocks::own_signature(scene).dated(), blocks::customer_signature(scene)],
    });
    Page {
        template: "convention",
        data: framed(scene, scene.t("convention"), number.as_deref(), content),
        file_name: file_name([number.as_deref().or(Some("CONV")), Some(scene.customer())]),
        invoice: None,
    }
}

/// `CONV-2026-118`, after the number of the opportunité.
pub(crate) fn numbered(scene: &Scene, prefix: &str) -> Option<String> {
    let numero = filled(&scene.dossier.opportunite.numero)?;
    let digits = numero.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    (!digits.is_empty()).then(|| format!("{prefix}-{digits}"))
}

/// What the articles need to know; what nobody knows becomes dots.
pub(crate) fn values(scene: &Scene) -> Vec<(&'static str, String)> {
    let dossier = &scene.dossier;
    let programme = dossier.programme();
    let said = |text: Option<&str>, usual: &'static str| text.unwrap_or_else(|| scene.t(usual)).to_string();
    let titles = dossier.sessions().into_iter().flat_map(|session| &session.trainers).chain(&dossier.formateurs);
    let titles = titles.filter_map(|trainer| joined([filled(&trainer.name), filled(&trainer.titles)], " : "));
    let mut named: Vec<String> = Vec::new();
    titles.for_each(|text| {
        if !named.contains(&text) {
            named.push(text)
        }
    });
    let trainers = scene.trainers().join(", ");
    let prerequisites =
        filled(&programme.prerequisites).or_else(|| filled(&dossier.opportunite.data.collecte.prerequis));
    let known = |text: String| if text.is_empty() { DOTS.to_string() } else { text };
    let mut values = vec![
        ("titre", scene.title().to_string()),
        ("nature", scene.nature().to_string()),
        ("moyens", said(filled(&programme.methods).or_else(|| filled(&programme.means)), "moyens-usuels")),
        ("evaluation", said(filled(&programme.evaluation), "evaluation-usuelle")),
        ("sanction", said(filled(&programme.sanction), "sanction-usuelle")),
        ("formateurs", known(trainers)),
        ("titres", known(named.join("\n"))),
        ("prerequis", said(prerequisites, "aucun")),
        ("contact", scene.contact()),
        ("devis", devis::number(scene).unwrap_or_else(|| DOTS.into())),
        ("prix", scene.amount(devis::priced(scene).total)),
    ];
    values.extend(filled(&dossier.entite.mediator).map(|text| ("mediateur", text.to_string())));
    values
}

/// The articles in force on the document's day, filled in and numbered.
pub(crate) fn articles(scene: &Scene, prefix: &str, values: &[(&'static str, String)]) -> Vec<Value> {
    let pairs: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let known = |name: &String| values.iter().any(|(known, _)| known == name);
    let rows = wording::articles(scene.day, prefix).filter(|row| row.needs.iter().all(known));
    let article = |(at, row): (usize, &wording::Row)| {
        let title = row.title.as_deref().unwrap_or_default();
        let heading = scene.fill("article", &[("n", &(at + 1).to_string()), ("titre", title)]);
        let part = row.key.rsplit('-').next().unwrap_or_default();
        json!({"part": part, "title": heading, "text": texts::replaced(&row.fr, &pairs)})
    };
    rows.enumerate().map(article).collect()
}

pub(crate) fn own_party(scene: &Scene) -> Value {
    let entity = &scene.dossier.entite;
    let signatory = joined([filled(&entity.signatory_name), filled(&entity.signatory_quality)], ", ");
    let facts: Vec<Fact> =
        [fact("SIRET", filled(&entity.siret).map(format::siret)), fact(scene.t("represente-par"), signatory)]
            .into_iter()
            .flatten()
            .collect();
    json!({
        "title": scene.t("organisme"),
        "name": joined([filled(&entity.name), filled(&entity.legal_form)], ", ").unwrap_or_else(|| DOTS.into()),
        "lines": entity.address(),
        "facts": facts,
        "note": declaration(scene),
    })
}

fn customer_party(scene: &Scene) -> Value {
    let company = &scene.dossier.entreprise;
    let facts: Vec<Fact> = [
        fact("SIRET", filled(&company.siret).or_else(|| filled(&company.siren)).map(format::siret)),
        fact(scene.t("code-naf"), filled(&company.naf_code)),
        fact(scene.t("idcc"), filled(&company.idcc)),
        fact("OPCO", filled(&company.opco)),
        fact(scene.t("represente-par"), Some(blocks::attention(scene).unwrap_or_else(|| DOTS.into()))),
    ]
    .into_iter()
    .flatten()
    .collect();
    json!({
        "title": scene.t("client"),
        "name": joined([Some(scene.customer()), filled(&company.legal_form)], ", "),
        "lines": company.address(),
        "facts": facts,
        "note": null,
    })
}

/// Names in the order of lists, with company and function.
pub(crate) fn trainees(trainees: &[Stagiaire]) -> Vec<Value> {
    let row = |(at, trainee): (usize, &Stagiaire)| {
        json!({
            "rank": (at + 1).to_string(),
            "name": trainee.listed(),
            "company": filled(&trainee.company).unwrap_or_default(),
            "function": filled(&trainee.function).unwrap_or_default(),
        })
    };
    trainees.iter().enumerate().map(row).collect()
}

fn funder(scene: &Scene, row: &Financeur) -> Value {
    let amount = row.montant_accorde.or(row.montant_demande).map(|cents| scene.amount(cents)).unwrap_or_default();
    let agreed = row.montant_accorde.is_some();
    json!({
        "name": filled(&row.organisme).or_else(|| filled(&row.payeur)).unwrap_or(DOTS),
        "reference": filled(&row.prise_en_charge).unwrap_or_default(),
        "amount": amount,
        "state": scene.t(if agreed { "accorde" } else { "demande" }),
        "paid": scene.t(if row.subrogation { "subrogation-oui" } else { "subrogation-non" }),
    })
}
