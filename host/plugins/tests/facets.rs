//! Facets: the runtime finds and calls what a manifest declares, never calls what it does not declare, and checks the
//! results of a migration.

mod common;

use afpi_plugins::contract::Error;
use afpi_plugins::contract::lookup::{Query, Wanted};
use afpi_plugins::contract::migration::Stored;
use afpi_plugins::contract::query::Entry;
use afpi_plugins::manifest::embed;
use afpi_plugins::{AuditorPlugin, DataMigration, JobOutcome, LoadError, LookupPlugin, Outcome, PluginFailure, Policy};
use common::{Bench, context, guest, site, toml};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

/// The component of a test guest with another manifest, without any check.
fn under(kind: &str, toml: &str) -> Vec<u8> {
    let mut file = afpi_plugin_tool::encode(&guest(kind)).unwrap();
    embed(&mut file, &afpi_plugin_tool::read_manifest(toml).unwrap()).unwrap();
    file
}

fn seated(file: &[u8]) -> Bench {
    seat(Bench::new(), file, site(1), "{}")
}

fn seat(bench: Bench, file: &[u8], site: afpi_plugins::Site, config: &str) -> Bench {
    let plugin = bench.install(file);
    let grants = afpi_plugins::Grants::all_of(&plugin.manifest().capabilities);
    bench.bind(&plugin, site, config, grants);
    bench
}

