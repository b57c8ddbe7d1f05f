//! Replaying recorded calls, and comparing the decisions of another version.

use afpi_plugin_harness::Session;
use afpi_plugin_harness::recordings::{self, Recording};
use serde_json::json;
use std::path::Path;

fn workflow() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dist/plugins/workflow-afpi.wasm");
    std::fs::read(path).expect("`make plugins` has built the product's plugins")
}

/// The workflow with one renamed status, like a new version.
fn renamed() -> Vec<u8> {
    let (old, new) = (b"en_cours_collecte", b"en_route_collecte");
    let mut file = workflow();
    let places: Vec<usize> =
        file.windows(old.len()).enumerate().filter(|(_, window)| window == old).map(|(at, _)| at).collect();
    assert!(!places.is_empty());
    for at in places {
        file[at..at + new.len()].copy_from_slice(new);
    }
    file
}

fn recording(session: &Session, role: &str) -> Recording {
    let subject = json!({
        "id": "o", "numero": "OPP-2026-00007", "title": "Essai", "kind": "intra-entreprise", "section": "", "status": "", "amount": 0,
        "budget": 1000, "entreprise": "e", "entreprise_name": "Essai", "commercial": "u", "localisation": "l", "created_at": 0,
        "section_since": 0, "data": "{}", "state": "{}",
    });
    let actor = json!({ "id": "u", "name": "Essai", "role": role, "owner": true });
    let moment = json!({ "now": 1_767_600_000_000_i64, "today": "2026-01-05" });
    let line = json!({
        "plugin": "workflow-afpi", "version": "1.0.0", "sha256": session.sha256(), "function": "start",
        "site": "l", "site-code": "AFPI-02", "locale": "fr", "call-id": "c-1", "config": "{}", "args": [subject, actor, moment], "result": null,
    });
    serde_json::from_value(line).unwrap()
}

/// Records decisions and refusals of the unchanged workflow.
async fn recorded() -> Vec<Recording> {
    let session = Session::new(&workflow(), None).unwrap();
    let mut calls: Vec<Recording> =
        ["commercial", "manager", "facturation"].map(|role| recording(&session, role)).into();
    recordings::answer_anew(&session, &mut calls).await.unwrap();
    assert!(calls[0].result["Ok"]["status"] == "en_cours_collecte" && calls[2].result.get("Err").is_some());
    calls
}

#[tokio::test]
async fn the_same_file_answers_the_same_byte_for_byte() {
    let scratch = tempfile::tempdir().unwrap();
    let lines: Vec<String> = recorded().await.iter().map(|call| serde_json::to_string(call).unwrap()).collect();
    std::fs::write(scratch.path().join("a.jsonl"), lines.join("\n")).unwrap();
    let calls = recordings::read(scratch.path()).unwrap();
    let played = recordings::play(&Session::new(&workflow(), None).unwrap(), &calls).await.unwrap();
    assert_eq!(played.len(), 3);
    assert!(played.iter().all(|one| one.identical && one.changes.is_empty()));
}

#[tokio::test]
async fn what_a_new_version_decides_differently_is_said_once_for_all_alike() {
    let played = recordings::play(&Session::new(&renamed(), None).unwrap(), &recorded().await).await.unwrap();
    let words = recordings::summary(&played);
    assert!(words.starts_with("3 calls, 2 answered differently"), "{words}");
    assert!(words.contains("start on OPP-2026-00007, by commercial (and 1 more like it)"), "{words}");
    assert!(words.contains(r#"/Ok/status: "en_cours_collecte" → "en_route_collecte""#), "{words}");
    assert!(played[2].identical, "the refusal is the same");
}

#[test]
fn what_is_no_recording_is_named_with_its_line() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("bad.jsonl");
    std::fs::write(&file, "\n{\"plugin\":1}\n").unwrap();
    let error = format!("{:#}", recordings::read(&file).unwrap_err());
    assert!(error.contains("bad.jsonl, line 2"), "{error}");
    assert!(recordings::read(scratch.path().join("none").as_path()).is_err());
}
