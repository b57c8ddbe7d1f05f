//! Compiling in a child process, and the cache of compiled code. The file has its own `main`, because it is also that
//! child process.

mod common;

use afpi_plugins::testing::{MemoryLedger, MemorySecrets};
use afpi_plugins::{Binding, COMPILE_SUBCOMMAND, Compiler, Effort, LoadError, Policy, Runtime, RuntimeOptions};
use common::{actor, context, dummy_wat, opportunite, pack_wat, packed, site};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(COMPILE_SUBCOMMAND) {
        return afpi_plugins::compile_child_main();
    }
    let tests: [(&str, fn()); 8] = [
        ("a_runtime_with_fourteen_seats_stays_small", stays_small),
        ("a_plugin_is_compiled_once_and_then_comes_from_the_cache", compiled_once),
        ("code_that_nobody_uses_any_more_is_thrown_away", unused),
        ("altered_and_foreign_files_in_the_cache_are_not_loaded", altered),
        ("an_edit_compiles_what_it_changed", edit),
        ("a_compiler_that_dies_or_lies_is_an_error", broken_compiler),
        ("a_bomb_past_the_budget_meets_the_limits_of_the_child", bomb),
        ("what_the_budget_lets_pass_the_child_compiles", edges),
    ];
    // `cargo test NAME` runs only the named tests.
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    for (name, test) in tests.iter().filter(|(name, _)| name.contains(&wanted)) {
        println!("test {name} ...");
        test();
        println!("test {name} ... ok");
    }
    ExitCode::SUCCESS
}

fn runtime(compiler: Compiler, cache: &Path, policy: Policy) -> Runtime {
    let mut options = RuntimeOptions::new(Arc::new(MemoryLedger::default()), Arc::new(MemorySecrets::default()));
    options.compiler = compiler;
    options.cache = Some(cache.to_owned());
    options.policy = policy;
    Runtime::new(options).unwrap()
}

/// A compiler that always fails. With it, all code must come from the cache.
fn none() -> Compiler {
    Compiler::Child { exe: "/bin/false".into(), args: Vec::new() }
}

fn artefacts(folder: &Path) -> Vec<PathBuf> {
    with_extension(folder, "cwasm")
}

fn with_extension(folder: &Path, wanted: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == wanted)).collect()
}

/// The resident memory of this process, in kilobytes.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// The pool reserves address space for hundreds of instances, but only running instances use memory. This test runs
/// first, so that no other test has used memory of the process. The compiler is a child process.
fn stays_small() {
    let folder = tempfile::tempdir().unwrap();
    let files = [packed("workflow"), packed("objectives")];
    let before = resident();
    let runtime = runtime(Compiler::this_exe().unwrap(), folder.path(), Policy::default());
    let io = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for file in &files {
        let plugin = runtime.load(file).unwrap();
        runtime.registry().put(plugin.clone()).unwrap();
        for number in 0..14 {
            runtime.registry().bind(site(number), plugin.id(), Binding::default()).unwrap();
        }
    }
    for number in 0..14 {
        let workflow = runtime.registry().workflow(&format!("site-{number}")).unwrap();
        io.block_on(workflow.editable(&context(), &opportunite(), &actor())).unwrap();
        let objectives = runtime.registry().objectives(&format!("site-{number}")).remove(0);
        io.block_on(objectives.metrics(&context())).unwrap();
    }
    let grown = resident() - before;
    println!("  28 seats, 28 warm instances: {grown} KB more");
    assert!(grown < 16 << 10, "{grown} KB");
}