#[tokio::test]
async fn one_component_is_what_its_manifest_declares() {
    let bench = seated(&under("hook", &toml("p", "hook", "1.0.0", common::HOOK_WISHES)));
    let registry = bench.runtime.registry();
    assert_eq!((registry.hooks("site-1").len(), registry.job_handler("site-1", "p").is_some()), (1, true));

    let jobless = common::HOOK_WISHES.replace("jobs = { quota-waiting = 3 }", "");
    let bench = seated(&under("hook", &toml("p", "hook", "1.0.0", &jobless)));
    let registry = bench.runtime.registry();
    assert_eq!((registry.hooks("site-1").len(), registry.job_handler("site-1", "p").is_some()), (1, false));

    let bench = seated(&under("hook", &toml("p", "app", "1.0.0", common::HOOK_WISHES)));
    let registry = bench.runtime.registry();
    assert!(registry.hooks("site-1").is_empty(), "it exports a hook and does not declare one");
    let handler = registry.job_handler("site-1", "p").expect("the job handler of the app");
    assert_eq!(handler.run(&context(), "done", "null", 1).await.unwrap(), JobOutcome::Done);
    let schema = registry.lifecycle("p").unwrap().config_schema(&context()).await.unwrap();
    assert_eq!(schema, r#"{"type":"object"}"#);
}

#[test]
fn what_is_declared_and_not_exported_is_named() {
    let bench = Bench::new();
    for (guest, toml, missing) in [
        ("notifier", toml("p", "app", "1.0.0", "[capabilities]\njobs = {}"), "job-handler"),
        ("notifier", toml("p", "hook", "1.0.0", common::NOTIFIER_WISHES), "hook"),
        ("objectives", toml("p", "workflow", "1.0.0", ""), "workflow"),
    ] {
        match bench.runtime.load(&under(guest, &toml)) {
            Err(LoadError::Contract(why)) => {
                assert!(why.contains(&format!("must export `afpi:plugin/{missing}`")), "{why}")
            }
            other => panic!("{missing}: {other:?}"),
        }
    }
}

#[test]
fn purity_follows_from_what_is_imported() {
    let bench = Bench::new();
    let pure = |kind: &str, toml: &str| bench.runtime.load(&under(kind, toml)).unwrap().is_pure();
    assert!(pure("workflow", &toml("p", "workflow", "1.0.0", "")));
    assert!(!pure("hook", &toml("p", "hook", "1.0.0", common::HOOK_WISHES)));
    assert!(pure("quiet", &toml("p", "hook", "1.0.0", "")), "a hook without imports that have effects is pure");
}

fn stored(number: usize) -> Stored {
    Stored {
        id: format!("o-{number}"),
        section: "collecte".into(),
        status: "ouvert".into(),
        data: r#"{"collecte":{"old":4}}"#.into(),
        state: "{}".into(),
    }
}

fn migration(bench: &Bench) -> DataMigration {
    bench.runtime.registry().workflow("site-1").unwrap().migration().expect("it declares one")
}

#[tokio::test]
async fn documents_are_carried_over() {
    let bench = seated(&under("workflow", &toml("p", "workflow", "1.0.0", "[data-migration]")));
    let items: Vec<Stored> = (0..100).map(stored).collect();
    let carried = migration(&bench).migrate(&context(), "0.9.0", &items).await.unwrap();
    assert_eq!((carried.len(), &*carried[7].data), (100, r#"{"collecte":{"new":4}}"#));
    assert_eq!((&carried[7].id, &carried[7].state), (&items[7].id, &items[7].state));

    let silent = seated(&under("workflow", &toml("p", "workflow", "1.0.0", "")));
    assert!(silent.runtime.registry().workflow("site-1").unwrap().migration().is_none(), "not declared");
}

#[tokio::test]
async fn an_answer_that_cannot_be_meant_is_the_plugins_fault() {
    let bench = seated(&under("workflow", &toml("p", "workflow", "1.0.0", "[data-migration]")));
    for (how, outcome) in [
        ("trap", Outcome::Trap),
        ("spin", Outcome::Timeout),
        ("short", Outcome::WrongAnswer),
        ("odd", Outcome::WrongAnswer),
    ] {
        let failed = migration(&bench).migrate(&context(), how, &[stored(1), stored(2)]).await.unwrap_err();
        assert_eq!((failed.outcome(), failed.is_fault()), (outcome, true), "{how}: {failed}");
    }
    let refused = migration(&bench).migrate(&context(), "refuse", &[stored(1)]).await;
    assert!(matches!(refused, Err(PluginFailure::Guest(Error::Other(_)))), "{refused:?}");
    let health = bench.runtime.registry().health("site-1", "p").unwrap().health;
    assert_eq!((health.faults, health.refusals), (4, 1));
}

/// The test directory, which may call the address in its settings.
const DIRECTORY: &str =
    "[lookup]\n[capabilities]\nhttp = { hosts = [\"config:url\"], private-ranges = true }\n[limits]\ncall-ms = 120000";

fn directory(bench: &Bench) -> LookupPlugin {
    bench.runtime.registry().lookups("site-1").pop().expect("it declares one")
}

fn named(name: &str) -> Query {
    Query { wanted: Wanted::Name(name.into()), postcode: "60000".into() }
}

#[tokio::test]
async fn companies_are_found_at_a_site_and_in_the_network() {
    let file = under("lookup", &toml("p", "app", "1.0.0", DIRECTORY));
    let bench = seated(&file);
    let found = directory(&bench).find(&context(), &named("Forges")).await.unwrap();
    assert_eq!((found.len(), &*found[0].name), (1, "Forges|60000"));
    assert!(bench.runtime.registry().lookups("site-2").is_empty(), "it has no seat there");

    let network = seat(Bench::new(), &file, afpi_plugins::Site::network(), "{}");
    let found = network.runtime.registry().lookups("site-2").pop().unwrap();
    let siret = Query { wanted: Wanted::Siret("73282932000074".into()), postcode: String::new() };
    assert_eq!(found.find(&context(), &siret).await.unwrap()[0].siret, "73282932000074");

    let silent = DIRECTORY.replace("[lookup]", "").replace("[capabilities]", "[capabilities]\njobs = {}");
    let undeclared = Bench::new().runtime.load(&under("lookup", &toml("p", "app", "1.0.0", &silent)));
    assert!(matches!(undeclared, Err(LoadError::Contract(_))), "it exports no job handler");
}

#[tokio::test]
async fn a_lookup_that_answers_too_much_or_too_late_is_the_plugins_fault() {
    // A server that takes every request and answers none.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            kept.push(stream);
        }
    });
    let policy = Policy { lookup_wall: Duration::from_millis(400), ..Policy::default() };
    let file = under("lookup", &toml("p", "app", "1.0.0", DIRECTORY));
    let bench = seat(Bench::with(policy), &file, site(1), &format!(r#"{{"url":"http://127.0.0.1:{port}"}}"#));
    let directory = directory(&bench);
    for (how, outcome) in [
        ("many", Outcome::WrongAnswer),
        ("long", Outcome::WrongAnswer),
        ("odd", Outcome::WrongAnswer),
        ("two-lines", Outcome::WrongAnswer),
    ] {
        let failed = directory.find(&context(), &named(how)).await.unwrap_err();
        assert_eq!((failed.outcome(), failed.is_fault()), (outcome, true), "{how}: {failed}");
        bench.runtime.registry().release("site-1", "p");
    }
    // The manifest asks for two minutes; a person waits, so it does not get them.
    for how in ["trap".to_owned(), "huge".to_owned(), format!("get http://127.0.0.1:{port}/")] {
        let failed = directory.find(&context(), &named(&how)).await.unwrap_err();
        assert!(failed.is_fault(), "{how}: {failed}");
        bench.runtime.registry().release("site-1", "p");
    }
    for how in ["busy", "away", "refuse"] {
        let failed = directory.find(&context(), &named(how)).await.unwrap_err();
        assert!(matches!(failed, PluginFailure::Guest(_)) && !failed.is_fault(), "{how}: {failed}");
    }
}

#[tokio::test]
async fn a_lookup_sends_a_few_requests_and_no_more() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok").await.ok();
            });
        }
    });
    let file = under("lookup", &toml("p", "app", "1.0.0", DIRECTORY));
    let bench = seat(Bench::new(), &file, site(1), &format!(r#"{{"url":"http://127.0.0.1:{port}"}}"#));
    let failed = directory(&bench).find(&context(), &named(&format!("get-for-ever http://127.0.0.1:{port}/"))).await;
    assert_eq!(failed.unwrap_err().outcome(), Outcome::HostBudget);
}

const AUDITOR: &str = "[auditor]\n[capabilities]\nkv = {}";

fn auditor(bench: &Bench) -> AuditorPlugin {
    bench.runtime.registry().auditors("site-1").pop().expect("it declares one")
}

fn session(id: &str, label: &str) -> Entry {
    Entry {
        kind: "session".into(),
        id: id.into(),
        site: "site-1".into(),
        version: 1,
        label: label.into(),
        updated_at: 0,
        data: "{}".into(),
    }
}

#[tokio::test]
async fn a_site_is_audited_in_batches() {
    let bench = seated(&under("auditor", &toml("p", "app", "1.0.0", AUDITOR)));
    let auditor = auditor(&bench);
    assert_eq!(auditor.rules(&context()).await.unwrap()[0].id, "label");
    let batches = [vec![session("a", "clean"), session("b", "Soudage")], vec![session("c", "Levage")]];
    let found = auditor.audit(&context(), "2026-11-30", batches).await.unwrap();
    let found: Vec<_> = found.iter().map(|one| (&*one.subjects[0].id, &*one.message.fr)).collect();
    assert_eq!(found, [("b", "Soudage le 2026-11-30"), ("c", "Levage le 2026-11-30")]);
    assert_eq!(auditor.audit(&context(), "2026-11-30", [[]; 0]).await.unwrap(), []);
    assert!(bench.runtime.registry().auditors("site-2").is_empty(), "it has no seat there");
}

#[tokio::test]
async fn findings_that_cannot_be_meant_are_the_plugins_fault() {
    let file = under("auditor", &toml("p", "app", "1.0.0", AUDITOR));
    let policy = Policy { pure_call: Duration::from_millis(200), pure_stretch: 2, ..Policy::default() };
    let bench = seat(Bench::with(policy), &file, site(1), "{}");
    let auditor = auditor(&bench);
    for how in ["many", "twice", "foreign", "control", "long", "trap", "spin", "spin-add"] {
        let failed = auditor.audit(&context(), "2026-11-30", [[session("a", how)]]).await.unwrap_err();
        assert!(failed.is_fault(), "{how}: {failed}");
        bench.runtime.registry().release("site-1", "p");
    }
    let refused = auditor.audit(&context(), "2026-11-30", [[session("a", "refuse")]]).await.unwrap_err();
    assert!(matches!(refused, PluginFailure::Guest(Error::Other(_))) && !refused.is_fault(), "{refused}");
    let clean = auditor.audit(&context(), "2026-11-30", [[session("a", "clean")]]).await;
    assert_eq!(clean.unwrap(), [], "the next audit is well");
}
