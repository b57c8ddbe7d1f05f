//! Section 5: a piece is there because its file is there; a tick without one needs a reason.

mod support;

use afpi_sdk::serde_json::{Value, json};
use support::*;

fn edit(desk: &Desk, document: Value) -> Result<Value, Vec<(String, String)>> {
    let decision = desk.try_edit(&actor("assistante"), "documents", document).map_err(problems)?;
    let data: Value = afpi_sdk::serde_json::from_str(&decision.data).unwrap();
    Ok(data["documents"].clone())
}

#[test]
fn a_tick_needs_a_file_or_a_reason() {
    let mut desk = Desk::new();
    desk.planned();
    let refused = [pair("/pieces", "reason-required")];
    assert_eq!(edit(&desk, json!({"pieces": ["convention"]})).unwrap_err(), refused);
    let blank = json!({"pieces": ["convention"], "suivi": [{"piece": "convention", "motif": "  "}]});
    assert_eq!(edit(&desk, blank).unwrap_err(), refused);
    let with_reason = json!({"pieces": ["convention"], "suivi": [{"piece": "convention", "motif": "Original papier"}]});
    assert_eq!(edit(&desk, with_reason.clone()).unwrap(), with_reason);
    // The host says which pieces have a file: such a tick is not kept, so that it goes with the file.
    let filed = json!({"pieces": ["convention"], "fichiers": ["convention"],
        "suivi": [{"piece": "convention", "motif": "Original papier", "attenduDe": "Camille Moreau"}]});
    let kept = edit(&desk, filed).unwrap();
    assert_eq!(kept["pieces"], Value::Null);
    assert_eq!(kept["suivi"], json!([{"piece": "convention", "attenduDe": "Camille Moreau"}]));
}

#[test]
fn ticks_of_before_stay_valid_and_a_reason_once_given_stays_needed() {
    let mut desk = Desk::new();
    desk.planned();
    let mut data: Value = afpi_sdk::serde_json::from_str(&desk.record.data).unwrap();
    data["documents"] = json!({"pieces": ["convention"]});
    desk.record.data = data.to_string();
    assert_eq!(
        edit(&desk, json!({"pieces": ["convention"], "remarques": "x"})).unwrap()["pieces"],
        json!(["convention"])
    );
    let more = json!({"pieces": ["convention", "planning"]});
    assert_eq!(edit(&desk, more).unwrap_err(), [pair("/pieces", "reason-required")]);
    desk.edit("assistante", "documents", ticked(&["convention"]));
    assert_eq!(edit(&desk, json!({"pieces": ["convention"]})).unwrap_err(), [pair("/pieces", "reason-required")]);
}

#[test]
fn the_move_counts_files_and_reasons() {
    let mut desk = Desk::new();
    desk.planned();
    let missing = desk.blockers("assistante", "documents_prets");
    assert!(missing.contains(&pair("/documents/pieces", "missing-document")));
    let mut data: Value = afpi_sdk::serde_json::from_str(&desk.record.data).unwrap();
    data["documents"]["fichiers"] = documents()["pieces"].clone();
    desk.record.data = data.to_string();
    assert!(desk.blockers("assistante", "documents_prets").is_empty());
    desk.edit("assistante", "documents", but(&documents(), "convention"));
    assert_eq!(desk.blockers("assistante", "documents_prets"), [pair("/documents/pieces", "missing-document")]);
}

#[test]
fn a_line_says_who_owes_a_piece_until_when_and_goes_when_it_says_nothing() {
    let mut desk = Desk::new();
    desk.planned();
    let rows = json!({"suivi": [
        {"piece": "convention", "attenduDe": " Forges du Nord ", "attenduPourLe": "2026-11-20", "motif": "sans coche"},
        {"piece": "planning", "attenduDe": " "},
    ]});
    let kept = json!([{"piece": "convention", "attenduDe": "Forges du Nord", "attenduPourLe": "2026-11-20"}]);
    assert_eq!(edit(&desk, rows).unwrap()["suivi"], kept);
    let twice =
        json!({"suivi": [{"piece": "convention", "attenduDe": "a"}, {"piece": "convention", "attenduDe": "b"}]});
    assert_eq!(edit(&desk, twice).unwrap_err(), [pair("/suivi/1/piece", "duplicate")]);
}
