//! The whole runtime: calls per second, the start with many plugins, the time to stop a loop, the cost of a compile
//! bomb, and the memory of a thousand seats. Prints a table. Each part runs in a separate process, so that the memory
//! of one part does not affect another. Times are CPU times of the working threads. On an idle machine they equal the
//! wall time, and on a busy machine they are still the cost.

#[path = "../tests/common/mod.rs"]
mod common;

use afpi_plugins::testing::{MemoryLedger, MemorySecrets};
use afpi_plugins::{Binding, COMPILE_SUBCOMMAND, Compiler, Plugin, Policy, Quarantine, Runtime, RuntimeOptions};
use common::{actor, context, dummy_wat, guest, opportunite, pack_wat, packed, site, toml};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::Duration;

const PLUGINS: usize = 200;
/// The name of a part, and its function. The function gets the folder with compiled code.
type Part = (&'static str, fn(&Path));
const PARTS: [Part; 5] =
    [("throughput", throughput), ("start", start), ("loop", loop_death), ("bomb", bomb), ("seats", seats)];

fn main() -> ExitCode {
    let argument = std::env::args().nth(1).unwrap_or_default();
    if argument == COMPILE_SUBCOMMAND {
        return afpi_plugins::compile_child_main();
    }
    if let Some((_, part)) = PARTS.iter().find(|(name, _)| *name == argument) {
        part(Path::new(&std::env::args().nth(2).expect("the folder of compiled code follows")));
        return ExitCode::SUCCESS;
    }
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path());
    let done = PARTS.iter().all(|(name, _)| {
        let part = Command::new(std::env::current_exe().unwrap()).arg(name).arg(folder.path()).status();
        part.is_ok_and(|status| status.success())
    });
    if done { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn row(what: &str, figure: impl std::fmt::Display) {
    println!("{what:<66}{figure:>16}");
}

fn runtime(cache: &Path, policy: Policy) -> Runtime {
    let mut options = RuntimeOptions::new(Arc::new(MemoryLedger::default()), Arc::new(MemorySecrets::default()));
    options.compiler = Compiler::this_exe().unwrap();
    options.cache = Some(cache.to_owned());
    options.policy = policy;
    Runtime::new(options).unwrap()
}

/// The CPU time of this thread.
fn cpu() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

fn io() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// The files of this many plugins. The same code under another name counts as different code for the host.
fn files(core: &[u8], count: usize) -> Vec<Vec<u8>> {
    let file = |n| afpi_plugin_tool::pack(core, &toml(&format!("plugin-{n}"), "workflow", "1.0.0", "")).unwrap();
    (0..count).map(file).collect()
}

/// Compiles each of them once and stores the files beside the compiled code.
fn fill(folder: &Path) {
    let core = guest("workflow");
    std::fs::write(folder.join("core.wasm"), &core).unwrap();
    std::fs::write(folder.join("workflow.wasm"), packed("workflow")).unwrap();
    let mut options = RuntimeOptions::new(Arc::new(MemoryLedger::default()), Arc::new(MemorySecrets::default()));
    options.cache = Some(folder.join("cache"));
    let runtime = Runtime::new(options).unwrap();
    for file in files(&core, PLUGINS) {
        runtime.load(&file).unwrap();
    }
    runtime.load(&packed("workflow")).unwrap();
}

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn seated(folder: &Path, policy: Policy, config: &str) -> Runtime {
    let runtime = runtime(&folder.join("cache"), policy);
    let plugin = runtime.load(&std::fs::read(folder.join("workflow.wasm")).unwrap()).unwrap();
    runtime.registry().put(plugin).unwrap();
    for number in 1..3 {
        let binding = Binding { config: config.into(), ..Binding::default() };
        runtime.registry().bind(site(number), "workflow", binding).unwrap();
    }
    runtime
}

/// Two threads, each with its own site, make calls as fast as they can with a record of 1 KB.
fn throughput(folder: &Path) {
    let runtime = seated(folder, Policy { pure_parallel: 2, ..Policy::default() }, "{}");
    let time = Duration::from_secs(2);
    let calls: f64 = std::thread::scope(|scope| {
        let threads = [1, 2].map(|number| {
            let runtime = &runtime;
            scope.spawn(move || {
                io().block_on(async {
                    let (context, subject, actor) = (context(), opportunite(), actor());
                    let (began, mut calls) = (cpu(), 0u64);
                    while cpu() - began < time {
                        for _ in 0..256 {
                            let workflow = runtime.registry().workflow(&format!("site-{number}")).unwrap();
                            workflow.editable(&context, &subject, &actor).await.unwrap();
                        }
                        calls += 256;
                    }
                    calls as f64 / (cpu() - began).as_secs_f64()
                })
            })
        });
        threads.map(|thread| thread.join().unwrap()).iter().sum()
    });
    row("record calls a second on two threads", format!("{:.2} M", calls / 1e6));
}

/// Loads all plugins from the cache, installs them and seats them on one site.
fn start(folder: &Path) {
    let files = files(&std::fs::read(folder.join("core.wasm")).unwrap(), PLUGINS);
    let began = cpu();
    let runtime = runtime(&folder.join("cache"), Policy::default());
    for file in &files {
        let plugin = runtime.load(file).unwrap();
        let id = plugin.id().to_owned();
        runtime.registry().put(plugin).unwrap();
        runtime.registry().bind(site(1), &id, Binding::default()).unwrap();
    }
    row("start with 200 installed plugins, compiled before", format!("{:.1} ms", (cpu() - began).as_secs_f64() * 1e3));
}

/// The time between a loop's deadline and its end.
fn loop_death(folder: &Path) {
    let policy = Policy::default();
    let deadline = policy.pure_call;
    let quarantine = Quarantine { faults: u32::MAX, ..policy.quarantine.clone() };
    let runtime = seated(folder, Policy { quarantine, ..policy }, r#"{"mode":"loop"}"#);
    let workflow = runtime.registry().workflow("site-1").unwrap();
    let mut late: Vec<f64> = (0..40)
        .map(|_| {
            let began = cpu();
            io().block_on(workflow.definition(&context())).unwrap_err();
            ((cpu() - began).as_secs_f64() - deadline.as_secs_f64()) * 1e3
        })
        .collect();
    late.sort_by(f64::total_cmp);
    row("a loop is dead after its deadline: median", format!("{:.1} ms", late[late.len() / 2]));
    row("a loop is dead after its deadline: worst of 40", format!("{:.1} ms", late[late.len() - 1]));
}

/// 2 000 locals over 4 000 loops. A compiler without limits needs 107 s and 8.7 GB.
fn bomb(folder: &Path) {
    let wat = dummy_wat("workflow");
    let body = format!("(func {} {} {})", "(local i64)".repeat(2_000), "(loop ".repeat(4_000), ")".repeat(4_000));
    let file = pack_wat("workflow", &format!("{}{body})", &wat[..wat.rfind(')').unwrap()])).unwrap();
    let runtime = runtime(&folder.join("cache"), Policy::default());
    let (before, began) = (resident(), cpu());
    let refused = runtime.load(&file).unwrap_err();
    row("a compile bomb is refused after", format!("{:.2} ms", (cpu() - began).as_secs_f64() * 1e3));
    row("  and has taken", format!("{} KB", resident().saturating_sub(before)));
    assert!(refused.to_string().contains("too complex"), "{refused}");
}

/// 50 plugins on 20 sites each. A hundred of the thousand seats are called.
fn seats(folder: &Path) {
    let files = files(&std::fs::read(folder.join("core.wasm")).unwrap(), 50);
    let before = resident();
    let runtime = runtime(&folder.join("cache"), Policy::default());
    let plugins: Vec<Arc<Plugin>> = files.iter().map(|file| runtime.load(file).unwrap()).collect();
    for (at, plugin) in plugins.iter().enumerate() {
        runtime.registry().put(plugin.clone()).unwrap();
        for number in 0..20 {
            // Each pair has a separate site, so that it can be found by name.
            let place = afpi_plugins::Site::new(format!("site-{at}-{number}"), format!("AFPI-{number:02}"));
            runtime.registry().bind(place, plugin.id(), Binding::default()).unwrap();
        }
    }
    for at in 0..50 {
        for number in 0..2 {
            let workflow = runtime.registry().workflow(&format!("site-{at}-{number}")).unwrap();
            io().block_on(workflow.editable(&context(), &opportunite(), &actor())).unwrap();
        }
    }
    let warm: usize = runtime.registry().seats().iter().map(|seat| seat.idle_instances).sum();
    assert_eq!((runtime.registry().seats().len(), warm), (1_000, 100));
    row("resident memory, 1 000 seats of which 100 warm", format!("{:.1} MB", resident() as f64 / 1024.0));
    row("  of which theirs", format!("{:.1} MB", (resident() - before) as f64 / 1024.0));
}
