//! The harness with the product's packed plugins: real components, the host's real checks, and a scripted web.

use afpi_plugin_harness::{Session, check, serve, signature};
use afpi_plugin_testing::protocol::{Answer, Ask, Outcome, Refusal, Request, Seat, Seen, Setting};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

fn packed(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dist/plugins").join(name)
}

fn session(name: &str) -> Session {
    let file = std::fs::read(packed(name)).expect("`make plugins` has built the product's plugins");
    Session::new(&file, None).unwrap()
}

async fn ok(session: &mut Session, ask: Ask) -> Value {
    match session.answer(ask).await {
        Outcome::Ok(value) => value,
        Outcome::Error(refusal) => panic!("{refusal:?}"),
    }
}

async fn refused(session: &mut Session, ask: Ask) -> Refusal {
    match session.answer(ask).await {
        Outcome::Ok(value) => panic!("answered {value}"),
        Outcome::Error(refusal) => refusal,
    }
}

async fn seen(session: &mut Session) -> Seen {
    serde_json::from_value(ok(session, Ask::Seen).await).unwrap()
}

fn call(function: &str, args: Value) -> Ask {
    Ask::Call { function: function.into(), args: args.as_array().unwrap().clone() }
}

async fn ypareo(base: &str) -> Session {
    let mut session = session("ypareo.wasm");
    let config = json!({ "baseUrl": base, "contacts": "jamais" });
    ok(&mut session, Ask::Seat(Seat { config: Some(config), ..Seat::default() })).await;
    ok(&mut session, Ask::Set(Setting { secrets: [("token".into(), "s3cret".into())].into(), ..Setting::default() }))
        .await;
    session
}

#[tokio::test]
async fn a_connector_reads_the_web_it_is_given_and_spends_its_secret() {
    let mut session = ypareo("https://ypareo.example.fr").await;
    for path in ["sites", "entreprises"] {
        let request = Request::get(&format!("https://ypareo.example.fr/r/v1/{path}*")).header("x-auth-token", "s3cret");
        ok(&mut session, Ask::Expect { request, answer: Answer::json(&json!({})), times: Some(1) }).await;
    }
    let probes = ok(&mut session, call("check", json!([]))).await;
    assert!(probes.as_array().unwrap().iter().all(|probe| probe["ok"] == true), "{probes}");
    let seen = seen(&mut session).await;
    assert_eq!(seen.requests.len(), 2);
    assert!(seen.unmet.is_empty(), "{:?}", seen.unmet);
}

#[tokio::test]
async fn what_nobody_expected_and_what_never_came_is_named() {
    let mut session = ypareo("https://ypareo.example.fr").await;
    let request = Request::post("https://ypareo.example.fr/never");
    ok(&mut session, Ask::Expect { request, answer: Answer::status(204), times: Some(2) }).await;
    ok(&mut session, call("check", json!([]))).await;
    let unmet = seen(&mut session).await.unmet;
    assert!(unmet.iter().any(|line| line.contains("/r/v1/sites") && line.contains("not expected")), "{unmet:?}");
    assert!(
        unmet.iter().any(|line| line.contains("POST") && line.contains("expected 2 time(s) and came 0")),
        "{unmet:?}"
    );
}

#[tokio::test]
async fn the_guards_stand_before_the_scripted_web() {
    // The address filter always refuses link-local addresses, so the script is never used.
    let mut session = ypareo("http://169.254.169.254").await;
    ok(&mut session, Ask::Expect { request: Request::default(), answer: Answer::json(&json!({})), times: None }).await;
    let probes = ok(&mut session, call("check", json!([]))).await;
    assert!(probes.as_array().unwrap().iter().skip(1).all(|probe| probe["ok"] == false), "{probes}");
    assert!(seen(&mut session).await.requests.is_empty());

    let mut session = ypareo("https://ypareo.example.fr").await;
    ok(&mut session, Ask::Seat(Seat { grants: Some(Vec::new()), ..Seat::default() })).await;
    ok(&mut session, call("check", json!([]))).await;
    let seen = seen(&mut session).await;
    assert!(seen.requests.is_empty() && seen.denied.contains(&"http-client".to_owned()), "{seen:?}");
}

