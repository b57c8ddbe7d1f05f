//! The rules of the manifest, and how it is written into a file and read back.

use afpi_plugin_manifest::{Capability, Facet, Manifest, OnFailure, QueryKind, SectionError, embed, extract};
use serde_json::{Value, json};
use strum::VariantArray as _;

const EMPTY_COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";
const EMPTY_MODULE: &[u8] = b"\0asm\x01\0\0\0";

fn connector() -> Value {
    json!({
        "id": "ypareo", "kind": "connector", "version": "1.2.0",
        "name": {"fr": "Ypareo", "en": "Ypareo"},
        "description": {"fr": "Synchronise les entreprises.", "en": "Synchronises companies."},
        "capabilities": {
            "http": {"hosts": ["https://api.example.fr", "config:baseUrl"], "private-ranges": true},
            "secrets": [{"name": "token", "label": {"fr": "Jeton", "en": "Token"}}],
            "kv": {}, "records": ["entreprises"], "jobs": {}, "events": ["site-late"], "metrics": ["pages_read"], "clock": true,
        },
        "limits": {"memory-mib": 64, "call-ms": 5000},
    })
}

fn read(value: &Value) -> Result<Manifest, String> {
    Manifest::from_json(value.to_string().as_bytes()).map_err(|error| error.to_string())
}

#[test]
fn wishes_are_sentences_with_what_they_are_about() {
    let mut asks = connector();
    asks["capabilities"]["records-query"] =
        json!([{"kind": "contact", "fields": ["firstName", "email"]}, {"kind": "salle", "fields": ["seats"]}]);
    let wishes = read(&asks).unwrap().demands();
    let ids: Vec<_> = wishes.iter().map(|wish| wish.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "http-client",
            "private-ranges",
            "secrets",
            "kv",
            "records-read",
            "records-query:contact",
            "records-query:salle",
            "jobs",
            "events",
            "clock",
            "metrics",
            "limits"
        ]
    );
    assert_eq!(wishes[0].params, ["https://api.example.fr", "config:baseUrl"]);
    assert_eq!(
        (&wishes[4].params[..], &wishes[8].params[..]),
        (&["entreprises".to_owned()][..], &["site-late".to_owned()][..])
    );
    assert_eq!(wishes[5].params, ["firstName", "email"]);
    let sentences = Capability::VARIANTS.iter().map(|capability| capability.sentence());
    let sentences = sentences.chain(QueryKind::VARIANTS.iter().map(|kind| kind.sentence()));
    for sentence in sentences.chain(Facet::VARIANTS.iter().map(|facet| facet.sentence())) {
        assert!(sentence.fr.ends_with('.') && sentence.en.ends_with('.') && sentence.fr != sentence.en);
    }
}

