//! A workflow with one section. Its next version renames a field, and migrates documents in both directions. The test
//! makes the other version by swapping both names in the file. The settings can make the migration fail: `"trap"`,
//! `"loop"`, `"refuse"`, `"odd"`.

wit_bindgen::generate!({
    inline: "
        package test:guest;
        world workflow-with-migration {
            include afpi:plugin/workflow-plugin@1.1.0;
            include afpi:plugin/data-migration-facet@1.1.0;
        }
    ",
    path: ["../../../../wit/types", "../../../../wit/host", "../../../../wit/plugin"],
    world: "test:guest/workflow-with-migration",
    generate_all,
});

use afpi::host::config;
use afpi::types::types::{Actor, Error, FieldProblem, Opportunite, Text};
use exports::afpi::plugin::data_migration::{self, Stored};
use exports::afpi::plugin::lifecycle;
use exports::afpi::plugin::workflow::*;

struct Plugin;
export!(Plugin);

/// The name of the field in this version and in the other version.
const FIELD: &str = "participants";
const OTHER: &str = "participantz";

fn text(words: &str) -> Text {
    Text { fr: words.into(), en: words.into() }
}

impl lifecycle::Guest for Plugin {
    fn config_schema() -> String {
        r#"{"type":"object"}"#.into()
    }

    fn validate_config(_: String) -> Vec<FieldProblem> {
        Vec::new()
    }

    fn migrate_config(_: String, config: String) -> Result<String, Error> {
        Ok(config)
    }
}

fn decision(subject: Opportunite, data: String) -> Decision {
    Decision {
        section: "demande".into(),
        status: "ouverte".into(),
        outcome: Outcome::Open,
        amount: subject.budget,
        due: None,
        data,
        state: "{}".into(),
        steps: Vec::new(),
        facts: Vec::new(),
        bookings: None,
        numberings: Vec::new(),
    }
}

impl Guest for Plugin {
    fn definition() -> WorkflowDefinition {
        let roles = || vec!["commercial".to_owned(), "manager".to_owned()];
        let form = format!(
            r#"{{"type":"object","additionalProperties":false,"title":"Demande","x-title-en":"Request","properties":{{
                "{FIELD}":{{"type":"integer","title":"Participants","x-title-en":"Participants"}},
                "besoin":{{"type":"string","title":"Besoin","x-title-en":"Need"}}}}}}"#
        );
        WorkflowDefinition {
            id: "relais".into(),
            label: text("Relais"),
            sections: vec![Section {
                id: "demande".into(),
                label: text("Demande"),
                owners: roles(),
                editors: roles(),
                form,
                limit_hours: None,
            }],
            statuses: vec![Status {
                id: "ouverte".into(),
                label: text("Ouverte"),
                section: "demande".into(),
                outcome: Outcome::Open,
                probability: 50,
                waits_for: roles(),
            }],
            transitions: Vec::new(),
        }
    }

    fn start(subject: Opportunite, _: Actor, _: Moment) -> Result<Decision, Error> {
        let started =
            Step { transition: String::new(), source: String::new(), target: "ouverte".into(), reason: String::new() };
        Ok(Decision { steps: vec![started], ..decision(subject, "{}".into()) })
    }

    fn decide(_: Opportunite, transition: String, _: String, _: Actor, _: Moment) -> Result<Decision, Error> {
        Err(Error::NotFound(transition))
    }

    /// Returns only its own section, and nothing that other versions may have written.
    fn edit(subject: Opportunite, _: String, document: String, _: Actor, _: Moment) -> Result<Decision, Error> {
        Ok(decision(subject, format!(r#"{{"demande":{document}}}"#)))
    }

    fn offers(_: Opportunite, _: Actor, _: Moment) -> Vec<Offer> {
        Vec::new()
    }

    fn editable(_: Opportunite, _: Actor) -> Vec<String> {
        vec!["demande".into()]
    }
}

/// Removes `"name":<digits>` from a JSON text without spaces. Returns the digits.
fn take(json: &mut String, name: &str) -> Option<String> {
    let key = format!("\"{name}\":");
    let start = json.find(&key)?;
    let digits: String = json[start + key.len()..].chars().take_while(char::is_ascii_digit).collect();
    let end = start + key.len() + digits.len();
    // Removes the comma before or after it too.
    let (start, end) = match (json[..start].ends_with(','), json[end..].starts_with(',')) {
        (true, _) => (start - 1, end),
        (false, true) => (start, end + 1),
        (false, false) => (start, end),
    };
    json.replace_range(start..end, "");
    Some(digits)
}

impl data_migration::Guest for Plugin {
    fn migrate(_: String, mut items: Vec<Stored>) -> Result<Vec<Stored>, Error> {
        let settings = config::get();
        let said = |word: &str| settings.contains(&format!("\"{word}\""));
        if said("trap") {
            core::arch::wasm32::unreachable();
        }
        while said("loop") {
            std::hint::black_box(());
        }
        if said("refuse") {
            return Err(Error::Invalid(vec![FieldProblem {
                field: "/x".into(),
                code: "x".into(),
                message: text("x"),
            }]));
        }
        if said("odd") {
            items.clear();
        }
        for item in &mut items {
            // The value of the version that wrote last is the right one.
            let written = take(&mut item.data, OTHER);
            take(&mut item.data, FIELD);
            if let (Some(digits), Some(at)) = (written, item.data.find(r#""demande":{"#)) {
                let inside = at + r#""demande":{"#.len();
                let comma = if item.data[inside..].starts_with('}') { "" } else { "," };
                item.data.insert_str(inside, &format!("\"{FIELD}\":{digits}{comma}"));
            }
        }
        Ok(items)
    }
}
