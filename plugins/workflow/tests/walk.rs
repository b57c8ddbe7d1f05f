//! The whole relay, from the first need to the closed record, and the demo scenario of the host.

mod support;

use afpi_plugin_workflow::Config;
use afpi_sdk::calendar::{is_working_day, next_working_day};
use afpi_sdk::serde_json::{self, Value, json};
use afpi_sdk::workflow::{Outcome, Workflow};
use support::*;

#[test]
fn the_right_people_walk_it_to_the_end() {
    let mut desk = Desk::new();
    assert_eq!(desk.record.status, "en_cours_collecte");
    desk.invoiced();
    desk.take("facturation", "enregistrer_paiement", json!({"mode": "virement"})).take(
        "facturation",
        "cloturer",
        json!({}),
    );
    assert_eq!(
        (desk.record.status.as_str(), desk.record.section.as_str(), desk.outcome),
        ("termine", "facturation", Outcome::Done)
    );

    let walked: Vec<&str> = desk.history.iter().map(|step| step.target.as_str()).collect();
    assert_eq!(
        walked,
        [
            "en_attente_validation_resp",
            "en_cours_devis",
            "devis_envoye",
            "devis_accepte",
            "en_cours_montage",
            "financement_valide",
            "en_cours_planification",
            "planifie",
            "en_cours_documents",
            "pret_formation",
            "en_cours_facturation",
            "facture",
            "paye",
            "termine",
        ]
    );
    let told: Vec<(&str, i64)> = desk.facts.iter().map(|fact| (fact.kind.as_str(), fact.amount)).collect();
    assert_eq!(
        told,
        [("devis-envoye", 999_999), ("devis-accepte", 999_999), ("facture-emise", 999_999), ("paiement", 1_039_999)]
    );
}

#[test]
fn four_moves_go_straight_on_in_two_steps() {
    let mut desk = Desk::new();
    desk.ready();
    for (first, second) in [
        ("accepter_devis", "ouvrir_montage"),
        ("valider_financement", "ouvrir_planification"),
        ("planifier", "ouvrir_documents"),
        ("documents_prets", "ouvrir_facturation"),
    ] {
        let at = desk.history.iter().position(|step| step.transition == first).unwrap();
        assert_eq!(desk.history[at + 1].transition, second);
    }
}

#[test]
fn a_record_left_in_a_passing_status_can_be_moved_on() {
    for (status, role, transition, target) in [
        ("devis_accepte", "responsable_commercial", "ouvrir_montage", "en_cours_montage"),
        ("financement_valide", "assistante", "ouvrir_planification", "en_cours_planification"),
        ("planifie", "planificateur", "ouvrir_documents", "en_cours_documents"),
        ("pret_formation", "assistante", "ouvrir_facturation", "en_cours_facturation"),
    ] {
        let mut desk = Desk::new();
        desk.ready();
        desk.record.status = status.into();
        assert!(desk.offer(role, transition).unwrap().allowed);
        desk.take(role, transition, json!({}));
        assert_eq!(desk.record.status, target);
    }
}

#[test]
fn the_amount_follows_the_quote_and_the_budget_before() {
    let mut desk = Desk::new();
    desk.validated();
    assert_eq!(desk.record.amount, 1_000_000);
    desk.edit("responsable_commercial", "devis", devis());
    assert_eq!(desk.record.amount, 999_999);
    desk.edit("responsable_commercial", "devis", json!({"lignes": []}));
    assert_eq!(desk.record.amount, 1_000_000);
}

#[test]
fn the_same_question_gets_the_same_answer() {
    let mut desk = Desk::new();
    desk.sent();
    let ask = || desk.try_take(&actor("admin"), "accepter_devis", json!({"signataire": "C. Moreau"}));
    assert_eq!(ask(), ask());
}

fn scenario() -> Value {
    serde_json::from_str(include_str!("../demo/scenario.json")).unwrap()
}

