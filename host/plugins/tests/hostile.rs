//! Malicious plugins: each one ends with a clean, counted error, and the next call works.

mod common;

use afpi_plugins::contract::notifier::Event;
use afpi_plugins::{LoadError, Outcome, PluginFailure, Policy, Quarantine, Site};
use common::{Bench, actor, context, dummy_wat, moment, opportunite, pack_wat, packed, site};
use std::time::{Duration, Instant};

/// A policy without quarantine, so that the cases do not affect one another.
fn patient() -> Policy {
    let quarantine = Quarantine { faults: u32::MAX, ..Policy::default().quarantine };
    Policy { quarantine, ..Policy::default() }
}

#[tokio::test]
async fn every_way_to_misbehave_in_a_call_ends_as_its_own_error() {
    let bench = Bench::with(patient());
    bench.seat("workflow", site(2), "{}");
    let neighbour = bench.runtime.registry().workflow("site-2").unwrap();
    let cases = [
        ("loop", Outcome::Timeout),
        ("trap", Outcome::Trap),
        ("memory", Outcome::Memory),
        ("recursion", Outcome::Trap),
        ("host-flood", Outcome::HostBudget),
        ("huge", Outcome::HostBudget),
        ("fill", Outcome::Timeout),
    ];
    for (mode, expected) in cases {
        bench.seat("workflow", site(1), &format!(r#"{{"mode":"{mode}"}}"#));
        let workflow = bench.runtime.registry().workflow("site-1").unwrap();
        for _ in 0..2 {
            let failure = workflow.definition(&context()).await.expect_err(mode);
            assert_eq!(failure.outcome(), expected, "{mode}: {failure}");
            assert!(failure.to_string().len() < 500, "{failure}");
        }
        // The same plugin on the same site still answers harmless calls, and other plugins do too.
        assert_eq!(workflow.editable(&context(), &opportunite(), &actor()).await.unwrap().len(), 2);
        neighbour.start(&context(), &opportunite(), &actor(), &moment()).await.unwrap();
    }
    let recursion = bench.recorder.seen();
    assert_eq!(recursion.calls.iter().filter(|(_, _, outcome)| *outcome == Outcome::Timeout).count(), 4);
    let health = bench.runtime.registry().health("site-1", "workflow").unwrap().health;
    assert_eq!((health.errors, health.faults), (14, 14));
    assert!(health.last_error.unwrap().1.contains("longer than 50ms"));
}

#[tokio::test]
async fn a_log_flood_is_cut_and_nothing_in_it_forges_a_line() {
    let bench = Bench::new();
    bench.seat("workflow", site(1), r#"{"mode":"log-flood"}"#);
    let workflow = bench.runtime.registry().workflow("site-1").unwrap();
    workflow.definition(&context()).await.unwrap();
    let seen = bench.recorder.seen();
    let burst = Policy::default().log_burst as usize;
    assert!((burst..burst + 20).contains(&seen.lines.len()), "{}", seen.lines.len());
    assert_eq!(seen.lines.len() + seen.lines_dropped, 1_500);
    assert_eq!(seen.lines[0].2, r"line 0\nforged");
    assert_eq!(seen.lines[0].0, "call-1");
}

#[tokio::test]
async fn repeated_faults_quarantine_the_plugin_on_that_site_only() {
    let mut policy = Policy::default();
    policy.quarantine = Quarantine { faults: 3, first: Duration::from_millis(200), ..policy.quarantine };
    let bench = Bench::with(policy);
    bench.seat("workflow", site(1), r#"{"mode":"trap"}"#);
    bench.seat("workflow", site(2), "{}");
    let registry = bench.runtime.registry();
    let workflow = registry.workflow("site-1").unwrap();
    for _ in 0..3 {
        assert_eq!(workflow.definition(&context()).await.unwrap_err().outcome(), Outcome::Trap);
    }
    let failure = workflow.definition(&context()).await.unwrap_err();
    assert!(matches!(failure, PluginFailure::Quarantined(rest) if rest <= Duration::from_millis(200)));
    assert!(registry.health("site-1", "workflow").unwrap().health.quarantined.is_some());
    assert!(registry.workflow("site-2").unwrap().definition(&context()).await.is_ok());
    assert_eq!(bench.recorder.seen().quarantined, [Duration::from_millis(200)]);
    tokio::time::sleep(Duration::from_millis(220)).await;
    workflow.editable(&context(), &opportunite(), &actor()).await.unwrap();
    for _ in 0..3 {
        let outcome = workflow.definition(&context()).await.unwrap_err().outcome();
        assert_eq!(
            outcome,
            Outcome::Trap,
            "a successful call resets the count, so a quarantine needs three faults again"
        );
    }
    assert!(matches!(workflow.definition(&context()).await, Err(PluginFailure::Quarantined(_))));
    bench.seat("workflow", site(1), "{}");
    registry.workflow("site-1").unwrap().definition(&context()).await.expect("new settings end a quarantine");
}

/// The guest chooses function names and error texts. None of them may be long, forge a log line or flood the log.
#[tokio::test]
async fn words_of_a_failing_plugin_are_tamed_and_told_now_and_then() {
    use afpi_plugins::contract::hook;
    let quarantine = Quarantine { faults: 1, first: Duration::from_secs(3_600), ..Policy::default().quarantine };
    let bench = Bench::with(Policy { quarantine, ..Policy::default() });
    let name = format!("\\0aERROR forged\\1b[31m{}", "x".repeat(5_000));
    let trapped = fate(&bench, &with(&format!("(func $\"{name}\" unreachable) (start $\"{name}\")"))).await;
    assert!(trapped.contains(r"\nERROR forged\u{1b}[31mxxx") && trapped.ends_with('…'), "{trapped}");
    assert!(trapped.len() < 500 && !trapped.contains(char::is_control), "{trapped}");
    let workflow = bench.runtime.registry().workflow("site-1").unwrap();
    for _ in 0..100 {
        assert_eq!(workflow.definition(&context()).await.unwrap_err().outcome(), Outcome::Quarantined);
    }
    bench.seat("hook", site(2), "{}");
    let hook = bench.runtime.registry().hooks("site-2").remove(0);
    let away = hook::Event {
        name: "x away".into(),
        at: 0,
        site: String::new(),
        actor: None,
        subject: hook::Subject::None,
        data: "{}".into(),
    };
    for _ in 0..100 {
        assert_eq!(hook.after(&context(), &away).await.unwrap_err().outcome(), Outcome::Error);
    }
    let seen = bench.recorder.seen();
    assert_eq!(seen.calls.len(), 201, "every call is counted");
    let burst = 2 * Policy::default().failure_burst as usize;
    assert!((burst..burst + 100).contains(&seen.failed.len()), "{} failures were reported", seen.failed.len());
    assert!(seen.failed.iter().any(|cause| cause.contains(r"away\nERROR forged")));
    for cause in &seen.failed {
        assert!(cause.len() < 500 && !cause.contains(char::is_control), "{cause}");
    }
    assert_eq!(bench.runtime.registry().health("site-1", "hostile").unwrap().health.last_error.unwrap().1, trapped);
}

fn event(name: &str) -> Event {
    Event { name: name.into(), at: 0, site: String::new(), actor: None, subject: None, data: "{}".into() }
}

#[tokio::test]
async fn a_spinning_notifier_uses_up_its_cpu_and_lets_others_run() {
    let bench = Bench::with(Policy { waiting_cpu: Duration::from_millis(150), ..patient() });
    bench.seat("notifier", site(1), "{}");
    let notifier = bench.runtime.registry().notifiers("site-1").remove(0);
    // The test has one thread. If the guest did not yield, the other task could not run.
    let ticks = tokio::spawn(async {
        let mut ticks = 0;
        loop {
            tokio::time::sleep(Duration::from_millis(5)).await;
            ticks += 1;
            if ticks == 4 {
                return Instant::now();
            }
        }
    });
    let failure = notifier.notify(&context(), &event("spin")).await.unwrap_err();
    let stopped = Instant::now();
    assert!(matches!(failure, PluginFailure::Timeout(_)), "{failure}");
    assert!(ticks.await.unwrap() < stopped, "other tasks ran while the guest was spinning");
    assert!(notifier.notify(&context(), &event("clock")).await.is_ok());
}

#[tokio::test]
async fn a_cancelled_call_takes_its_instance_with_it() {
    let bench = Bench::with(patient());
    bench.seat("connector", Site::network(), "{}");
    let connector = bench.runtime.registry().connector("connector").unwrap();
    let mut pass = connector.open(&context(), &["spin".into()]).await.unwrap();
    pass.next(1).await.unwrap();
    let cancelled = tokio::time::timeout(Duration::from_millis(50), pass.next(1)).await;
    assert!(cancelled.is_err());
    assert!(matches!(pass.next(1).await, Err(PluginFailure::Ended)));
    assert!(
        bench
            .recorder
            .seen()
            .calls
            .iter()
            .any(|(function, _, outcome)| { (*function, *outcome) == ("pass.next", Outcome::Cancelled) })
    );
    assert_eq!(connector.open(&context(), &[]).await.unwrap().next(2).await.unwrap().done, 2);
}

/// Loads a hostile component and calls it. Returns the error.
async fn fate(bench: &Bench, wat: &str) -> String {
    let file = match pack_wat("workflow", wat) {
        Ok(file) => file,
        Err(error) => return format!("not packed: {error}"),
    };
    let plugin = match bench.runtime.load(&file) {
        Ok(plugin) => plugin,
        Err(error) => return format!("not loaded: {error}"),
    };
    bench.runtime.registry().put(plugin.clone()).unwrap();
    bench.bind(&plugin, site(1), "{}", afpi_plugins::Grants::none());
    let workflow = bench.runtime.registry().workflow("site-1").unwrap();
    workflow.editable(&context(), &opportunite(), &actor()).await.expect_err("it has no good answer").to_string()
}

/// Adds text to the dummy module, before its last parenthesis.
fn with(more: &str) -> String {
    let wat = dummy_wat("workflow");
    format!("{}{more})", &wat[..wat.rfind(')').unwrap()])
}

#[tokio::test]
async fn hostile_modules_are_refused_or_stopped() {
    let bench = Bench::with(patient());
    let plain = dummy_wat("workflow");
    let many = |count: usize, item: &str| with(&item.repeat(count));
    let cases: Vec<(&str, String, &str)> = vec![
        ("all exports trap", plain.clone(), "the plugin trapped"),
        ("loop at start", with("(func $s (loop br 0)) (start $s)"), "ran longer than 50ms"),
        ("trap at start", with("(func $s unreachable) (start $s)"), "wasm `unreachable` instruction executed in s"),
        ("recursion at start", with("(func $s call $s) (start $s)"), "call stack exhausted"),
        (
            "table bomb at start",
            with(
                "(table $t 1 funcref) (func $s (loop (br_if 0 (i32.ge_s (table.grow $t (ref.null func) (i32.const 5000)) (i32.const 0)))) unreachable) (start $s)",
            ),
            "trapped",
        ),
        ("huge declared table", with("(table 3000000000 funcref)"), "not loaded"),
        ("many tables", many(200, "(table 1 funcref)"), "not "),
        ("second memory", with("(memory 1)"), "not "),
        ("64-bit memory", with("(memory i64 1)"), "not "),
        ("shared memory", with("(memory 1 1 shared)"), "not "),
        ("huge function", with(&format!("(func {})", "nop ".repeat(600_000))), "too complex"),
        ("many functions", many(50_000, "(func)"), "too complex"),
        (
            "compile bomb",
            with(&format!("(func {} {} {})", "(local i32)".repeat(2_000), "(loop ".repeat(900), ")".repeat(900))),
            "too complex",
        ),
        ("tail call", with("(func $t return_call $t)"), "not "),
        ("exceptions", with("(tag)"), "not "),
        ("too many locals", with(&format!("(func {})", "(local i32)".repeat(60_000))), "not "),
    ];
    for (name, wat, expected) in cases {
        let fate = fate(&bench, &wat).await;
        assert!(fate.contains(expected), "{name}: {}", &fate[..fate.len().min(300)]);
    }
    bench.seat("workflow", site(3), "{}");
    assert!(bench.runtime.registry().workflow("site-3").unwrap().definition(&context()).await.is_ok());
}

#[tokio::test]
async fn a_declared_memory_beyond_the_limit_is_refused_at_instantiation() {
    let bench = Bench::with(patient());
    let wat = dummy_wat("workflow");
    let bomb = wat.replace("(memory (;0;) 0)", "(memory (;0;) 2000)");
    assert_ne!(wat, bomb);
    let fate = fate(&bench, &bomb).await;
    assert!(fate.contains("64 MiB"), "{fate}");
}

#[tokio::test]
async fn malformed_files_are_errors_not_panics() {
    let bench = Bench::new();
    let good = packed("workflow");
    assert!(matches!(bench.runtime.load(b""), Err(LoadError::Manifest(_))));
    assert!(matches!(bench.runtime.load(b"PK\x03\x04 a zip"), Err(LoadError::Manifest(_))));
    assert!(matches!(bench.runtime.load(&vec![0; 17 << 20]), Err(LoadError::TooLarge { .. })));
    let step = good.len() / 97;
    for cut in (0..good.len()).step_by(step) {
        assert!(bench.runtime.load(&good[..cut]).is_err(), "cut at {cut}");
    }
    // Flips bytes all over the file. Some of them only change data, so the file loads. The others are refused with a
    // reason.
    let (mut refused, flips) = (0, 29);
    for at in (8..good.len()).step_by(good.len() / flips) {
        let mut bent = good.clone();
        bent[at] ^= 0x55;
        refused += usize::from(bench.runtime.load(&bent).is_err());
    }
    assert!(refused > flips / 4, "only {refused} bent files were noticed");
}

#[tokio::test]
async fn wrong_shapes_are_named() {
    let bench = Bench::new();
    let rename = |bytes: &[u8], from: &str, to: &str| -> Vec<u8> {
        assert_eq!(from.len(), to.len());
        let mut out = bytes.to_vec();
        let places: Vec<_> =
            bytes.windows(from.len()).enumerate().filter(|(_, w)| *w == from.as_bytes()).map(|(at, _)| at).collect();
        assert!(!places.is_empty(), "{from} does not occur");
        for at in places {
            out[at..at + from.len()].copy_from_slice(to.as_bytes());
        }
        out
    };
    let good = packed("workflow");
    let foreign = rename(&good, "afpi:host/context", "wasi:host/context");
    match bench.runtime.load(&foreign) {
        Err(LoadError::ForbiddenImport { kind, names }) => {
            assert_eq!((kind, &names[..]), ("workflow", &["wasi:host/context@1.1.0".to_owned()][..]));
        }
        other => panic!("{other:?}"),
    }
    let exportless = rename(&good, "afpi:plugin/workflow", "afpi:plugin/workfl0w");
    match bench.runtime.load(&exportless) {
        Err(LoadError::Contract(why)) => assert!(why.contains("afpi:plugin/workflow"), "{why}"),
        other => panic!("{other:?}"),
    }
    // A component that declares a pure kind but imports functions of other kinds is refused.
    let posing = rename(&packed("notifier"), r#""kind":"notifier""#, r#""kind":"workflow""#);
    assert!(bench.runtime.load(&posing).is_err());
}
