//! The programme: what the public and trainees read (L6353-8, indicator 1 of Qualiopi).

use serde_json::json;

use super::Page;
use super::action::listed;
use crate::blocks::{Fact, fact};
use crate::dossier::{Module, filled, joined};
use crate::format::{self, file_name};
use crate::frame::framed;
use crate::scene::Scene;
use crate::texts;

pub(crate) fn page(scene: &Scene) -> Page {
    let dossier = &scene.dossier;
    let programme = dossier.programme();
    let version = filled(&programme.version).map(|version| scene.fill("version-n", &[("n", version)]));
    let dated = filled(&programme.dated).map(String::from).unwrap_or_else(|| scene.day.to_string());
    let dated = scene.fill("mis-a-jour", &[("date", &scene.day(&dated))]);
    let title = filled(&programme.title).unwrap_or_else(|| scene.title()).to_string();
    let advert = filled(&dossier.entite.nda);
    let content = json!({
        "subject": title,
        "summary": filled(&programme.summary),
        "version": joined([version.as_deref(), Some(dated.as_str())], " · "),
        "aims": dossier.aims(),
        "facts": facts(scene),
        "modules": programme.modules.iter().map(|module| {
            json!({
                "title": module.title,
                "content": listed(&module.content).unwrap_or_default(),
                "hours": module.minutes.map(|minutes| format::hours(scene.lang, minutes)).unwrap_or_default(),
                "evaluation": filled(&module.evaluation).unwrap_or_default(),
            })
        }).collect::<Vec<_>>(),
        "timed": programme.modules.iter().any(detailed),
        "practical": practical(scene),
        "advert": advert.map(|nda| texts::replaced(scene.wording("nda-publicite"), &[("nda", nda)])),
    });
    let number = filled(&programme.reference);
    let hours = scene.minutes().map(|minutes| format!("{}h", minutes / 60));
    let version = filled(&programme.version).map(|version| format!("v{version}"));
    Page {
        template: "programme",
        data: framed(scene, scene.t("programme"), number, content),
        file_name: file_name([Some("PROG"), number.or(Some(title.as_str())), hours.as_deref(), version.as_deref()]),
        invoice: None,
    }
}

/// Whether a table says more of the module than a list.
fn detailed(module: &Module) -> bool {
    module.minutes.is_some() || module.evaluation.is_some() || !module.content.is_empty()
}

fn facts(scene: &Scene) -> Vec<Fact> {
    let programme = scene.dossier.programme();
    let prerequisites = filled(&programme.prerequisites).unwrap_or_else(|| scene.t("aucun"));
    [
        fact(scene.t("public"), filled(&programme.audience)),
        fact(scene.t("prerequis"), Some(prerequisites)),
        fact(scene.t("duree"), scene.hours()),
        fact(scene.t("modalite"), Some(scene.mode())),
        fact(scene.t("prix"), filled(&programme.price)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn practical(scene: &Scene) -> Vec<Fact> {
    let (programme, site) = (scene.dossier.programme(), &scene.dossier.site);
    let referent = site.disability_referent.as_ref().and_then(|person| person.said());
    let accessibility = filled(&programme.accessibility).map(String::from);
    let accessibility = accessibility.or_else(|| Some(scene.fill("handicap-referent", &[("nom", &referent?)])));
    let contact = site.pedagogical_contact.as_ref().and_then(|contact| contact.said());
    [
        fact(scene.t("methodes"), filled(&programme.methods)),
        fact(scene.t("moyens"), filled(&programme.means)),
        fact(
            scene.t("evaluation"),
            Some(filled(&programme.evaluation).unwrap_or_else(|| scene.t("evaluation-usuelle"))),
        ),
        fact(scene.t("sanction"), Some(filled(&programme.sanction).unwrap_or_else(|| scene.t("sanction-usuelle")))),
        fact(scene.t("delai-acces"), filled(&programme.access)),
        fact(scene.t("handicap"), accessibility),
        fact(scene.t("resultats"), filled(&programme.results)),
        fact(scene.t("contact"), Some(contact.unwrap_or_else(|| scene.contact()))),
    ]
    .into_iter()
    .flatten()
    .collect()
}
