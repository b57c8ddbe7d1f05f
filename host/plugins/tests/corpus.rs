//! Runs every component in `hostile/`. The header of a file describes its attack and the expected result. All cases use
//! one runtime, together with a neighbour that must keep answering. At the end, nothing of them may be left.
//!
//! A file is either a whole `(component …)`, or fields of a core module. The test adds the fields to a module with all
//! imports and exports of a world, in which every export traps. A function `$definition` replaces that export,
//! `$realloc` replaces the allocator, and `$log.write` and the like are the imports. The header contains `Attack` and
//! `Expect` (the outcome of the call as metrics name it, or `refused` or `answers`; after a comma, words of the error).
//! It may contain `World`, `Call`, `Memory` (pages) and `Grants: all`.

mod common;

use afpi_plugins::contract::hook::{Event, Subject};
use afpi_plugins::{Grants, Outcome, Plugin, PluginFailure, Policy, Quarantine, WorkflowPlugin};
use common::{Bench, actor, context, moment, opportunite, site, toml};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

struct Case {
    name: String,
    world: String,
    call: Option<String>,
    memory: u32,
    granted: bool,
    /// `refused`, `answers`, or the names of outcomes.
    expect: Vec<String>,
    words: Vec<String>,
    body: String,
}

impl Case {
    fn read(path: &Path) -> Case {
        let text = fs::read_to_string(path).unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let head = |key: &str| {
            let lines = text.lines().take_while(|line| line.starts_with(";;"));
            lines.filter_map(|line| line.strip_prefix(&format!(";; {key}: "))).next().map(str::to_owned)
        };
        assert!(head("Attack").is_some(), "{name} does not describe its attack");
        let expected = head("Expect").unwrap_or_else(|| panic!("{name} does not say which result it expects"));
        let (expect, words) = expected.split_once(", ").unwrap_or((&expected, ""));
        Case {
            world: head("World").unwrap_or_else(|| "workflow".into()),
            call: head("Call"),
            memory: head("Memory").map_or(1, |pages| pages.parse().unwrap()),
            granted: head("Grants").is_some(),
            expect: expect.split('|').map(str::to_owned).collect(),
            words: words.split('|').map(str::to_lowercase).collect(),
            body: text.lines().filter(|line| !line.starts_with(";;")).collect::<Vec<_>>().join("\n"),
            name,
        }
    }

    fn expects(&self, end: &str) -> bool {
        self.expect.iter().any(|expected| expected == end)
    }

    fn component(&self) -> Vec<u8> {
        if self.body.trim_start().starts_with("(component") {
            return ::wat::parse_str(&self.body).unwrap_or_else(|error| panic!("{}: {error}", self.name));
        }
        common::wat::component(&self.world, self.memory, &self.body)
            .unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }
}

const WISHES: &str = r#"
    [capabilities]
    clock = true
    random = true
    metrics = ["known"]
    kv = {}
    records = ["opportunites", "entreprises"]
    events = ["known"]
    secrets = [{ name = "token", label = { fr = "Jeton", en = "Token" } }]
    http = { hosts = ["http://public.test:1"] }
"#;

fn packed(case: &Case) -> Vec<u8> {
    let wishes = if case.world == "workflow" { "" } else { WISHES };
    let mut file = case.component();
    let manifest = afpi_plugin_tool::read_manifest(&toml("hostile", &case.world, "1.0.0", wishes)).unwrap();
    afpi_plugins::manifest::embed(&mut file, &manifest)
        .unwrap_or_else(|error| panic!("{}: the file is not a component: {error}", case.name));
    file
}

/// Makes the call of the case. Returns `Ok` if the guest answered.
async fn call(bench: &Bench, case: &Case) -> Result<(), PluginFailure> {
    let registry = bench.runtime.registry();
    let event = Event {
        name: "x".into(),
        at: 0,
        site: "site-1".into(),
        actor: Some(actor()),
        subject: Subject::Opportunite(opportunite()),
        data: "{}".into(),
    };
    match (case.world.as_str(), case.call.as_deref()) {
        ("workflow", None) => registry.workflow("site-1").unwrap().definition(&context()).await.map(drop),
        ("workflow", Some("editable")) => {
            registry.workflow("site-1").unwrap().editable(&context(), &opportunite(), &actor()).await.map(drop)
        }
        ("hook", None) => registry.hooks("site-1")[0].subscriptions(&context()).await.map(drop),
        ("hook", Some("after")) => registry.hooks("site-1")[0].after(&context(), &event).await.map(drop),
        ("hook", Some("before")) => registry.hooks("site-1")[0].before(&context(), &event).await.map(drop),
        (_, Some("config-schema")) => registry.lifecycle("hostile").unwrap().config_schema(&context()).await.map(drop),
        (_, Some("validate-config")) => {
            registry.lifecycle("hostile").unwrap().validate_config(&context(), "{}").await.map(drop)
        }
        (_, Some("migrate-config")) => {
            registry.lifecycle("hostile").unwrap().migrate_config(&context(), "0.9.0", "{}").await.map(drop)
        }
        (world, call) => panic!("{}: no such call: {world} {call:?}", case.name),
    }
}