fn compiled_once() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("compiled");
    let first = runtime(Compiler::this_exe().unwrap(), &cache, Policy::default()).load(&packed("workflow")).unwrap();
    assert_eq!(artefacts(&cache).len(), 1);
    let began = Instant::now();
    let again = runtime(none(), &cache, Policy::default()).load(&packed("workflow")).unwrap();
    println!("  from the cache, runtime start included: {:?}", began.elapsed());
    assert_eq!(again.sha256(), first.sha256());
    assert!(
        runtime(none(), &cache, Policy::default()).load(&packed("objectives")).is_err(),
        "another file has another name"
    );
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(fs::metadata(&cache).unwrap().permissions().mode() & 0o777, 0o700);
    for file in fs::read_dir(&cache).unwrap() {
        assert_eq!(file.unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}

fn unused() {
    let folder = tempfile::tempdir().unwrap();
    let days = |days: u64| std::time::SystemTime::now() - Duration::from_secs(days * 86_400);
    let aged = |path: &Path, days: std::time::SystemTime| {
        fs::File::options().write(true).open(path).unwrap().set_modified(days).unwrap()
    };
    runtime(Compiler::this_exe().unwrap(), folder.path(), Policy::default()).load(&packed("workflow")).unwrap();
    let kept = artefacts(folder.path()).remove(0);
    let (gone, foreign) = (folder.path().join("00.cwasm"), folder.path().join("notes.txt"));
    for path in [&gone, &foreign] {
        fs::write(path, "old").unwrap();
        aged(path, days(100));
    }
    aged(&kept, days(80));
    // The next start deletes old code. It reads the other code, which then counts as new again.
    runtime(none(), folder.path(), Policy::default()).load(&packed("workflow")).unwrap();
    assert!(!gone.exists() && foreign.exists());
    assert!(fs::metadata(&kept).unwrap().modified().unwrap() > days(1));
}

fn altered() {
    let folder = tempfile::tempdir().unwrap();
    let plugin = packed("workflow");
    runtime(Compiler::this_exe().unwrap(), folder.path(), Policy::default()).load(&plugin).unwrap();
    let artefact = artefacts(folder.path()).remove(0);
    let good = fs::read(&artefact).unwrap();
    for at in [0, 31, 32, 40, good.len() / 2, good.len() - 1] {
        let mut bent = good.clone();
        bent[at] ^= 1;
        fs::write(&artefact, &bent).unwrap();
        let refused = runtime(none(), folder.path(), Policy::default()).load(&plugin);
        assert!(matches!(refused, Err(LoadError::Compile(_))), "byte {at}");
    }
    fs::write(&artefact, &good[..20]).unwrap();
    assert!(runtime(none(), folder.path(), Policy::default()).load(&plugin).is_err());
    fs::write(&artefact, &good).unwrap();
    assert!(runtime(none(), folder.path(), Policy::default()).load(&plugin).is_ok());
    // Code that was sealed with another host's key is not accepted.
    fs::remove_file(folder.path().join("key")).unwrap();
    assert!(runtime(none(), folder.path(), Policy::default()).load(&plugin).is_err());
    // Compiling again repairs the cache.
    assert!(runtime(Compiler::this_exe().unwrap(), folder.path(), Policy::default()).load(&plugin).is_ok());
}

/// The machine code in a file of functions. After the seal, the file contains keys and codes in turn, each after its
/// length. From one compilation to the next, Cranelift may use more than one key for the same code, so the test
/// compares the codes.
fn codes(file: &[u8]) -> BTreeSet<Vec<u8>> {
    let (mut rest, mut parts) = (&file[32..], Vec::new());
    while let Some((length, behind)) = rest.split_first_chunk::<8>() {
        let (part, next) = behind.split_at(usize::try_from(u64::from_le_bytes(*length)).unwrap());
        parts.push(part.to_vec());
        rest = next;
    }
    assert!(rest.is_empty() && parts.len() % 2 == 0);
    parts.into_iter().skip(1).step_by(2).collect()
}

/// An author's quick compilation reuses functions that were compiled earlier for this plugin. The cache finds them by
/// the plugin's id and checks their seal.
fn edit() {
    let folder = tempfile::tempdir().unwrap();
    let wat = dummy_wat("workflow");
    let with = |more: &str| pack_wat("workflow", &format!("{}{more})", &wat[..wat.rfind(')').unwrap()])).unwrap();
    let quickly = |compiler: Compiler, file: &[u8]| {
        runtime(compiler, folder.path(), Policy::default()).load_with(file, Effort::Quick).map(drop)
    };
    let this = || Compiler::this_exe().unwrap();
    quickly(this(), &with("")).unwrap();
    let kept = with_extension(folder.path(), "functions").remove(0);
    let first = fs::read(&kept).unwrap();
    quickly(this(), &with(r#"(data "other words")"#)).unwrap();
    let again = fs::read(&kept).unwrap();
    assert_eq!(codes(&again), codes(&first), "only data has changed, so no code is new");
    quickly(this(), &with("(func (param i32) (result i32) (i32.mul (local.get 0) (local.get 0)))")).unwrap();
    let second = fs::read(&kept).unwrap();
    assert_eq!(codes(&second).difference(&codes(&first)).count(), 1, "one function is new");
    assert!(codes(&first).is_subset(&codes(&second)), "the other functions are the same");

    // A compiler that reports how many bytes of functions it received.
    let asked = |file: &[u8], effort: Effort| {
        let script = "echo \"given:$(head -c 8 | od -An -tu8)\" | tr -d ' ' >&2; exit 1";
        let compiler = Compiler::Child { exe: "/bin/sh".into(), args: vec!["-c".into(), script.into()] };
        let fate = runtime(compiler, folder.path(), Policy::default()).load_with(file, effort);
        let Err(LoadError::Compile(why)) = fate else { panic!("{fate:?}") };
        let (_, number) = why.split_once("given:").unwrap_or_else(|| panic!("{why}"));
        number.trim().parse::<usize>().unwrap()
    };
    let next = with(r#"(data "third")"#);
    assert_eq!(asked(&next, Effort::Quick), second.len() - 32, "all but the seal");
    assert_eq!(asked(&next, Effort::Full), 0, "a full compilation reuses no functions");
    assert_eq!(asked(&packed("workflow"), Effort::Quick), 0, "a plugin does not get the functions of another plugin");
    let mut bent = second.clone();
    bent[40] ^= 1;
    fs::write(&kept, &bent).unwrap();
    assert_eq!(asked(&next, Effort::Quick), 0, "the file was changed on disk");
    // A seal belongs to one name, so the compiled code of a file is not accepted as functions of a plugin.
    fs::copy(artefacts(folder.path()).remove(0), &kept).unwrap();
    assert_eq!(asked(&next, Effort::Quick), 0, "the file was moved from another place");
    quickly(this(), &next).unwrap();
    assert_ne!(asked(&with(r#"(data "fourth")"#), Effort::Quick), 0, "a new compilation repairs the file");
}

fn broken_compiler() {
    let folder = tempfile::tempdir().unwrap();
    let says = |script: &str| Compiler::Child { exe: "/bin/sh".into(), args: vec!["-c".into(), script.into()] };
    let cases = [
        (none(), "exit status: 1"),
        (says("echo 'no memory left' >&2; exit 3"), "no memory left"),
        (says("cat >/dev/null; echo not code"), ""),
        (says("kill -KILL $$"), "memory or time ran out"),
        (Compiler::Child { exe: "/nonexistent".into(), args: Vec::new() }, "did not start"),
    ];
    for (compiler, expected) in cases {
        match runtime(compiler, folder.path(), Policy::default()).load(&packed("workflow")) {
            Err(LoadError::Compile(why)) => assert!(why.contains(expected), "{why}"),
            other => panic!("{other:?}"),
        }
    }
}

/// Without the complexity budget the bomb reaches the compiler. The child's limits stop it, and this process survives.
fn bomb() {
    let mut policy = Policy::default();
    policy.complexity.loop_depth = usize::MAX;
    policy.complexity.function_weight = u64::MAX;
    policy.complexity.total_weight = u64::MAX;
    let wat = dummy_wat("workflow");
    let bomb = format!(
        "{}(func {} {} {}))",
        &wat[..wat.rfind(')').unwrap()],
        "(local i64)".repeat(20_000),
        "(loop ".repeat(6_000),
        (0..6_000)
            .map(|n| format!(
                "(local.set {n} (i64.add (local.get {n}) (local.get {})))(br_if 0 (i32.wrap_i64 (local.get {n}))))",
                n + 1
            ))
            .collect::<String>(),
    );
    let file = pack_wat("workflow", &bomb).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let began = Instant::now();
    let fate = runtime(Compiler::this_exe().unwrap(), folder.path(), policy).load(&file);
    println!("  {:?} after {:?}", fate.as_ref().err().map(ToString::to_string), began.elapsed());
    assert!(began.elapsed() < Duration::from_secs(95));
    assert!(matches!(fate, Err(LoadError::Compile(_))), "{fate:?}");
    let refused = runtime(Compiler::this_exe().unwrap(), folder.path(), Policy::default()).load(&file);
    assert!(matches!(refused, Err(LoadError::TooComplex(_))), "{refused:?}");
}

/// Modules at the limit of the budget: few locals in many loops, and many locals in few loops. The budget limits the
/// compile time. The child's limits are for cases that the budget misses.
fn edges() {
    let wat = dummy_wat("workflow");
    let budget = Policy::default().complexity;
    let folder = tempfile::tempdir().unwrap();
    for loops in [90, 500, 1_500] {
        let locals = budget.function_weight / (loops + 1) - 8;
        let step = |n: u64| {
            let (this, next) = (n % (locals - 1), n % (locals - 1) + 1);
            format!(
                "(loop (local.set {this} (i64.add (local.get {this}) (local.get {next}))) (br_if 0 (i32.wrap_i64 (local.get {this}))))"
            )
        };
        let function =
            format!("(func {} {})", "(local i64)".repeat(locals as usize), (0..loops).map(step).collect::<String>());
        let functions = function.repeat((budget.total_weight / budget.function_weight) as usize);
        let file = pack_wat("workflow", &format!("{}{functions})", &wat[..wat.rfind(')').unwrap()])).unwrap();
        let began = Instant::now();
        let fate = runtime(Compiler::this_exe().unwrap(), folder.path(), Policy::default()).load(&file);
        println!(
            "  {loops} loops, {locals} locals: {:?} after {:?}",
            fate.as_ref().err().map(ToString::to_string),
            began.elapsed()
        );
        assert!(fate.is_ok(), "{loops} loops: {:?}", fate.err());
    }
}
