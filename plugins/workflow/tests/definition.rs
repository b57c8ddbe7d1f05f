//! The relay as data: complete, bilingual, and with forms that are valid JSON Schemas.

mod support;

use afpi_plugin_workflow::{Config, Relay};
use afpi_sdk::Plugin;
use afpi_sdk::serde_json::{self, Value, json};
use afpi_sdk::workflow::*;

fn definition() -> WorkflowDefinition {
    Relay::definition(&Config::default())
}

#[test]
fn six_sections_in_order_with_owners_and_limits() {
    let definition = definition();
    let found: Vec<(&str, &str, Option<u32>)> = definition
        .sections
        .iter()
        .map(|section| (section.id.as_str(), section.owners[0].as_str(), section.limit_hours))
        .collect();
    assert_eq!(
        found,
        [
            ("collecte", "commercial", Some(72)),
            ("devis", "responsable_commercial", Some(48)),
            ("montage", "assistante", Some(120)),
            ("planification", "planificateur", Some(72)),
            ("documents", "assistante", Some(48)),
            ("facturation", "facturation", Some(48)),
        ]
    );
    for section in &definition.sections {
        assert!(section.owners.iter().all(|owner| section.editors.contains(owner)), "{}: owners may edit", section.id);
    }
}

#[test]
fn all_nineteen_statuses_mean_something() {
    let definition = definition();
    assert_eq!(definition.statuses.len(), 19);
    for status in &definition.statuses {
        let ended = matches!(status.outcome, Outcome::Done | Outcome::Lost | Outcome::Suspended);
        assert_eq!(
            status.waits_for.is_empty(),
            ended,
            "{}: somebody must act, unless the opportunité has ended or is suspended",
            status.id
        );
        assert_eq!(status.probability == 100, matches!(status.outcome, Outcome::Won | Outcome::Done), "{}", status.id);
        assert_eq!(
            status.section.is_empty(),
            matches!(status.outcome, Outcome::Lost | Outcome::Suspended),
            "{}",
            status.id
        );
    }
}

#[test]
fn transitions_start_from_known_statuses_and_all_that_is_not_lost_can_be_left() {
    let definition = definition();
    for transition in &definition.transitions {
        assert!(!transition.sources.is_empty() && !transition.roles.is_empty(), "{}", transition.id);
        for source in &transition.sources {
            assert!(definition.statuses.iter().any(|status| status.id == *source), "{source}");
        }
    }
    for status in &definition.statuses {
        let leaves = definition.transitions.iter().any(|transition| transition.sources.contains(&status.id));
        assert_eq!(leaves, status.outcome != Outcome::Lost, "{}", status.id);
    }
}

#[test]
fn labels_are_there_in_both_languages() {
    let definition = definition();
    let labels = definition
        .sections
        .iter()
        .map(|item| &item.label)
        .chain(definition.statuses.iter().map(|item| &item.label))
        .chain(definition.transitions.iter().map(|item| &item.label));
    assert!(labels.clone().count() > 40);
    assert!(labels.into_iter().all(|label| !label.fr.is_empty() && !label.en.is_empty()));
}

fn forms() -> Vec<(String, Value)> {
    let definition = definition();
    let sections = definition.sections.into_iter().map(|section| (section.id, section.form));
    let inputs = definition
        .transitions
        .into_iter()
        .filter(|transition| !transition.form.is_empty())
        .map(|transition| (transition.id, transition.form));
    let settings = [("settings".to_owned(), afpi_sdk::schema::of::<<Relay as Plugin>::Config>())];
    sections.chain(inputs).chain(settings).map(|(id, form)| (id, serde_json::from_str(&form).unwrap())).collect()
}

#[test]
fn forms_are_valid_schemas_of_draft_2020_12() {
    let forms = forms();
    assert!(forms.len() > 12);
    for (id, form) in forms {
        assert!(jsonschema::meta::is_valid(&form), "{id}");
        assert_eq!(form["$schema"], "https://json-schema.org/draft/2020-12/schema", "{id}");
        assert_eq!(form["additionalProperties"], false, "{id}");
    }
}

/// Every field that people see, at any depth, with its path.
fn fields(path: &str, schema: &Value, found: &mut Vec<(String, Value)>) {
    if let Some(properties) = schema["properties"].as_object() {
        let order: Vec<&str> =
            schema["x-order"].as_array().expect("an order").iter().map(|name| name.as_str().unwrap()).collect();
        assert_eq!(order.len(), properties.len(), "{path}");
        for (name, field) in properties {
            assert!(order.contains(&name.as_str()), "{path}/{name}");
            found.push((format!("{path}/{name}"), field.clone()));
            fields(&format!("{path}/{name}"), field, found);
        }
    }
    if schema["items"].is_object() {
        fields(&format!("{path}/*"), &schema["items"], found);
    }
}

