//! The certificate of realisation, in the order of the ministry's model (arrêté of 21 December 2018).

use serde_json::json;

use super::Page;
use super::convocation::file_person;
use crate::Lang;
use crate::blocks;
use crate::dossier::{Stagiaire, filled};
use crate::format::{self, file_name};
use crate::frame::framed;
use crate::scene::{DOTS, Scene};
use crate::texts;

pub(crate) fn page(scene: &Scene) -> Option<Page> {
    let dossier = &scene.dossier;
    let trainee = dossier.stagiaire.clone().or_else(|| scene.draft.then(Stagiaire::default))?;
    let number = dossier.session().and_then(|session| filled(&session.numero)).map(String::from);
    let entity = &dossier.entite;
    let says = texts::replaced(
        scene.wording("certificat-attestant"),
        &[
            ("signataire", filled(&entity.signatory_name).unwrap_or(DOTS)),
            ("qualite", filled(&entity.signatory_quality).unwrap_or(scene.t("representant"))),
            ("organisme", scene.issuer()),
        ],
    );
    let (from, to) = scene.span().unwrap_or_default();
    let known = |day: &str| if day.is_empty() { DOTS.to_string() } else { format::plain_day(scene.lang, day) };
    let hours = trainee.minutes_done.map_or_else(|| DOTS.into(), |minutes| format::hours(scene.lang, minutes));
    let parts = scene.split(trainee.minutes_done, trainee.remote_minutes_done);
    let hours = parts.map_or(hours.clone(), |parts| hours + &scene.fill("dont", &[("parts", &parts)]));
    let name = Some(trainee.named()).filter(|name| !name.is_empty()).unwrap_or_else(|| DOTS.into());
    let employer = filled(&trainee.company).or_else(|| filled(&dossier.entreprise.name));
    let notes = ["certificat-note-mensuelle", "certificat-note-distance"].map(|key| scene.wording(key));
    let content = json!({
        "says": says,
        "person": name,
        "employer": employer.map(|name| scene.fill("salarie-de", &[("nom", name)])),
        "followed": scene.title(),
        "natures": natures(scene),
        "held": scene.fill("certificat-periode", &[("debut", &known(&from)), ("fin", &known(&to))]),
        "lasted": scene.fill("certificat-duree", &[("duree", &hours)]),
        "promise": scene.wording("certificat-engagement"),
        "place": filled(&dossier.site.city).or_else(|| filled(&entity.city)).unwrap_or(DOTS),
        "day": scene.dated(),
        "notes": notes,
        "translation": (scene.lang == Lang::En).then(|| scene.wording("certificat-traduction")),
        "signature": blocks::certifying_signature(scene),
    });
    Some(Page {
        template: "certificat",
        data: framed(scene, scene.t("certificat"), number.as_deref(), content),
        file_name: file_name([Some("CERT"), number.as_deref(), Some(file_person(&trainee).as_str())]),
        invoice: None,
    })
}

/// The four natures of L6313-1, with one ticked.
fn natures(scene: &Scene) -> Vec<serde_json::Value> {
    let nature = |key: &'static str| {
        let label = scene.t(key);
        json!({"label": label, "ticked": label == scene.nature()})
    };
    ["nature-formation", "nature-bilan", "nature-vae", "nature-apprentissage"].map(nature).into()
}
