//! The contract with a person who pays alone (L6353-3 to L6353-7).

use serde_json::{Value, json};

use super::{Page, action, convention, devis};
use crate::blocks::{self, fact};
use crate::dossier::{Stagiaire, filled, joined};
use crate::format::{self, file_name};
use crate::frame::framed;
use crate::money::instalments;
use crate::scene::{DOTS, Scene};

/// Into how many instalments the rest of the price goes: the beginning, the middle and the end.
const PARTS: usize = 3;

pub(crate) fn page(scene: &Scene) -> Page {
    let number = convention::numbered(scene, "CTR");
    let person = scene.dossier.stagiaire.as_ref().or(scene.dossier.stagiaires.first());
    let name = person.map(Stagiaire::named).filter(|name| !name.is_empty()).unwrap_or_else(|| DOTS.into());
    let values = convention::values(scene);
    let content = json!({
        "parties": [convention::own_party(scene), party(scene, person, &name)],
        "articles": convention::articles(scene, "contrat-", &values),
        "action": action::sheet(scene),
        "planning": blocks::planning(scene),
        "schedule": schedule(scene),
        "withdrawal": {
            "title": scene.t("retractation"),
            "lines": [
                scene.fill("retractation-a", &[("de-nom", &format::of(scene.lang, scene.issuer()))]),
                scene.fill("retractation-texte", &[("numero", number.as_deref().unwrap_or(DOTS)), ("titre", scene.title())]),
                scene.fill("retractation-qui", &[("nom", &name)]),
                scene.t("retractation-signature"),
            ],
        },
        "copies": scene.t("deux-exemplaires"),
        "signatures": [
            blocks::own_signature(scene).dated(),
            person_signature(scene, &name),
        ],
    });
    Page {
        template: "contrat",
        data: framed(scene, scene.t("contrat"), number.as_deref(), content),
        file_name: file_name([
            number.as_deref().or(Some("CTR")),
            Some(person.map(Stagiaire::listed).unwrap_or_default().as_str()),
        ]),
        invoice: None,
    }
}

fn party(scene: &Scene, person: Option<&Stagiaire>, name: &str) -> Value {
    let said = person.and_then(|person| joined([filled(&person.phone), filled(&person.email)], " · "));
    let born = person.and_then(|person| filled(&person.birth_date)).map(|day| scene.day(day));
    // The address is no part of a trainee's record: it is filled in by hand.
    let address = fact(scene.t("adresse"), Some(["…".repeat(36), "…".repeat(36)].join("\n")));
    let facts = [fact(scene.t("ne-le"), born), address, fact(scene.t("contact"), said)];
    let facts: Vec<_> = facts.into_iter().flatten().collect();
    json!({"title": scene.t("le-stagiaire"), "name": name, "lines": Vec::<String>::new(), "facts": facts, "note": null})
}

fn person_signature(scene: &Scene, name: &str) -> blocks::Signature {
    let (title, hint) = (scene.t("le-stagiaire").into(), scene.t("champ-signature"));
    blocks::Signature { title, lines: vec![name.into()], hint, fields: &[] }.dated()
}

/// When what is due: nothing within the days of withdrawal, then at most 30 %, then the rest with the training.
fn schedule(scene: &Scene) -> Vec<Value> {
    let (deposit, parts) = instalments(devis::priced(scene).total, PARTS);
    let halves = scene.dossier.half_days();
    let day_at = |at: usize| halves.get(at).map_or_else(|| DOTS.into(), |half| scene.day(&half.day));
    let last = halves.len().saturating_sub(1);
    let row = |date: String, event: &'static str, cents: i64| {
        let (event, amount) = (scene.t(event), scene.amount(cents));
        json!({"date": date, "event": event, "amount": amount})
    };
    let mut rows = vec![
        row(scene.t("jours-0-10").into(), "echeance-retractation", 0),
        row(scene.t("jour-11").into(), "echeance-acompte", deposit),
    ];
    let steps = [(0, "echeance-debut"), (last / 2, "echeance-milieu"), (last, "echeance-fin")];
    rows.extend(steps.into_iter().zip(parts).map(|((at, event), cents)| row(day_at(at), event, cents)));
    rows
}