#[tokio::test]
async fn a_broken_body_ends_a_pass_and_a_pass_is_a_number() {
    let mut session = ypareo("https://ypareo.example.fr").await;
    let cut = Answer::text(r#"{"1": {"codeSite": 1, "nomSite": "A"}"#).cut();
    ok(&mut session, Ask::Expect { request: Request::default(), answer: cut, times: None }).await;
    let pass = ok(&mut session, call("pass.open", json!([["localisation"]]))).await;
    assert_eq!(pass, json!(1));
    // The plugin has no function to sleep, so it may first ask for a later call. In the end the pass fails.
    let mut last = refused(&mut session, call("pass.next", json!([1, 100]))).await;
    while last.error.get("RateLimited").is_some() {
        last = refused(&mut session, call("pass.next", json!([1, 100]))).await;
    }
    assert_eq!(last.kind, "error", "{last:?}");
    assert!(refused(&mut session, call("pass.next", json!([7, 100]))).await.message.contains("no pass 7"));
}

#[tokio::test]
async fn a_pure_plugin_decides_and_its_own_refusal_is_told_from_a_wrong_question() {
    let mut session = session("workflow-afpi.wasm");
    let definition = ok(&mut session, call("definition", json!([]))).await;
    assert_eq!(definition["sections"].as_array().unwrap().len(), 6);
    let wrong = refused(&mut session, call("notify", json!([]))).await;
    assert!(wrong.kind == "harness" && wrong.message.contains("decide"), "{wrong:?}");
    let wrong = refused(&mut session, call("start", json!([1, 2, 3]))).await;
    assert!(wrong.kind == "harness" && wrong.message.contains("`start`"), "{wrong:?}");
    assert_eq!(refused(&mut session, call("definition", json!([1]))).await.kind, "harness");
    let wrong = refused(&mut session, Ask::Seat(Seat { grants: Some(vec!["fly".into()]), ..Seat::default() })).await;
    assert!(wrong.message.contains("`fly`"), "{wrong:?}");

    let subject = json!({
        "id": "o", "numero": "", "title": "Essai", "kind": "intra-entreprise", "section": "", "status": "", "amount": 0, "budget": 1000,
        "entreprise": "e", "entreprise_name": "Essai", "commercial": "u", "localisation": "l", "created_at": 0, "section_since": 0,
        "data": "{}", "state": "{}",
    });
    let moment = json!({ "now": 1_767_600_000_000_i64, "today": "2026-01-05" });
    let actor = |role: &str| json!({ "id": "u", "name": "Essai", "role": role, "owner": true });
    let started = ok(&mut session, call("start", json!([subject, actor("commercial"), moment]))).await;
    assert_eq!(started["outcome"], "Open");
    let refusal = refused(&mut session, call("start", json!([subject, actor("facturation"), moment]))).await;
    assert!(refusal.kind == "error" && refusal.error.get("Denied").is_some(), "{refusal:?}");
}

#[tokio::test]
async fn lines_go_in_and_come_out_in_order_and_nonsense_does_no_harm() {
    let lines = concat!(
        "{\"id\":1,\"do\":\"describe\"}\n",
        "\n",
        "nonsense\n",
        "{\"id\":3,\"do\":\"dance\"}\n",
        "{\"id\":4,\"do\":\"call\",\"function\":\"kinds\",\"args\":[]}\n",
        "{\"id\":5,\"do\":\"set\",\"locale\":\"de\"}\n",
    );
    let mut out = Vec::new();
    serve(session("notifications-afpi.wasm"), lines.as_bytes(), &mut out).await.unwrap();
    let replies: Vec<Value> =
        String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<_> = replies.iter().map(|reply| reply["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, [1, 0, 3, 4, 5]);
    assert_eq!(replies[0]["ok"]["manifest"]["id"], "notifications-afpi");
    assert_eq!(
        replies[0]["ok"]["functions"],
        json!(["config-schema", "validate-config", "migrate-config", "kinds", "notify"])
    );
    assert!(replies[1]["error"]["kind"] == "harness" && replies[2]["error"]["kind"] == "harness");
    assert!(!replies[3]["ok"].as_array().unwrap().is_empty());
    assert!(replies[4]["error"]["message"].as_str().unwrap().contains("`de`"));
}

#[tokio::test]
async fn a_check_says_what_will_be_asked_and_what_is_missing() {
    let file = std::fs::read(packed("ypareo.wasm")).unwrap();
    let mut found = check(&file, None).await;
    signature(&file, &mut found);
    let report = found.report();
    assert!(report.ok, "{}", report.text);
    assert!(report.text.contains("Calls the declared web addresses. (config:baseUrl)"), "{}", report.text);
    assert!(report.text.contains("not signed") && report.text.contains("afpi plugin keygen"), "{}", report.text);

    let unpacked = check(&afpi_plugins::manifest::bare(&file).unwrap(), None).await.report();
    assert!(!unpacked.ok && unpacked.text.contains("afpi plugin pack"), "{}", unpacked.text);
    let mut manifest = afpi_plugins::manifest::extract(&file).unwrap();
    manifest.capabilities.kv = None;
    let mut shy = afpi_plugins::manifest::bare(&file).unwrap();
    afpi_plugins::manifest::embed(&mut shy, &manifest).unwrap();
    let report = check(&shy, None).await.report();
    assert!(!report.ok && report.text.contains("does not request `kv`"), "{}", report.text);

    // Adds a custom section that makes the file larger than a host accepts.
    let mut large = shy;
    large.extend([0, 0x82, 0x80, 0x80, 6, 1, b'x']);
    large.resize(large.len() + afpi_plugins::manifest::MAX_PLUGIN_BYTES, 0);
    let report = check(&large, None).await.report();
    assert!(
        report.text.contains("too large for any host") && report.text.contains("at most 12288 KB"),
        "{}",
        report.text
    );
}
