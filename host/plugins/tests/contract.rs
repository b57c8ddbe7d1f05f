//! What `wit/README.md` promises: no version of the contract breaks an earlier one, and components built against an earlier one
//! load and answer for ever.

mod common;

use afpi_plugins::contract::hook::{Event as Change, Phase, Subject};
use afpi_plugins::contract::notifier::Event;
use afpi_plugins::contract::objectives::{Fact, Figure, Grouping, Query};
use afpi_plugins::{Grants, JobOutcome, Site, Verdict};
use common::{Bench, actor, context, moment, opportunite, site};
use std::fs;
use std::path::{Path, PathBuf};
use wit_component::semver_check;
use wit_parser::{Resolve, SourceMap};

fn wit() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit")
}

/// Reads `types`, `host` and `plugin` under a folder, each file's text as `edit` leaves it.
fn push(resolve: &mut Resolve, folder: &Path, edit: impl Fn(&str) -> String) -> wit_parser::PackageId {
    let mut last = None;
    for package in ["types", "host", "plugin"] {
        let mut files: Vec<_> = fs::read_dir(folder.join(package)).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        let mut sources = SourceMap::new();
        for file in files {
            sources.push_str(&file.display().to_string(), edit(&fs::read_to_string(&file).unwrap()));
        }
        let group = sources.parse().unwrap_or_else(|(_, error)| panic!("{package}: {error:?}"));
        last = Some(resolve.push_group(group).unwrap());
    }
    last.unwrap()
}

/// Is the contract, edited, fit to follow the frozen version? The frozen one gets another version number, because one
/// `Resolve` cannot hold a package twice.
fn follows(frozen: &Path, edit: impl Fn(&str) -> String) -> Result<(), String> {
    let mut resolve = Resolve::default();
    let version = frozen.file_name().unwrap().to_str().unwrap();
    let earlier = |text: &str| text.replace(&format!("@{version}"), "@0.0.1-earlier");
    let old = push(&mut resolve, frozen, earlier);
    let new = push(&mut resolve, &wit(), edit);
    let worlds = resolve.packages[old].worlds.clone();
    for (name, world) in worlds {
        let Some(now) = resolve.packages[new].worlds.get(&name) else { return Err(format!("the world `{name}` is gone")) };
        semver_check(resolve.clone(), world, *now).map_err(|error| format!("world `{name}`: {error:#}"))?;
    }
    Ok(())
}

fn frozen() -> Vec<PathBuf> {
    let mut versions: Vec<_> = fs::read_dir(wit().join("frozen")).unwrap().map(|entry| entry.unwrap().path()).collect();
    versions.retain(|path| path.is_dir());
    versions.sort();
    versions
}

#[test]
fn the_contract_breaks_no_earlier_version() {
    assert!(!frozen().is_empty());
    for version in frozen() {
        follows(&version, str::to_owned).unwrap_or_else(|why| panic!("{}: {why}", version.display()));
    }
}

#[test]
fn growth_is_allowed_and_a_break_is_noticed() {
    let first = frozen().remove(0);
    let swap = |from: &'static str, to: &'static str| {
        move |text: &str| -> String { text.replace(from, to) }
    };
    let fine = [
        ("a function of the host", "    emit: func(event: event)", "    emit-twice: func(event: event);\n    emit: func(event: event)"),
        ("an interface for all", "world hook-plugin {", "world hook-plugin {\n    import afpi:types/types@1.0.0;"),
        ("a new world", "world job-handling {", "world more { export lifecycle; }\nworld job-handling {"),
    ];
    for (what, from, to) in fine {
        follows(&first, swap(from, to)).unwrap_or_else(|why| panic!("{what}: {why}"));
    }
    let broken = [
        ("a field more in a record", "        data: json,\n        state: json,", "        data: json,\n        more: string,\n        state: json,"),
        ("a field of another type", "type money = s64;", "type money = s32;"),
        ("a case more in a variant", "        rate-limited(u32),", "        rate-limited(u32),\n        tired,"),
        ("a word more in an enum", "enum phase { before, after, other }", "enum phase { before, during, after, other }"),
        ("a parameter more", "get: func(key: string)", "get: func(key: string, other: string)"),
        ("a function that is gone", "    has: func(name: string) -> bool;", "    had: func(name: string) -> bool;"),
        ("an import that is gone", "    import afpi:host/random@1.0.0;\n", ""),
        ("an export that must be new", "    export notifier;", "    export notifier;\n    export job-handler;"),
        ("a function that must be new", "    metrics: func() -> list<metric>;", "    metrics: func() -> list<metric>;\n    more: func();"),
        ("a world that is gone", "world hook-plugin", "world hooks-plugin"),
    ];
    for (what, from, to) in broken {
        assert!(follows(&first, swap(from, to)).is_err(), "{what} went unnoticed");
    }
}

