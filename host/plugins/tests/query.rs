//! `records-query`: a plugin reads only what the grant names, only on its own site, and page by page.

mod common;

use afpi_plugins::contract::query::Entry;
use afpi_plugins::contract::{Error, FieldProblem};
use afpi_plugins::manifest::Capability;
use afpi_plugins::testing::MemoryQueries;
use afpi_plugins::{Grants, Outcome, PluginFailure};
use common::{Bench, packed, site, told};
use std::sync::Arc;

fn entry(kind: &str, number: usize, site: &str, data: &str) -> Entry {
    Entry {
        kind: kind.into(),
        id: format!("{kind}-{number}"),
        site: site.into(),
        version: 1,
        label: format!("{}{number}", kind[..1].to_uppercase()),
        updated_at: 0,
        data: data.into(),
    }
}

fn fill(queries: &MemoryQueries) {
    queries.name("contact", ["name", "email", "secret"]);
    queries.name("salle", ["name"]);
    queries.set_entries(vec![
        entry("contact", 1, "site-1", r#"{"name":"Petit","rank":3,"secret":"x","tags":["a","b"],"main":true}"#),
        entry("contact", 2, "site-2", r#"{"name":"Ailleurs","rank":9}"#),
        entry("contact", 3, "site-1", r#"{"name":"Leroy","rank":1,"email":"l@x.fr"}"#),
        entry("salle", 4, "site-1", r#"{"name":"A1"}"#),
        entry("contact", 5, "site-1", r#"{"name":"Roux","rank":2,"main":false}"#),
    ]);
}

fn seated() -> Bench {
    let bench = Bench::new();
    fill(&bench.queries);
    bench.seat("hook", site(1), "{}");
    bench
}

async fn ask(bench: &Bench, what: &str) -> String {
    told(bench, "site-1", what).await.unwrap_or_else(|error| panic!("{what}: {error:?}"))
}

async fn problem(bench: &Bench, what: &str) -> FieldProblem {
    match told(bench, "site-1", what).await {
        Err(Error::Invalid(mut problems)) => problems.remove(0),
        other => panic!("{what}: {other:?}"),
    }
}

#[tokio::test]
async fn what_is_granted_is_answered_filtered_and_in_order() {
    let bench = seated();
    assert_eq!(
        ask(&bench, "select contact name").await,
        r#"C1{"name":"Petit"} C3{"name":"Leroy"} C5{"name":"Roux"} next None"#
    );
    assert!(!ask(&bench, "select contact").await.contains("secret"), "`all` leaves out fields that are not granted");
    for (conditions, found) in [
        ("eq:name:\"Petit\"", "C1"),
        ("ne:email:\"l@x.fr\"", "C1 C5"),
        ("lt:rank:3", "C3 C5"),
        ("ge:rank:2;le:rank:2", "C5"),
        ("gt:rank:2", "C1"),
        ("in:name:[\"Petit\",\"Roux\"]", "C1 C5"),
        ("in:name:[]", ""),
        ("contains:name:\"et\"", "C1"),
        ("contains:tags:\"b\"", "C1"),
        ("empty:email:true", "C1 C5"),
        ("empty:email:false", "C3"),
        ("eq:main:true", "C1"),
    ] {
        let said = ask(&bench, &format!("select contact name {conditions}")).await;
        let labels: Vec<_> = said.split(' ').filter_map(|word| word.split_once('{').map(|(label, _)| label)).collect();
        assert_eq!(labels.join(" "), found, "{conditions}");
    }
    assert_eq!(ask(&bench, "walk contact name - rank 1").await, "contact-3 contact-5 contact-1");
    assert_eq!(ask(&bench, "walk contact name - -rank 2").await, "contact-1 contact-5 contact-3");
    assert_eq!(
        ask(&bench, "fetch name salle:salle-4 contact:contact-5 contact:contact-2 contact:none").await,
        r#"S4{"name":"A1"} C5{"name":"Roux"}"#,
        "the records come in the requested order and belong to this site"
    );
    let described: serde_json::Value = serde_json::from_str(&ask(&bench, "describe contact").await).unwrap();
    let names: Vec<_> = described["fields"].as_array().unwrap().iter().map(|field| field["name"].clone()).collect();
    assert_eq!(names, ["email", "main", "name", "rank", "tags"]);
}

#[tokio::test]
async fn what_is_not_granted_is_denied_and_counted() {
    let bench = seated();
    let outside = [
        "select formateur",
        "select contact secret",
        "select contact name eq:secret:\"x\"",
        "select contact name - secret",
        "select contact nonsense",
        "fetch - formateur:1",
        "fetch secret contact:contact-1",
        "describe formateur",
    ];
    for what in outside {
        assert!(matches!(told(&bench, "site-1", what).await, Err(Error::Denied(_))), "{what}");
    }
    assert_eq!(bench.recorder.seen().denied, vec![Capability::RecordsQuery; outside.len()]);
    let bench = Bench::new();
    let plugin = bench.install(&packed("hook"));
    bench.bind(&plugin, site(1), "{}", Grants::none());
    assert!(matches!(told(&bench, "site-1", "select contact").await, Err(Error::Denied(_))));
}

#[tokio::test]
async fn what_a_kind_does_not_have_is_invalid_at_its_place() {
    let bench = seated();
    let (long, longest) = ("x".repeat(5_000), "x".repeat(9_000));
    let many = format!("in:name:[{}]", ["\"a\""; 201].join(","));
    for (what, field) in [
        ("select contact gone", "/fields/0"),
        ("select contact name,gone", "/fields/1"),
        ("select contact name eq:rank:1;eq:gone:1", "/conditions/1/field"),
        ("select contact name like:name:\"a\"", "/conditions/0/test"),
        ("select contact name lt:name:\"a\"", "/conditions/0/test"),
        ("select contact name eq:tags:\"a\"", "/conditions/0/test"),
        ("select contact name eq:rank:\"1\"", "/conditions/0/value"),
        ("select contact name eq:rank:1.5", "/conditions/0/value"),
        ("select contact name eq:name:null", "/conditions/0/value"),
        ("select contact name eq:name:{", "/conditions/0/value"),
        ("select contact name empty:name:1", "/conditions/0/value"),
        (&format!("select contact name {many}"), "/conditions/0/value"),
        (&format!("select contact name eq:name:\"{long}\""), "/conditions/0/value"),
        (&format!("select contact name {}", ["eq:rank:1"; 9].join(";")), "/conditions"),
        ("select contact name - tags", "/order"),
        ("select contact name - gone", "/order"),
        ("select contact name - - 0", "/limit"),
        ("select contact name - - 201", "/limit"),
        ("select contact name - - 10 no-page", "/after"),
        (&format!("select contact name - - 10 {longest}"), "/after"),
        (&format!("fetch - {}", ["contact:1"; 201].join(" ")), "/references"),
    ] {
        assert_eq!(problem(&bench, what).await.field, field, "{}", &what[..what.len().min(80)]);
    }
}

#[tokio::test]
async fn a_store_that_shows_too_much_is_not_believed() {
    let leaky = Arc::new(MemoryQueries::leaky());
    fill(&leaky);
    let bench = Bench::set(|options| options.queries = leaky.clone());
    bench.seat("hook", site(1), "{}");
    assert!(!ask(&bench, "select contact name").await.contains("Ailleurs"));
    assert_eq!(ask(&bench, "fetch name contact:contact-2").await, "");
}

#[tokio::test]
async fn pages_lose_and_repeat_nothing_while_others_are_written() {
    let bench = seated();
    bench.queries.set_entries((0..450).map(|n| entry("contact", n, "site-1", r#"{"name":"N"}"#)).collect());
    let mut seen: Vec<String> = Vec::new();
    let mut after = "-".to_owned();
    for round in 0.. {
        let said = ask(&bench, &format!("select contact name - - 100 {after}")).await;
        let (items, next) = said.rsplit_once(" next ").unwrap();
        seen.extend(items.split(' ').map(str::to_owned));
        bench.queries.add(entry("contact", 1_000 + round, "site-1", r#"{"name":"New"}"#));
        match next.strip_prefix("Some(\"").and_then(|next| next.strip_suffix("\")")) {
            Some(next) => after = next.to_owned(),
            None => break,
        }
    }
    let old = seen.iter().filter(|label| !label.contains("New")).count();
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!((old, once.len()), (450, seen.len()));
}

#[tokio::test]
async fn queries_are_paid_for() {
    let bench = seated();
    let hook = bench.runtime.registry().hooks("site-1").remove(0);
    let event = afpi_plugins::contract::hook::Event {
        name: "x select-for-ever contact name".into(),
        at: 0,
        site: "site-1".into(),
        actor: None,
        subject: afpi_plugins::contract::hook::Subject::None,
        data: "{}".into(),
    };
    assert!(matches!(hook.after(&common::context(), &event).await, Err(PluginFailure::HostBudget(_))));
    assert_eq!(bench.recorder.seen().calls.last().unwrap().2, Outcome::HostBudget);
}