#[test]
fn every_rule_refuses_and_names_its_field() {
    let cases: [(&str, Value, &str); 36] = [
        ("/id", json!("Ypareo"), "`id`"),
        ("/id", json!(""), "`id`"),
        ("/name/en", json!(" "), "`name.en`"),
        ("/name/fr", json!("Ypareo\u{202e}"), "`name.fr`"),
        ("/name/fr", json!("Ypareo\u{1b}[31m"), "`name.fr`"),
        ("/name/en", json!("Ypareo\nsigned by AFPI"), "`name.en`"),
        ("/name/en", json!("\u{200b}\u{3164}"), "`name.en`"),
        ("/description/fr", json!("a\u{2066}b"), "`description.fr`"),
        ("/license", json!("MIT\u{0}"), "`license`"),
        ("/capabilities/secrets/0/label/en", json!("Token\r"), "`capabilities.secrets.label.en`"),
        ("/capabilities/http/hosts/0", json!("https://\u{430}pi.example.fr"), "nothing else"),
        ("/capabilities/http/hosts/0", json!("https://api.example.fr\u{202e}"), "nothing else"),
        ("/kind", json!("workflow"), "`capabilities`"),
        ("/kind", json!("theme"), "unknown variant"),
        ("/version", json!("1"), "cannot be read"),
        ("/capabilities/http/hosts", json!([]), "`capabilities.http.hosts`"),
        ("/capabilities/http/hosts/0", json!("https://*.example.fr"), "nothing else"),
        ("/capabilities/http/hosts/0", json!("https://a@b.fr"), "nothing else"),
        ("/capabilities/http/hosts/0", json!("ftp://example.fr"), "must start with"),
        ("/capabilities/http/hosts/1", json!("config:"), "settings"),
        ("/capabilities/metrics", json!(["a", "a"]), "twice"),
        ("/capabilities/kv", json!({"quota-keys": 20_000}), "quota-keys"),
        ("/capabilities/records", json!(["entreprises", "entreprises"]), "twice"),
        ("/capabilities/records", json!(["users"]), "unknown variant"),
        ("/capabilities/records-query", json!([{"kind": "facture", "fields": ["number"]}]), "unknown variant"),
        ("/capabilities/records-query", json!([{"kind": "contact", "fields": []}]), "at least one"),
        ("/capabilities/records-query", json!([{"kind": "contact", "fields": ["a b"]}]), "name of a field"),
        ("/capabilities/records-query", json!([{"kind": "contact", "fields": ["email", "email"]}]), "twice"),
        ("/data-migration", json!({}), "cannot have it"),
        ("/lookup", json!({"kind": "entreprise"}), "unknown field"),
        ("/auditor", json!({}), "cannot have it"),
        ("/capabilities/events", json!(["opportunite.moved"]), "not a name"),
        ("/capabilities/jobs", json!({"quota-waiting": 0}), "quota-waiting"),
        ("/on-failure", json!("open"), "it is for hooks"),
        ("/on-failure", json!("perhaps"), "unknown variant"),
        ("/limits/memory-mib", json!(4096), "memory-mib"),
    ];
    for (pointer, value, complaint) in cases {
        let mut manifest = connector();
        match manifest.pointer_mut(pointer) {
            Some(there) => *there = value.clone(),
            None => {
                let (place, key) = pointer.rsplit_once('/').unwrap();
                manifest.pointer_mut(place).unwrap()[key] = value.clone();
            }
        }
        let error = read(&manifest).expect_err(&format!("{pointer} = {value}"));
        assert!(error.contains(complaint), "{pointer} = {value}: {error}");
    }
    let mut misspelt = connector();
    misspelt["capabilities"]["clok"] = json!(true);
    assert!(read(&misspelt).unwrap_err().contains("unknown field"));
}

#[test]
fn a_hook_says_what_its_failure_means() {
    let mut hook = connector();
    hook["kind"] = json!("hook");
    assert_eq!(read(&hook).unwrap().on_failure, None);
    hook["on-failure"] = json!("open");
    assert_eq!(read(&hook).unwrap().on_failure, Some(OnFailure::Open));
    assert_eq!(OnFailure::default(), OnFailure::Closed);
}

#[test]
fn a_manifest_survives_the_file() {
    let manifest = read(&connector()).unwrap();
    let mut file = EMPTY_COMPONENT.to_vec();
    embed(&mut file, &manifest).unwrap();
    assert_eq!(extract(&file).unwrap(), manifest);
    assert!(matches!(embed(&mut file, &manifest), Err(SectionError::Twice(_))));
    for cut in 0..file.len() {
        assert!(extract(&file[..cut]).is_err(), "a file cut at {cut} has no manifest");
    }
}

#[test]
fn a_file_that_is_no_packed_component_says_so() {
    assert!(matches!(extract(EMPTY_COMPONENT), Err(SectionError::Missing)));
    assert!(matches!(extract(EMPTY_MODULE), Err(SectionError::NotAComponent(_))));
    assert!(matches!(extract(b"PK\x03\x04"), Err(SectionError::NotAComponent(_))));
}