/// The components in `golden/<version>/`: a plugin of every kind, as its SDK made it then.
fn golden(version: &Path, name: &str) -> Vec<u8> {
    let path = version.join(name).with_extension("wasm");
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn versions() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut versions: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    versions.retain(|path| path.is_dir());
    versions.sort();
    versions
}

#[tokio::test]
async fn components_of_every_released_version_load_and_answer() {
    assert!(!versions().is_empty());
    for version in versions() {
        let bench = Bench::new();
        let seat = |name: &str, site: Site| {
            let plugin = bench.install(&golden(&version, name));
            bench.bind(&plugin, site, "{}", Grants::all_of(&plugin.manifest().capabilities));
        };
        seat("workflow", site(1));
        seat("objectives", site(1));
        seat("notifier", site(1));
        seat("hook", site(1));
        seat("connector", Site::network());
        let registry = bench.runtime.registry();

        let workflow = registry.workflow("site-1").unwrap();
        assert_eq!(workflow.definition(&context()).await.unwrap().id, "essai");
        let decided = workflow.decide(&context(), &opportunite(), "go", r#"{"a":1}"#, &actor(), &moment()).await.unwrap();
        assert_eq!((decided.state.as_str(), decided.data), (r#"{"a":1}"#, opportunite().data));
        assert_eq!(registry.lifecycle("workflow").unwrap().config_schema(&context()).await.unwrap(), r#"{"type":"object"}"#);

        let fact = Fact { kind: 0, key: 1, user: 2, site: 3, subject: 4, start: 5, end: 6, amount: 7, weight: 8 };
        let query = Query {
            first: "2026-01-01".into(), last: "2026-12-31".into(), today: "2026-09-21".into(),
            metrics: Vec::new(), grouping: Grouping::Total, words: Vec::new(),
        };
        let scores = registry.objectives("site-1").unwrap().calculate(&context(), &query, [vec![fact; 3]]).await.unwrap();
        assert_eq!(scores.iter().map(|score| score.figure).collect::<Vec<_>>(), [Figure::Count(3), Figure::Money(21)]);

        let event = Event { name: "kv-set a".into(), at: 0, site: String::new(), actor: None, subject: None, data: "{}".into() };
        let messages = registry.notifiers("site-1")[0].notify(&context(), &event).await.unwrap();
        assert_eq!(messages[0].title.fr, "set");

        let hook = &registry.hooks("site-1")[0];
        assert_eq!(hook.wants(&context(), "opportunite.moved", Phase::Before).await.unwrap(), Some(-5));
        let change = Change {
            name: "opportunite.moved".into(), at: 0, site: "site-1".into(), actor: Some(actor()),
            subject: Subject::Opportunite(opportunite()), data: "{}".into(),
        };
        assert_eq!(hook.before(&context(), &change).await.unwrap(), Verdict::Allow);
        let handler = registry.job_handler("site-1", "hook").unwrap();
        assert_eq!(handler.run(&context(), "fail", "why", 1).await.unwrap(), JobOutcome::Fail("why".into()));

        let mut pass = registry.connector("connector").unwrap().open(&context(), &[]).await.unwrap();
        let batch = pass.next(3).await.unwrap();
        assert_eq!((batch.items.len(), batch.total, batch.finished), (3, 10, false));
    }
}

/// Writes the golden components of the present version; run once when a version is released, never again for it:
/// `cargo test -p afpi-plugins --test contract -- --ignored freeze`.
#[test]
#[ignore = "writes files; for releasing a version of the contract"]
fn freeze() {
    let version = "1.0.0";
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(version);
    fs::create_dir_all(&folder).unwrap();
    for kind in ["workflow", "objectives", "notifier", "connector", "hook"] {
        fs::write(folder.join(kind).with_extension("wasm"), common::packed(kind)).unwrap();
    }
    let frozen = wit().join("frozen").join(version);
    for package in ["types", "host", "plugin"] {
        fs::create_dir_all(frozen.join(package)).unwrap();
        for file in fs::read_dir(wit().join(package)).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), frozen.join(package).join(file.file_name())).unwrap();
        }
    }
}
