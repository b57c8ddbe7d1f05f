//! The cost of a guarded call compared with bare wasmtime, for the same component in the same run. Prints a table of
//! medians.
//!
//! It measures the CPU time of the calling thread. Nothing here waits. So on an idle machine this is the latency, and
//! on a busy machine it is still the cost.

mod bare;
#[path = "../tests/common/mod.rs"]
mod common;

use afpi_plugins::contract::objectives::{Fact, Grouping, Query};
use afpi_plugins::testing::{MemoryLedger, MemorySecrets};
use afpi_plugins::{Binding, Compiler, Policy, Runtime, RuntimeOptions};
use common::{actor, context, moment, opportunite, packed, site};
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime as Io;

/// The CPU time of this thread, as a measurement for criterion.
struct Cpu;

impl Measurement for Cpu {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
    }

    fn end(&self, start: Duration) -> Duration {
        self.start() - start
    }

    fn add(&self, a: &Duration, b: &Duration) -> Duration {
        *a + *b
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

type Criterion = criterion::Criterion<Cpu>;

fn main() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("criterion");
    let mut criterion = criterion::Criterion::default()
        .with_measurement(Cpu)
        .configure_from_args()
        .output_directory(&folder)
        .sample_size(40)
        .measurement_time(Duration::from_secs(3));
    let io = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    bare_call(&mut criterion);
    guarded_call(&mut criterion, &io);
    decision(&mut criterion, &io);
    bare_fresh_instance(&mut criterion);
    fresh_instance(&mut criterion, &io);
    bare_facts(&mut criterion);
    facts(&mut criterion, &io);
    activation(&mut criterion);
    criterion.final_summary();
    table(&folder);
}

const BARE: &str = "bare wasmtime, 1 KB record";
const GUARDED: &str = "guarded warm call, 1 KB record";
const DECISION: &str = "guarded warm decision, 1 KB record in and out";
const BARE_FRESH: &str = "bare wasmtime, call on a fresh instance";
const FRESH: &str = "guarded call on a fresh instance";
const BARE_FACTS: &str = "bare wasmtime, calculation over 200 facts";
const FACTS: &str = "guarded calculation over 200 facts";
const ACTIVATION: &str = "activation from the cache";

/// Prints the results of criterion as one table of medians.
fn table(folder: &Path) {
    println!("\n{:<52}{:>14}", "", "median (CPU)");
    let median = |name: &str| -> Option<f64> {
        let file = folder.join(name).join("new/estimates.json");
        let found: serde_json::Value = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
        found["median"]["point_estimate"].as_f64()
    };
    for name in [BARE, GUARDED, DECISION, BARE_FRESH, FRESH, BARE_FACTS, FACTS, ACTIVATION] {
        if let Some(nanos) = median(name) {
            println!("{name:<52}{:>11.3} µs", nanos / 1_000.0);
        }
    }
    let added = |bare: &str, ours: &str| Some((median(ours)? - median(bare)?) / 1_000.0);
    for (what, added, share) in [
        ("our guards on a warm call", added(BARE, GUARDED), 1.0),
        ("our guards on a fresh instance", added(BARE_FRESH, FRESH), 1.0),
        ("our guards per fact of a batch", added(BARE_FACTS, FACTS), 200.0),
        ("a fact of a batch, all in all", median(FACTS).map(|nanos| nanos / 1_000.0), 200.0),
    ] {
        if let Some(micros) = added {
            println!("{what:<52}{:>11.3} µs", micros / share);
        }
    }
}

/// The baseline: a typed call with the same record and settings, and nothing else.
fn bare_call(criterion: &mut Criterion) {
    let bare = bare::Bare::new(&packed("workflow"));
    let (mut store, plugin) = bare.workflow();
    let (subject, actor) = (bare::subject(opportunite()), bare::actor(actor()));
    criterion.bench_function(BARE, |bench| {
        bench.iter(|| black_box(plugin.afpi_plugin_workflow().call_editable(&mut store, &subject, &actor).unwrap()))
    });
}

fn bare_fresh_instance(criterion: &mut Criterion) {
    let bare = bare::Bare::new(&packed("workflow"));
    let (subject, actor) = (bare::subject(opportunite()), bare::actor(actor()));
    criterion.bench_function(BARE_FRESH, |bench| {
        bench.iter(|| {
            let (mut store, plugin) = bare.workflow();
            black_box(plugin.afpi_plugin_workflow().call_editable(&mut store, &subject, &actor).unwrap())
        })
    });
}