#[test]
fn work_that_comes_round_is_named_worded_and_needs_jobs() {
    let with = |schedules: Value| {
        let mut all = connector();
        all["schedules"] = schedules;
        read(&all)
    };
    let sentence = json!({"fr": "Relance chaque matin.", "en": "Reminds every morning."});
    let nightly = || json!({"name": "matin", "cron": "0 6 * * 1-5", "sentence": sentence});
    let taken = with(json!([nightly()])).unwrap();
    assert_eq!((taken.schedules[0].kind(), &taken.schedules[0].payload), ("matin", &Value::Null));
    let mut told = nightly();
    told["job"] = json!("remind");
    told["payload"] = json!({"days": 3});
    let taken = with(json!([told])).unwrap();
    assert_eq!((taken.schedules[0].kind(), &taken.schedules[0].payload["days"]), ("remind", &json!(3)));
    let wrong = |key: &str, value: Value| {
        let mut schedule = nightly();
        schedule[key] = value;
        with(json!([schedule])).unwrap_err()
    };
    for (key, value, said) in [
        ("name", json!("Matin"), "schedules.name"),
        ("name", json!("a".repeat(33)), "at most 32"),
        ("cron", json!("* * * * * *"), "minute hour day month weekday"),
        ("cron", json!("tous les jours"), "minute hour day month weekday"),
        ("sentence", json!({"fr": "Relance.", "en": " "}), "schedules.sentence.en"),
        ("job", json!("No"), "schedules.job"),
        ("payload", json!("x".repeat(5000)), "schedules.payload"),
        ("every", json!("day"), "unknown field"),
    ] {
        let refused = wrong(key, value);
        assert!(refused.contains(said), "{refused}");
    }
    assert!(with(json!([nightly(), nightly()])).unwrap_err().contains("twice"));
    let mut jobless = connector();
    jobless["schedules"] = json!([nightly()]);
    jobless["capabilities"].as_object_mut().unwrap().remove("jobs");
    assert!(read(&jobless).unwrap_err().contains("ask for `jobs`"));
}

#[test]
fn an_app_is_its_facets_and_a_facet_stands_where_it_is_called() {
    let mut app = connector();
    app["kind"] = json!("app");
    let exported = |value: &Value| -> Vec<_> { read(value).unwrap().exports().iter().map(|e| e.interface).collect() };
    assert_eq!(exported(&app), ["lifecycle", "job-handler"]);
    app["lookup"] = json!({});
    assert_eq!(exported(&app), ["lifecycle", "job-handler", "lookup"]);
    app.as_object_mut().unwrap().remove("lookup");
    app["capabilities"].as_object_mut().unwrap().remove("jobs");
    assert!(read(&app).unwrap_err().contains("without a facet"));
    let mut workflow = connector();
    workflow["kind"] = json!("workflow");
    workflow["capabilities"] = json!({});
    workflow["data-migration"] = json!({});
    assert_eq!(exported(&workflow), ["lifecycle", "workflow", "data-migration"]);
    workflow["data-migration"] = json!({"from": "1.0.0"});
    assert!(read(&workflow).unwrap_err().contains("unknown field"));
    workflow["data-migration"] = json!({});
    workflow["documents"] = json!({});
    assert_eq!(exported(&workflow), ["lifecycle", "workflow", "data-migration", "documents"]);
    workflow["auditor"] = json!({});
    assert_eq!(exported(&workflow).last(), Some(&"auditor"));
    workflow["lookup"] = json!({});
    assert!(read(&workflow).unwrap_err().contains("cannot have it"), "a workflow cannot call elsewhere");
    workflow.as_object_mut().unwrap().remove("lookup");
    workflow["views"] = json!([]);
    assert!(read(&workflow).unwrap_err().contains("unknown field"), "this version does not know the section");
}
