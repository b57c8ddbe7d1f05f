//! Helpers for the tests of the runtime: guests that are built and packed on demand, and a runtime with in-memory
//! ports.

#![allow(dead_code)] // each test program uses only a part

use afpi_plugins::contract::hook::{Event, Subject};
use afpi_plugins::contract::workflow::Moment;
use afpi_plugins::contract::{Actor, Error, Opportunite};
use afpi_plugins::ports::NameResolver;
use afpi_plugins::testing::{MemoryLedger, MemoryQueries, MemoryRecords, MemoryResolver, MemorySecrets, Recorder};
use afpi_plugins::{
    Binding, CallContext, Grants, Locale, Plugin, PluginFailure, Policy, Runtime, RuntimeOptions, Site,
};
pub mod fuzz;
pub mod gate;
pub mod wat;

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock};
use wit_component::{StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{ManglingAndAbi, Resolve};

/// The core module of a test guest. It is built once per process. If nothing changed, cargo needs only milliseconds.
pub fn guest(kind: &str) -> Vec<u8> {
    static BUILT: OnceLock<Mutex<HashMap<String, Vec<u8>>>> = OnceLock::new();
    let mut built = BUILT.get_or_init(Mutex::default).lock().unwrap();
    built.entry(kind.to_owned()).or_insert_with(|| build(kind)).clone()
}

/// The folder of the repository, even if another crate includes this file.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().find(|folder| folder.join("wit/types").is_dir()).expect("this crate is in the repository")
}

fn build(kind: &str) -> Vec<u8> {
    let target =
        option_env!("CARGO_TARGET_TMPDIR").map_or_else(|| root().join("target/tmp"), PathBuf::from).join("guests");
    std::fs::create_dir_all(&target).unwrap();
    // All features write their module to one path, and test programs may run at the same time.
    let lock = File::create(target.join("lock")).unwrap();
    lock.lock().unwrap();
    let done = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--release", "--locked", "--target", "wasm32-unknown-unknown", "--features", kind])
        .current_dir(root().join("host/plugins/tests/guests"))
        .env("CARGO_TARGET_DIR", &target)
        .env_remove("RUSTFLAGS")
        .status()
        .unwrap();
    assert!(done.success(), "the test guest `{kind}` does not build");
    std::fs::read(target.join("wasm32-unknown-unknown/release/guests.wasm")).unwrap()
}

pub const NOTIFIER_WISHES: &str = r#"
    [capabilities]
    clock = true
    random = true
    metrics = ["pages"]
    kv = { quota-keys = 5, quota-bytes = 4096 }
    secrets = [{ name = "token", label = { fr = "Jeton", en = "Token" } }]
    http = { hosts = ["config:url", "http://public.test:1", "http://inside.test:1"], private-ranges = true }
"#;

pub const CONNECTOR_WISHES: &str = "[capabilities]\nrandom = true\n";

pub const HOOK_WISHES: &str = r#"
    [capabilities]
    records = ["opportunites", "entreprises"]
    records-query = [
        { kind = "contact", fields = ["name", "email", "rank", "tags", "main", "gone"] },
        { kind = "salle", fields = ["name"] },
    ]
    jobs = { quota-waiting = 3 }
    events = ["late"]
    kv = {}
    http = { hosts = ["http://public.test:1"] }
"#;

/// A plugin.toml with this id, kind and version, and with additional text.
pub fn toml(id: &str, kind: &str, version: &str, more: &str) -> String {
    format!(
        r#"
        id = "{id}"
        kind = "{kind}"
        version = "{version}"
        name = {{ fr = "Essai", en = "Trial" }}
        description = {{ fr = "Un essai.", en = "A trial." }}
        {more}"#
    )
}

fn wishes(kind: &str) -> &'static str {
    match kind {
        "notifier" => NOTIFIER_WISHES,
        "connector" => CONNECTOR_WISHES,
        "hook" => HOOK_WISHES,
        _ => "",
    }
}

/// The packed test guest of a kind. Its id is the kind.
pub fn packed(kind: &str) -> Vec<u8> {
    afpi_plugin_tool::pack(&guest(kind), &toml(kind, kind, "1.0.0", wishes(kind))).unwrap()
}

/// A core module with the imports and exports of a world. Every export traps. Tests add hostile code to this text.
pub fn dummy_wat(kind: &str) -> String {
    let (resolve, world) = world(kind);
    wasmprinter::print_bytes(dummy_module(&resolve, world, ManglingAndAbi::Standard32)).unwrap()
}

/// Packs core text as a plugin of that kind.
pub fn pack_wat(kind: &str, wat: &str) -> Result<Vec<u8>, String> {
    let mut module = ::wat::parse_str(wat).map_err(|error| error.to_string())?;
    let (resolve, world) = world(kind);
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    afpi_plugin_tool::pack(&module, &toml("hostile", kind, "1.0.0", "")).map_err(|error| format!("{error:#}"))
}