fn bare_facts(criterion: &mut Criterion) {
    let bare = bare::Bare::new(&packed("objectives"));
    let (mut store, plugin) = bare.objectives();
    let (query, facts) = (bare::query(query()), vec![bare::fact(); 200]);
    criterion.bench_function(BARE_FACTS, |bench| {
        bench.iter(|| {
            let calculation = plugin.afpi_plugin_objectives().calculation();
            let one = calculation.call_constructor(&mut store, &query).unwrap();
            calculation.call_add(&mut store, one, &facts).unwrap();
            let scores = calculation.call_finish(&mut store, one).unwrap();
            one.resource_drop(&mut store).unwrap();
            black_box(scores)
        })
    });
}

fn query() -> Query {
    Query {
        first: "2026-01-01".into(),
        last: "2026-12-31".into(),
        today: "2026-09-21".into(),
        metrics: Vec::new(),
        grouping: Grouping::Total,
        words: Vec::new(),
    }
}

fn runtime(policy: Policy, cache: Option<&Path>, compiler: Compiler) -> Runtime {
    let mut options = RuntimeOptions::new(Arc::new(MemoryLedger::default()), Arc::new(MemorySecrets::default()));
    options.policy = policy;
    options.cache = cache.map(Path::to_owned);
    options.compiler = compiler;
    Runtime::new(options).unwrap()
}

fn seated(policy: Policy, kind: &str) -> Runtime {
    let runtime = runtime(policy, None, Compiler::InProcess);
    let plugin = runtime.load(&packed(kind)).unwrap();
    runtime.registry().put(plugin).unwrap();
    runtime.registry().bind(site(1), kind, Binding::default()).unwrap();
    runtime
}

fn guarded_call(criterion: &mut Criterion, io: &Io) {
    let runtime = seated(Policy::default(), "workflow");
    let (context, subject, actor) = (context(), opportunite(), actor());
    criterion.bench_function(GUARDED, |bench| {
        bench.to_async(io).iter(|| async {
            // Every request looks up the plugin in the registry.
            let workflow = runtime.registry().workflow("site-1").unwrap();
            black_box(workflow.editable(&context, &subject, &actor).await.unwrap())
        })
    });
}

fn decision(criterion: &mut Criterion, io: &Io) {
    let runtime = seated(Policy::default(), "workflow");
    let workflow = runtime.registry().workflow("site-1").unwrap();
    let (context, subject, actor, moment) = (context(), opportunite(), actor(), moment());
    criterion.bench_function(DECISION, |bench| {
        bench.to_async(io).iter(|| async {
            black_box(workflow.decide(&context, &subject, "go", "{}", &actor, &moment).await.unwrap())
        })
    });
}

fn fresh_instance(criterion: &mut Criterion, io: &Io) {
    let runtime = seated(Policy { warm_calls: 1, ..Policy::default() }, "workflow");
    let workflow = runtime.registry().workflow("site-1").unwrap();
    let (context, subject, actor) = (context(), opportunite(), actor());
    criterion.bench_function(FRESH, |bench| {
        bench.to_async(io).iter(|| async { black_box(workflow.editable(&context, &subject, &actor).await.unwrap()) })
    });
}

fn facts(criterion: &mut Criterion, io: &Io) {
    let runtime = seated(Policy::default(), "objectives");
    let objectives = runtime.registry().objectives("site-1").remove(0);
    let fact = Fact { kind: 0, key: 1, user: 2, site: 3, subject: 4, start: 5, end: 6, amount: 7, weight: 8 };
    let facts = vec![fact; 200];
    let query = query();
    let context = context();
    criterion.bench_function(FACTS, |bench| {
        bench.to_async(io).iter(|| async { black_box(objectives.calculate(&context, &query, [&facts]).await.unwrap()) })
    });
}

/// From the bytes of the file to a plugin that can be seated, with cached code.
fn activation(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let file = packed("workflow");
    runtime(Policy::default(), Some(folder.path()), Compiler::InProcess).load(&file).unwrap();
    let nothing = Compiler::Child { exe: "/bin/false".into(), args: Vec::new() };
    let again = runtime(Policy::default(), Some(folder.path()), nothing);
    criterion.bench_function(ACTIVATION, |bench| bench.iter(|| black_box(again.load(&file).unwrap())));
}