#[test]
fn every_field_is_labelled_in_both_languages_and_has_one_type() {
    for (id, form) in forms() {
        let mut found = Vec::new();
        fields(&id, &form, &mut found);
        for (path, field) in found {
            assert!(field["title"].is_string() && field["x-title-en"].is_string(), "{path} has no labels: {field}");
            assert_eq!(field["description"].is_string(), field["x-description-en"].is_string(), "{path}");
            assert!(field["type"].is_string() || field["oneOf"].is_array(), "{path} has no single type: {field}");
            for choice in field["oneOf"].as_array().into_iter().flatten() {
                assert!(
                    choice["const"].is_string() && choice["title"].is_string() && choice["x-title-en"].is_string(),
                    "{path}: {choice}"
                );
            }
        }
    }
}

#[test]
fn amounts_are_integers_shown_as_money() {
    let mut found = Vec::new();
    for (id, form) in forms() {
        fields(&id, &form, &mut found);
    }
    let money: Vec<&(String, Value)> = found.iter().filter(|(_, field)| field["x-widget"] == "money").collect();
    assert!(money.len() >= 15, "{}", money.len());
    assert!(money.iter().all(|(_, field)| field["type"] == "integer"));
    for (path, widget) in [
        ("devis/lignes", "grid"),
        ("planification/sessions", "halfdays"),
        ("planification/sessions/*/formateur", "formateur"),
        ("documents/pieces", "checklist"),
        ("collecte/objectifs", "textarea"),
        ("collecte/debutSouhaite", "date"),
        ("accepter_devis/signataire", "signature"),
    ] {
        let field = &found.iter().find(|(known, _)| known == path).unwrap_or_else(|| panic!("{path}")).1;
        assert_eq!(field["x-widget"], widget, "{path}");
    }
}

#[test]
fn the_settings_form_shows_what_holds_while_nothing_is_set() {
    let form: Value = afpi_sdk::schema::value::<Config>();
    assert_eq!(form["properties"]["validiteDevisJours"]["default"], 30);
    assert_eq!(form["properties"]["delais"]["default"]["montage"], 120);
    assert_eq!(form["properties"]["piecesAvantFacture"]["default"], json!(["feuilles_presence"]));
}

#[test]
fn settings_change_limits_and_zero_means_none() {
    let config: Config = serde_json::from_value(json!({"delais": {"devis": 16, "montage": 0}})).unwrap();
    let definition = Relay::definition(&config);
    let limits: Vec<Option<u32>> = definition.sections.iter().map(|section| section.limit_hours).collect();
    assert_eq!(limits, [Some(72), Some(16), None, Some(72), Some(48), Some(48)]);
    assert!(serde_json::from_value::<Config>(json!({"unknown": 1})).is_err());
}

#[test]
fn people_whom_the_crm_knows_are_chosen_and_not_typed() {
    let definition = definition();
    let form: Value = serde_json::from_str(&definition.sections[0].form).unwrap();
    let contacts = &form["properties"]["contacts"];
    assert_eq!(contacts["x-pick-from"], "contacts");
    let taken = ["nom", "fonction", "email", "telephone"]
        .map(|column| contacts["items"]["properties"][column]["x-pick"].clone());
    assert_eq!(taken, ["name", "function", "email", "phone"]);
    assert_eq!(form["properties"]["formation"]["x-suggest"], "produits");
    let quote: Value = serde_json::from_str(&definition.sections[1].form).unwrap();
    let line = &quote["properties"]["lignes"]["items"]["properties"];
    assert_eq!(line["libelle"]["x-suggest"], "produits");
    let taken =
        ["libelle", "heures", "quantite", "unite", "prixUnitaire", "tva"].map(|name| line[name]["x-pick"].clone());
    assert_eq!(taken, ["title", "hours", "quantity", "unit", "price", "vatRate"]);
    for choice in line["unite"]["oneOf"].as_array().unwrap() {
        let words: Vec<&Value> = line["unite"]["x-pick-as"].as_object().unwrap().values().collect();
        assert!(words.contains(&&choice["const"]), "{choice}");
    }
}
