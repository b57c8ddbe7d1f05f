//! The convocation of one trainee (L6353-8, indicator 9 of Qualiopi).

use serde_json::json;

use super::Page;
use crate::blocks::{self, Addressee, Fact, fact};
use crate::dossier::{Stagiaire, filled};
use crate::format::{self, file_name};
use crate::frame::framed;
use crate::scene::{DOTS, Scene};
use crate::texts;

pub(crate) fn page(scene: &Scene) -> Option<Page> {
    let trainee = scene.dossier.stagiaire.clone().or_else(|| scene.draft.then(Stagiaire::default))?;
    let number = scene.dossier.session().and_then(|session| filled(&session.numero)).map(String::from);
    let name = Some(trainee.named()).filter(|name| !name.is_empty()).unwrap_or_else(|| DOTS.into());
    let company = filled(&trainee.company).unwrap_or_else(|| scene.customer());
    let span = scene.span().map(|(from, to)| format::from_to(scene.lang, &from, &to)).unwrap_or_else(|| DOTS.into());
    let opening = scene.fill("convocation-texte", &[("titre", scene.title()), ("dates", &span)]);
    let rules = match filled(&scene.dossier.site.rules_version) {
        Some(version) => scene.fill("reglement-version", &[("version", version)]),
        None => scene.t("reglement-interieur").to_string(),
    };
    let content = json!({
        "addressee": Addressee { name: name.clone(), lines: vec![company.into()], ids: Vec::new() },
        "dated": dated(scene),
        "greeting": scene.fill("bonjour", &[("nom", &name)]),
        "opening": opening,
        "facts": facts(scene),
        "planning": blocks::planning(scene),
        "access": filled(&scene.dossier.site.access),
        "rules": scene.wording("reglement"),
        "disability": disability(scene),
        "absence": scene.fill("convocation-absence", &[("contact", &reachable(scene))]),
        "data": texts::replaced(scene.wording("donnees"), &[("contact", &scene.contact())]),
        "closing": scene.t("bonne-formation"),
        "annexes": [rules.as_str(), scene.t("annexe-programme")],
        "signature": blocks::own_signature(scene),
    });
    Some(Page {
        template: "convocation",
        data: framed(scene, scene.t("convocation"), number.as_deref(), content),
        file_name: file_name([Some("CONVOC"), number.as_deref(), Some(file_person(&trainee).as_str())]),
        invoice: None,
    })
}

/// `DUPONT Marie` becomes `DUPONT-Marie` in the name of the file.
pub(crate) fn file_person(trainee: &Stagiaire) -> String {
    trainee.listed()
}

/// `Beauvais, le 12 octobre 2026`.
pub(crate) fn dated(scene: &Scene) -> String {
    let (entity, site) = (&scene.dossier.entite, &scene.dossier.site);
    match filled(&site.city).or_else(|| filled(&entity.city)) {
        Some(city) => scene.fill("fait-a", &[("ville", city), ("date", &scene.dated())]),
        None => scene.dated(),
    }
}

fn facts(scene: &Scene) -> Vec<Fact> {
    let trainers = scene.trainers().join(", ");
    let session = scene.dossier.session();
    [
        fact(scene.t("formation"), scene.dossier.title()),
        fact(scene.t("duree"), scene.planned_hours()),
        fact(scene.t("lieu"), scene.place()),
        fact(scene.t("formateurs"), Some(trainers).filter(|names| !names.is_empty())),
        fact(scene.t("a-apporter"), session.and_then(|session| filled(&session.equipment))),
        fact(scene.t("evaluation"), Some(evaluation(scene))),
        fact(scene.t("contact"), Some(reachable(scene))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn evaluation(scene: &Scene) -> String {
    filled(&scene.dossier.programme().evaluation).unwrap_or_else(|| scene.t("evaluation-usuelle")).into()
}

/// The person to call on the day: the pedagogical contact, else the site's phone.
fn reachable(scene: &Scene) -> String {
    let site = &scene.dossier.site;
    let contact = site.pedagogical_contact.as_ref().and_then(|contact| contact.said());
    let phone = filled(&site.phone).or_else(|| filled(&scene.dossier.entite.phone)).map(format::phone);
    match (contact, phone) {
        (Some(contact), Some(phone)) if !contact.contains(&phone) => format!("{contact} · {phone}"),
        (Some(contact), _) => contact,
        (None, Some(phone)) => phone,
        (None, None) => scene.contact(),
    }
}

fn disability(scene: &Scene) -> Option<String> {
    let referent = scene.dossier.site.disability_referent.as_ref()?.said()?;
    Some(scene.fill("handicap-referent", &[("nom", &referent)]))
}