fn is_refused(case: &Case, bench: &Bench, file: &[u8]) -> Option<Arc<Plugin>> {
    match bench.runtime.load(file) {
        Ok(plugin) => {
            assert!(!case.expects("refused"), "{} was loaded", case.name);
            Some(plugin)
        }
        Err(error) => {
            let error = error.to_string();
            assert!(case.expects("refused"), "{}: {error}", case.name);
            assert!(holds(&error, &case.words), "{}: {error}", case.name);
            None
        }
    }
}

fn holds(error: &str, words: &[String]) -> bool {
    let error = error.to_lowercase();
    words.iter().any(|word| error.contains(word.as_str()))
}

/// The resident memory of this process in kilobytes, and the number of its open files.
fn footprint() -> (u64, usize) {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    let files = fs::read_dir("/proc/self/fd").unwrap().count();
    (line.split_whitespace().nth(1).unwrap().parse().unwrap(), files)
}

/// Calls a plugin of another site without a pause until it is stopped, and counts the answers. Every call must succeed.
struct Neighbour(Arc<AtomicU64>, tokio::task::JoinHandle<()>);

impl Neighbour {
    fn start(plugin: WorkflowPlugin) -> Neighbour {
        let answered = Arc::new(AtomicU64::new(0));
        let count = answered.clone();
        let calls = tokio::spawn(async move {
            loop {
                plugin
                    .start(&context(), &opportunite(), &actor(), &moment())
                    .await
                    .expect("the neighbour must answer whatever the other plugins do");
                count.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
            }
        });
        Neighbour(answered, calls)
    }

    /// Waits until the neighbour has answered another call.
    async fn answers(&self) {
        let seen = self.0.load(Ordering::Relaxed);
        while self.0.load(Ordering::Relaxed) < seen + 2 {
            assert!(!self.1.is_finished(), "a call of the neighbour failed");
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn every_hostile_component_ends_as_it_must() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 60, "{}", paths.len());
    let quarantine = Quarantine { faults: u32::MAX, ..Policy::default().quarantine };
    let bench = Bench::with(Policy { quarantine, ..Policy::default() });
    bench.seat("workflow", site(2), "{}");
    let neighbour = bench.runtime.registry().workflow("site-2").unwrap();
    let neighbour = Neighbour::start(neighbour);
    neighbour.answers().await;
    let before = footprint();
    let (mut called, mut faults) = (0, 0);
    for path in paths {
        let case = Case::read(&path);
        let file = packed(&case);
        let Some(plugin) = is_refused(&case, &bench, &file) else { continue };
        let registry = bench.runtime.registry();
        registry.remove("hostile").ok();
        registry.put(plugin.clone()).unwrap();
        let grants = if case.granted { Grants::all_of(&plugin.manifest().capabilities) } else { Grants::none() };
        // Each case runs twice, because the first failure must not change the second result. The plugin is bound again,
        // because the runtime remembers a hook's subscriptions.
        for _ in 0..2 {
            bench.bind(&plugin, site(1), r#"{"setting":"some text"}"#, grants.clone());
            let began = Instant::now();
            let (end, error) = match call(&bench, &case).await {
                Ok(()) => ("answers", String::new()),
                Err(failure) => (failure.outcome().as_str(), failure.to_string()),
            };
            assert!(case.expects(end), "{} ended as {end}: {error}", case.name);
            assert!(end == "answers" || holds(&error, &case.words), "{}: {error}", case.name);
            assert!(error.len() < 600, "{}: an error of {} bytes", case.name, error.len());
            // Limits count CPU time. A call that takes very long, even on a busy machine, would still be a fault of the
            // limits.
            assert!(began.elapsed() < Duration::from_secs(20), "{} took {:?}", case.name, began.elapsed());
            called += 1;
            faults += usize::from(!["answers", "error"].contains(&end));
        }
        neighbour.answers().await;
    }
    neighbour.1.abort();
    let seen = bench.recorder.seen();
    let hostile = seen.calls.iter().filter(|(_, site, _)| site != "site-2");
    assert_eq!(hostile.clone().count(), called, "every call is counted");
    let harmless = |outcome: &Outcome| matches!(outcome, Outcome::Ok | Outcome::Error);
    assert_eq!(
        hostile.filter(|(_, _, outcome)| !harmless(outcome)).count(),
        faults,
        "every fault is counted as a fault"
    );
    for (_, _, line) in &seen.lines {
        assert!(!line.chars().any(char::is_control) && line.len() <= 4096, "{line:?}");
    }
    assert!(seen.figures.is_empty() && bench.ledger.waiting_jobs().is_empty() && bench.ledger.heard().is_empty());
    // Nothing is left: the pool has all its places (it holds 512 instances), and memory and handles are released.
    bench.runtime.registry().remove("hostile").ok();
    for _ in 0..600 {
        bench.seat("workflow", site(3), "{}");
        let fresh = bench.runtime.registry().workflow("site-3").unwrap();
        fresh.start(&context(), &opportunite(), &actor(), &moment()).await.unwrap();
    }
    let after = footprint();
    assert!(after.0.saturating_sub(before.0) < 96 << 10, "{} KB before, {} KB after", before.0, after.0);
    assert!(after.1 <= before.1 + 2, "{} files open before, {} after", before.1, after.1);
}
