//! Every business date has a plausible range, and the refusal names its limits. The first day of the test desk is 2
//! November 2026.

mod support;

use afpi_sdk::serde_json::{Value, json};
use afpi_sdk::workflow::*;
use support::*;

/// The section, the document with `DAY` in place of the date, the pointer of the date, and the first and last accepted
/// day.
const FIELDS: [(&str, &str, &str, &str, &str); 7] = [
    ("collecte", r#"{"debutSouhaite": "DAY"}"#, "/debutSouhaite", "2025-11-02", "2031-11-01"),
    ("collecte", r#"{"finSouhaitee": "DAY"}"#, "/finSouhaitee", "2025-11-02", "2031-11-01"),
    ("devis", r#"{"validiteJusquau": "DAY"}"#, "/validiteJusquau", "2025-11-02", "2028-11-01"),
    (
        "montage",
        r#"{"financeurs": [{"payeur": "opco", "montantDemande": 1, "deposeLe": "DAY"}]}"#,
        "/financeurs/0/deposeLe",
        "2025-11-02",
        "2026-11-02",
    ),
    (
        "planification",
        r#"{"sessions": [{"jour": "DAY", "demi": "am"}]}"#,
        "/sessions/0/jour",
        "2025-11-02",
        "2031-11-01",
    ),
    (
        "documents",
        r#"{"suivi": [{"piece": "convention", "attenduPourLe": "DAY"}]}"#,
        "/suivi/0/attenduPourLe",
        "2025-11-02",
        "2031-11-01",
    ),
    ("documents", r#"{"conventionSigneeLe": "DAY"}"#, "/conventionSigneeLe", "2025-11-02", "2026-11-02"),
];

/// A desk with a record in this section.
fn desk_at(section: &str) -> Desk {
    let mut desk = Desk::new();
    desk.record.status = format!("en_cours_{section}");
    desk.record.section = section.into();
    desk
}

fn day_before(day: &str, days: i32) -> String {
    day.parse::<afpi_sdk::calendar::Date>().unwrap().plus(-days).to_string()
}

#[test]
fn documents_take_plausible_days_only_and_say_which() {
    for (section, document, pointer, first, last) in FIELDS {
        let desk = desk_at(section);
        let with = |day: &str| afpi_sdk::serde_json::from_str::<Value>(&document.replace("DAY", day)).unwrap();
        for day in [first, last] {
            let answer = desk.try_edit(&actor("admin"), section, with(day));
            assert!(answer.is_ok(), "{section}{pointer} {day}: {answer:?}");
        }
        for day in ["0026-11-28", "1926-11-28", "9999-12-31", &day_before(first, 1), &day_before(last, -1)] {
            let error = desk.try_edit(&actor("admin"), section, with(day)).unwrap_err();
            let said = error.text();
            assert!(said.en.contains(first) && said.en.contains(last), "{said:?}");
            assert_eq!(problems(error), [pair(pointer, "out-of-range")], "{day}");
        }
    }
}

#[test]
fn every_date_of_the_forms_is_tried_here_or_is_computed() {
    fn dates(path: &str, schema: &Value, found: &mut Vec<String>) {
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            if field["readOnly"] == true {
                continue;
            }
            let path = format!("{path}/{name}");
            if field["format"] == "date" || field["x-widget"] == "date" {
                found.push(path.clone());
            }
            dates(&path, &field["items"], found);
            dates(&path, field, found);
        }
    }
    let definition = afpi_plugin_workflow::Relay::definition(&afpi_plugin_workflow::Config::default());
    let mut found = Vec::new();
    for section in &definition.sections {
        dates(&section.id, &afpi_sdk::serde_json::from_str(&section.form).unwrap(), &mut found);
    }
    for transition in definition.transitions.iter().filter(|transition| !transition.form.is_empty()) {
        dates(&transition.id, &afpi_sdk::serde_json::from_str(&transition.form).unwrap(), &mut found);
    }
    let tried: Vec<String> =
        FIELDS.iter().map(|(section, _, at, ..)| format!("{section}{}", at.replace("/0", ""))).collect();
    let moves = [
        "accepter_devis/le",
        "refuser_devis/le",
        "enregistrer_paiement/le",
        "contrepasser_reglement/le",
        "suspendre/relance",
    ];
    for path in &found {
        assert!(tried.contains(path) || moves.contains(&path.as_str()), "no test covers the range of {path}");
    }
    assert_eq!(found.len(), tried.len() + moves.len());
}

fn refused(desk: &Desk, transition: &str, input: Value) -> Error {
    desk.try_take(&actor("admin"), transition, input).unwrap_err()
}

#[test]
fn a_payment_comes_between_its_invoice_and_today() {
    let mut desk = Desk::new();
    desk.invoiced().wait_days(10);
    for (day, bound) in [
        ("0026-11-28", "02/11/2026"),
        ("1926-11-28", "02/11/2026"),
        ("2026-11-01", "02/11/2026"),
        ("2026-11-13", "12/11/2026"),
        ("2999-01-01", "12/11/2026"),
    ] {
        let error = refused(&desk, "enregistrer_paiement", json!({"mode": "virement", "le": day}));
        assert!(error.text().fr.contains(bound), "{day}: {error:?}");
        assert_eq!(problems(error), [pair("/le", "out-of-range")]);
    }
    for day in ["2026-11-02", "2026-11-12"] {
        desk.take("admin", "enregistrer_paiement", json!({"mode": "virement", "le": day, "montant": 1}));
    }
}

#[test]
fn the_other_moves_keep_to_their_windows_too() {
    let mut desk = Desk::new();
    desk.sent().wait_days(3);
    for day in ["0026-11-28", "2026-11-01", "2026-11-06", "2999-01-01"] {
        for (transition, mut input) in [
            ("accepter_devis", json!({"signataire": "C"})),
            ("refuser_devis", json!({"cause": "prix", "motif": "Trop cher"})),
        ] {
            input["le"] = json!(day);
            assert_eq!(
                problems(refused(&desk, transition, input)),
                [pair("/le", "out-of-range")],
                "{transition} {day}"
            );
        }
    }
    for day in ["2026-11-04", "2028-11-05", "9999-12-31"] {
        let input = json!({"motif": "Plus tard", "relance": day});
        assert_eq!(problems(refused(&desk, "suspendre", input)), [pair("/relance", "out-of-range")], "{day}");
    }
    desk.take("admin", "suspendre", json!({"motif": "Plus tard", "relance": "2028-11-04"}));
}

/// A day that was plausible once stays plausible, so an old opportunité can still be edited.
#[test]
fn the_windows_of_a_file_reach_back_to_when_it_was_entered() {
    let mut desk = desk_at("planification");
    desk.wait_days(900);
    let session = json!({"sessions": [{"jour": "2026-12-01", "demi": "am"}]});
    assert!(desk.try_edit(&actor("admin"), "planification", session).is_ok());
}