/// Fills the placeholders as `demo/README.md` describes them.
fn filled(template: &Value, desk: &Desk) -> Value {
    match template {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), filled(value, desk))).collect(),
        Value::Array(items) => items.iter().map(|item| filled(item, desk)).collect(),
        Value::String(text) if text == "{{budget}}" => json!(desk.record.budget),
        Value::String(text) if text == "{{participants}}" => json!(8),
        Value::String(text) => {
            let mut text = text.replace("{{title}}", &desk.record.title).replace("{{formateur}}", "f-1");
            while let Some(start) = text.find("{{today+") {
                let end = start + text[start..].find("}}").unwrap();
                let mut day = desk.today();
                for _ in 0..text[start + 8..end].parse::<u32>().unwrap() {
                    day = next_working_day(day.plus(1));
                    assert!(is_working_day(day));
                }
                text.replace_range(start..end + 2, &day.to_string());
            }
            assert!(!text.contains("{{"), "unknown placeholder in {text}");
            json!(text)
        }
        other => other.clone(),
    }
}

fn walk(desk: &mut Desk, steps: &[Value]) {
    let definition = afpi_plugin_workflow::Relay::definition(&Config::default());
    for step in steps {
        let role = step["role"].as_str().unwrap();
        desk.wait_days(step["wait"].as_i64().unwrap_or(0));
        if let Some(section) = step["section"].as_str() {
            let document = filled(&step["document"], desk);
            let form = &definition.sections.iter().find(|known| known.id == section).unwrap().form;
            fits(form, &document);
            desk.edit(role, section, document);
        }
        if let Some(transition) = step["transition"].as_str() {
            let input = step.get("input").map_or(json!({}), |input| filled(input, desk));
            let form = &definition.transitions.iter().find(|known| known.id == transition).unwrap().form;
            if !form.is_empty() {
                fits(form, &input);
            }
            assert!(
                desk.offer(role, transition).is_some_and(|offer| offer.allowed),
                "{transition} is not offered to {role}"
            );
            desk.take(role, transition, input);
        }
    }
}

fn fits(form: &str, document: &Value) {
    let form: Value = serde_json::from_str(form).unwrap();
    let validator = jsonschema::draft202012::new(&form).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:?} in {document}");
}

#[test]
fn the_demo_scenario_leads_to_the_end() {
    let scenario = scenario();
    let mut desk = Desk::new();
    walk(&mut desk, scenario["steps"].as_array().unwrap());
    assert_eq!(desk.record.status, "termine");
    assert_eq!(desk.at("/facturation/factures/0/payeur"), "opco");
    assert_eq!(desk.at("/facturation/resteDu"), 0);
    assert!(desk.at("/facturation/factures/0/motifAvance").is_null(), "the training is over, so no reason is kept");
}

#[test]
fn the_demo_scenario_passes_every_section_and_its_exits_work() {
    let scenario = scenario();
    let steps = scenario["steps"].as_array().unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for stop in 0..=steps.len() {
        let mut desk = Desk::new();
        walk(&mut desk, &steps[..stop]);
        seen.insert(desk.record.section);
    }
    assert_eq!(seen.len(), 6);

    let mut ends = Vec::new();
    for exit in scenario["exits"].as_array().unwrap() {
        let mut desk = Desk::new();
        walk(&mut desk, &steps[..exit["after"].as_u64().unwrap() as usize]);
        walk(&mut desk, exit["steps"].as_array().unwrap());
        ends.push((exit["name"].as_str().unwrap(), desk.record.status.clone()));
    }
    let expected = [
        ("rejet", "en_cours_collecte"),
        ("autofinance", "facture"),
        ("abandon", "annule"),
        ("refus", "devis_refuse"),
        ("perte", "annule"),
        ("retard", "facture"),
        ("impaye", "facture"),
        ("retour", "en_cours_montage"),
        ("pause", "en_attente"),
        ("silence", "annule"),
    ];
    assert_eq!(ends, expected.map(|(name, status)| (name, status.to_owned())));
}
