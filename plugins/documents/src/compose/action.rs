//! The sheet of the action: what D6353-1 wants said, for the quote, the convention and the contract.

use crate::blocks::{Fact, fact};
use crate::dossier::filled;
use crate::format;
use crate::scene::Scene;

/// The facts of the action, as far as they are known.
pub fn sheet(scene: &Scene) -> Vec<Fact> {
    let dossier = &scene.dossier;
    let programme = dossier.programme();
    let span = scene.span().map(|(from, to)| format::capital(&format::from_to(scene.lang, &from, &to)));
    let provisional = dossier.half_days().is_empty();
    let span = span.map(|span| if provisional { scene.fill("dates-prevues", &[("dates", &span)]) } else { span });
    let count = dossier.headcount().map(|count| match count {
        1 => scene.t("un-stagiaire").to_string(),
        _ => scene.fill("stagiaires", &[("n", &count.to_string())]),
    });
    let remote = crate::wording::on(scene.day, "part-distance").map(|row| row.text(scene.lang));
    let contents: Vec<String> = programme.modules.iter().map(|module| module.title.clone()).collect();
    let prerequisites =
        filled(&programme.prerequisites).or_else(|| filled(&dossier.opportunite.data.collecte.prerequis));
    let trainers = scene.trainers();
    [
        fact(scene.t("intitule"), dossier.title()),
        fact(scene.t("nature-action"), Some(format::capital(scene.nature()))),
        fact(scene.t("objectifs"), listed(&dossier.aims())),
        fact(
            scene.t("contenu"),
            listed(&contents).or_else(|| dossier.title().map(|_| scene.t("programme-joint").into())),
        ),
        fact(scene.t("public"), filled(&programme.audience)),
        fact(scene.t("prerequis"), prerequisites),
        fact(scene.t("duree"), scene.hours().map(|hours| duration(scene, hours))),
        fact(scene.t("dates"), span),
        fact(scene.t("lieu"), scene.place()),
        fact(scene.t("modalite"), Some(scene.mode())),
        remote.and_then(|label| fact(label, scene.remote_share())),
        fact(scene.t("effectif"), count),
        fact(scene.t("formateurs"), Some(trainers.join(", ")).filter(|names| !names.is_empty())),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `35,00 h par stagiaire, 10 demi-journées`.
fn duration(scene: &Scene, hours: String) -> String {
    match scene.dossier.half_days().len() {
        0 => scene.fill("duree-par-stagiaire", &[("duree", &hours)]),
        count => scene.fill("duree-demi-journees", &[("duree", &hours), ("n", &count.to_string())]),
    }
}

/// One line for one item, else an item per line.
pub fn listed(items: &[String]) -> Option<String> {
    match items {
        [] => None,
        [only] => Some(only.clone()),
        many => Some(many.iter().map(|item| format!("– {item}")).collect::<Vec<_>>().join("\n")),
    }
}