/// The parsed contract, and the world of a kind.
pub fn world(kind: &str) -> (Resolve, wit_parser::WorldId) {
    let wit = root().join("wit");
    let mut resolve = Resolve::default();
    let packages: Vec<_> = ["types", "host", "plugin"].map(|name| resolve.push_path(wit.join(name)).unwrap().0).into();
    let world = resolve.select_world(&packages, Some(&format!("afpi:plugin/{kind}-plugin"))).unwrap();
    (resolve, world)
}

/// A runtime with in-memory ports, for tests.
pub struct Bench {
    pub runtime: Runtime,
    pub recorder: Arc<Recorder>,
    pub secrets: Arc<MemorySecrets>,
    pub records: Arc<MemoryRecords>,
    pub queries: Arc<MemoryQueries>,
    pub ledger: Arc<MemoryLedger>,
}

pub fn site(number: u8) -> Site {
    Site::new(format!("site-{number}"), format!("AFPI-{number:02}"))
}

pub fn context() -> CallContext {
    CallContext::new(Locale::Fr, "call-1")
}

impl Bench {
    pub fn new() -> Self {
        Bench::with(Policy::default())
    }

    pub fn with(policy: Policy) -> Self {
        let inside = HashMap::from([
            ("public.test".to_owned(), vec!["93.184.216.34".parse().unwrap()]),
            ("inside.test".to_owned(), vec!["127.0.0.1".parse().unwrap()]),
        ]);
        Bench::with_resolver(policy, Arc::new(MemoryResolver(inside)))
    }

    pub fn with_resolver(policy: Policy, resolver: Arc<dyn NameResolver>) -> Self {
        Bench::set(|options| {
            options.policy = policy;
            options.resolver = resolver;
        })
    }

    /// Creates a runtime with in-memory ports. `change` changes its options.
    pub fn set(change: impl FnOnce(&mut RuntimeOptions)) -> Self {
        Bench::over(MemoryRecords::default(), change)
    }

    pub fn over(records: MemoryRecords, change: impl FnOnce(&mut RuntimeOptions)) -> Self {
        let (recorder, secrets) = (Arc::new(Recorder::default()), Arc::new(MemorySecrets::default()));
        let records = Arc::new(records);
        let ledger = Arc::new(MemoryLedger::about(records.clone()));
        let mut options = RuntimeOptions::new(ledger.clone(), secrets.clone());
        options.observer = recorder.clone();
        options.records = records.clone();
        let queries = Arc::new(MemoryQueries::default());
        options.queries = queries.clone();
        change(&mut options);
        Bench { runtime: Runtime::new(options).unwrap(), recorder, secrets, records, queries, ledger }
    }

    /// Installs the test guest of a kind and binds it to a site with these settings and all requested grants.
    pub fn seat(&self, kind: &str, site: Site, config: &str) -> Arc<Plugin> {
        let plugin = self.runtime.registry().plugin(kind).unwrap_or_else(|| self.install(&packed(kind)));
        let grants = Grants::all_of(&plugin.manifest().capabilities);
        self.bind(&plugin, site, config, grants);
        plugin
    }

    pub fn install(&self, file: &[u8]) -> Arc<Plugin> {
        let plugin = self.runtime.load(file).unwrap();
        self.runtime.registry().put(plugin.clone()).unwrap();
        plugin
    }

    pub fn bind(&self, plugin: &Plugin, site: Site, config: &str, grants: Grants) {
        let binding = Binding { config: config.into(), grants, ..Binding::default() };
        self.runtime.registry().bind(site, plugin.id(), binding).unwrap();
    }
}

/// Returns what the test hook reports about its use of a capability.
pub async fn told(bench: &Bench, site: &str, what: &str) -> Result<String, Error> {
    let hook = bench.runtime.registry().hooks(site).remove(0);
    let event = Event {
        name: format!("x {what}"),
        at: 0,
        site: site.into(),
        actor: None,
        subject: Subject::None,
        data: "{}".into(),
    };
    match hook.after(&context(), &event).await {
        Ok(()) => Ok(bench.recorder.seen().lines.last().unwrap().2.clone()),
        Err(PluginFailure::Guest(error)) => Err(error),
        Err(other) => panic!("{what}: {other}"),
    }
}

pub fn actor() -> Actor {
    Actor { id: "a".repeat(36), name: "Camille Petit".into(), role: "commercial".into(), owner: true }
}

/// An opportunité of about 1 KB.
pub fn opportunite() -> Opportunite {
    Opportunite {
        id: "b".repeat(36),
        numero: "OPP-2026-00042".into(),
        title: "Habilitation électrique B1V, deux groupes".into(),
        kind: "intra-entreprise".into(),
        section: "collecte".into(),
        status: "en_cours_collecte".into(),
        amount: 480_000,
        budget: 500_000,
        entreprise: "c".repeat(36),
        entreprise_name: "Fonderies de Saint-Quentin".into(),
        commercial: "d".repeat(36),
        localisation: "e".repeat(36),
        created_at: 1_790_000_000_000,
        section_since: 1_790_000_000_000,
        data: format!(r#"{{"collecte":{{"remarques":"{}"}}}}"#, "x".repeat(600)),
        state: "{}".into(),
    }
}

pub fn moment() -> Moment {
    Moment { now: 1_790_000_000_000, today: "2026-09-21".into() }
}
