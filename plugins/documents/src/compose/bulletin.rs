//! The registration form that a company fills in. It asks only what the training needs (L6353-9).

use serde_json::{Value, json};

use super::{Page, convention};
use crate::blocks::{Fact, attention, customer_signature};
use crate::dossier::filled;
use crate::format::{self, file_name};
use crate::frame::framed;
use crate::scene::Scene;
use crate::texts;

/// Empty lines for trainees who are not named yet.
const BLANK: usize = 5;

pub(crate) fn page(scene: &Scene) -> Page {
    let dossier = &scene.dossier;
    let company = &dossier.entreprise;
    // Fields stay on the form when they are empty: somebody writes into them.
    let field = |label: &'static str, value: Option<String>| Fact {
        label: scene.t(label).into(),
        value: value.unwrap_or_default(),
    };
    let text = |value: &Option<String>| filled(value).map(String::from);
    let contact = dossier.opportunite.data.collecte.contacts.first();
    let contact = contact.and_then(|contact| text(&contact.email));
    let span = scene.span().map(|(from, to)| format::capital(&format::from_to(scene.lang, &from, &to)));
    let number = convention::numbered(scene, "BI");
    let blank = if dossier.stagiaires.is_empty() { dossier.headcount().unwrap_or(BLANK).clamp(1, 30) } else { 0 };
    let referent = dossier.site.disability_referent.as_ref().and_then(|person| person.said());
    let trainees = [convention::trainees(&dossier.stagiaires), blanks(blank)].concat();
    let content = json!({
        "session": [
            field("formation", dossier.title().map(String::from)),
            field("session", dossier.session().and_then(|session| text(&session.numero))),
            field("dates", span),
            field("lieu", scene.place()),
            field("duree", scene.hours()),
        ],
        "company": [
            field("raison-sociale", text(&company.name)),
            field("siret", filled(&company.siret).map(format::siret)),
            field("adresse", Some(company.address().join(", ")).filter(|address| !address.is_empty())),
            field("idcc", text(&company.idcc)),
            field("opco", text(&company.opco)),
            field("interlocuteur", attention(scene)),
            field("courriel", contact),
        ],
        "billing": [
            field("payeur", None),
            field("bon-commande", None),
            field("prise-en-charge", None),
        ],
        "trainees": trainees,
        "disability": scene.fill("bulletin-handicap", &[("nom", &referent.unwrap_or_else(|| scene.contact()))]),
        "consent": texts::replaced(scene.wording("donnees"), &[("contact", &scene.contact())]),
        "signature": customer_signature(scene),
    });
    Page {
        template: "bulletin",
        data: framed(scene, scene.t("bulletin"), number.as_deref(), content),
        file_name: file_name([number.as_deref().or(Some("BI")), Some(scene.customer())]),
        invoice: None,
    }
}

fn blanks(count: usize) -> Vec<Value> {
    (1..=count).map(|rank| json!({"rank": rank.to_string(), "name": "", "company": "", "function": ""})).collect()
}
