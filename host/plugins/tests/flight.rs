//! Many concurrent calls: how they affect a plugin's health, and that one seat cannot use the last place or the last
//! connection.

mod common;

use afpi_plugins::contract::hook::{Event, Subject};
use afpi_plugins::contract::objectives::{Fact, Figure, Grouping, Query};
use afpi_plugins::{HookPlugin, Outcome, PluginFailure, Policy, Quarantine};
use common::gate::Gate;
use common::{Bench, actor, context, opportunite, site};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

/// A hook on two sites. Its notes and records wait at the gate.
fn gated(policy: Policy) -> (Bench, Arc<Gate>, [HookPlugin; 2]) {
    let gate = Arc::<Gate>::default();
    let bench = Bench::set(|options| {
        options.ledger = gate.clone();
        options.records = gate.clone();
        options.policy = policy;
    });
    let seats = [1, 2].map(|number| {
        bench.seat("hook", site(number), "{}");
        bench.runtime.registry().hooks(&format!("site-{number}")).remove(0)
    });
    (bench, gate, seats)
}

/// Lets the hook do this in a separate task.
fn call(hook: &HookPlugin, what: &str) -> tokio::task::JoinHandle<Result<(), PluginFailure>> {
    let (hook, name) = (hook.clone(), format!("x {what}"));
    tokio::spawn(async move {
        let event = Event { name, at: 0, site: String::new(), actor: None, subject: Subject::None, data: "{}".into() };
        hook.after(&context(), &event).await
    })
}

fn outcome(ended: Result<(), PluginFailure>) -> Outcome {
    ended.map_or_else(|failure| failure.outcome(), |()| Outcome::Ok)
}

#[tokio::test]
async fn calls_under_way_when_a_quarantine_begins_neither_end_nor_lengthen_it() {
    let hour = Duration::from_secs(3_600);
    let quarantine = Quarantine { faults: 3, first: hour, longest: 8 * hour, window: hour };
    let (bench, gate, [hook, _]) = gated(Policy { quarantine, store_parallel: 16, ..Policy::default() });
    let under_way: Vec<_> = (0..8).map(|n| call(&hook, if n % 2 == 0 { "noted" } else { "several 7 trap" })).collect();
    gate.holds(8).await;
    for _ in 0..3 {
        assert_eq!(outcome(call(&hook, "trap").await.unwrap()), Outcome::Trap);
    }
    gate.open();
    let mut ends = Vec::new();
    for call in under_way {
        ends.push(outcome(call.await.unwrap()));
    }
    assert_eq!(ends, [Outcome::Ok, Outcome::Trap].repeat(4));
    let health = bench.runtime.registry().health("site-1", "hook").unwrap().health;
    assert!(health.quarantined.is_some_and(|rest| rest <= hour), "{health:?}");
    assert_eq!((health.relapses, health.faults, bench.recorder.seen().quarantined), (1, 7, vec![hour]));
    assert_eq!(outcome(call(&hook, "noted").await.unwrap()), Outcome::Quarantined);
}

#[tokio::test]
async fn one_seat_never_takes_the_last_places() {
    let policy = Policy {
        waiting_parallel: 6,
        store_parallel: 16,
        seat_queue: 4,
        queue: Duration::from_secs(60),
        ..Policy::default()
    };
    let (bench, gate, [greedy, neighbour]) = gated(policy);
    let many: Vec<_> = (0..20).map(|_| call(&greedy, "noted")).collect();
    // Three calls have a place, four wait in the queue, and the others are refused at once.
    gate.holds(3).await;
    let told = || bench.recorder.seen().calls.iter().filter(|(_, _, outcome)| *outcome == Outcome::Busy).count();
    while told() < 13 {
        tokio::task::yield_now().await;
    }
    for _ in 0..50 {
        assert_eq!(outcome(call(&neighbour, "unknown").await.unwrap()), Outcome::Ok);
    }
    assert_eq!(gate.most(), 3, "the three calls are still running");
    gate.open();
    let mut answered = 0;
    for call in many {
        answered += usize::from(outcome(call.await.unwrap()) == Outcome::Ok);
    }
    assert_eq!((answered, told()), (7, 13));
}

#[tokio::test]
async fn plugins_that_wait_on_records_leave_connections_to_the_host() {
    let policy = Policy { store_parallel: 2, ..Policy::default() };
    let (bench, gate, [greedy, neighbour]) = gated(policy);
    let many: Vec<_> = (0..24).map(|n| call(&greedy, if n % 2 == 0 { "list" } else { "noted" })).collect();
    gate.holds(2).await;
    // A call that needs no record does not wait for a connection.
    for _ in 0..50 {
        assert_eq!(outcome(call(&neighbour, "unknown").await.unwrap()), Outcome::Ok);
    }
    assert_eq!(gate.most(), 2);
    gate.open();
    for call in many {
        assert_eq!(outcome(call.await.unwrap()), Outcome::Ok);
    }
    assert_eq!(outcome(call(&neighbour, "list").await.unwrap()), Outcome::Ok);
    assert!(gate.most() <= 2, "{}", gate.most());
    assert_eq!(bench.runtime.registry().health("site-1", "hook").unwrap().health.errors, 0);
}

/// With two cores there is one place for pure plugins. A long calculation releases it between its batches.
#[tokio::test]
async fn others_have_their_turn_during_a_long_calculation() {
    let bench = Bench::with(Policy { pure_parallel: 1, ..Policy::default() });
    bench.seat("objectives", site(1), "{}");
    bench.seat("workflow", site(2), "{}");
    let objectives = bench.runtime.registry().objectives("site-1").remove(0);
    let workflow = bench.runtime.registry().workflow("site-2").unwrap();
    let answered = Arc::<AtomicUsize>::default();
    let neighbour = tokio::spawn({
        let answered = answered.clone();
        async move {
            while let Ok(editable) = workflow.editable(&context(), &opportunite(), &actor()).await {
                assert_eq!(editable.len(), 2);
                if answered.fetch_add(1, SeqCst) == 20 {
                    break;
                }
            }
        }
    });
    let fact = Fact { kind: 0, key: 0, user: 0, site: 0, subject: 0, start: 1, end: 1, amount: 1, weight: 0 };
    let query = Query {
        first: "2026-01-01".into(),
        last: "2026-12-31".into(),
        today: "2026-09-21".into(),
        metrics: vec!["nombre".into()],
        grouping: Grouping::Total,
        words: vec!["cree".into()],
    };
    let mut before_the_last = 0;
    let batches = (0..60).map(|batch| {
        if batch == 59 {
            before_the_last = answered.load(SeqCst);
        }
        [fact]
    });
    let scores = objectives.calculate(&context(), &query, batches).await.unwrap();
    assert_eq!(scores[0].figure, Figure::Count(60));
    assert!(before_the_last > 10, "only {before_the_last} calls of the neighbour succeeded before the last batch");
    neighbour.await.unwrap();
}
