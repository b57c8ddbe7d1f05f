//! Ten thousand calls end at random moments. Their effects are applied completely or not at all, no resource leaks, and
//! the next call works. `host/server/tests/plugins/kill.rs` tests the same with a real database.

mod common;

use afpi_plugins::contract::hook::{Event, Subject};
use afpi_plugins::ports::{Effects, Ledger, Quota, Space, StoreError, Usage, Waiting};
use afpi_plugins::testing::MemoryLedger;
use afpi_plugins::{Grants, HookPlugin, Outcome, PluginFailure, Policy, Quarantine};
use async_trait::async_trait;
use common::{Bench, context, guest, site, toml};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use std::collections::BTreeSet;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// A ledger that waits before and after each operation, so that a test can end a call there.
#[derive(Default)]
struct Slow(MemoryLedger, AtomicU64);

impl Slow {
    async fn dawdle(&self) {
        for _ in 0..self.1.fetch_add(1, Relaxed) % 4 {
            tokio::task::yield_now().await;
        }
    }
}

#[async_trait]
impl Ledger for Slow {
    async fn note(&self, space: Space<'_>, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.dawdle().await;
        self.0.note(space, key).await
    }

    async fn notes(
        &self,
        space: Space<'_>,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        self.0.notes(space, prefix, after, limit).await
    }

    async fn usage(&self, space: Space<'_>) -> Result<Usage, StoreError> {
        self.dawdle().await;
        self.0.usage(space).await
    }

    async fn waiting(&self, space: Space<'_>, key: Option<&str>) -> Result<Waiting, StoreError> {
        self.dawdle().await;
        self.0.waiting(space, key).await
    }

    async fn apply(&self, space: Space<'_>, effects: &Effects, quota: Quota) -> Result<(), StoreError> {
        self.dawdle().await;
        let done = self.0.apply(space, effects, quota).await;
        self.dawdle().await;
        done
    }
}

const CALLS: u32 = 5_000;

fn bench() -> (Bench, Arc<Slow>, HookPlugin) {
    let slow = Arc::<Slow>::default();
    let quarantine = Quarantine { faults: u32::MAX, ..Policy::default().quarantine };
    let bench = Bench::set(|options| {
        options.ledger = slow.clone();
        options.policy = Policy { quarantine, waiting_parallel: 8, event_burst: 2 * CALLS, ..Policy::default() };
    });
    let wishes = common::HOOK_WISHES.replace("quota-waiting = 3", "quota-waiting = 10000");
    let plugin =
        bench.install(&afpi_plugin_tool::pack(&guest("hook"), &toml("hook", "hook", "1.0.0", &wishes)).unwrap());
    bench.bind(&plugin, site(1), "{}", Grants::all_of(&plugin.manifest().capabilities));
    let hook = bench.runtime.registry().hooks("site-1").remove(0);
    (bench, slow, hook)
}

/// Makes a call that writes two notes, a job and an event with this number.
async fn call(hook: &HookPlugin, number: u32) -> Result<(), PluginFailure> {
    let name = format!("x several {number}");
    let event = Event { name, at: 0, site: "site-1".into(), actor: None, subject: Subject::None, data: "{}".into() };
    hook.after(&context(), &event).await
}

/// Checks everything that a killed call could have left.
async fn unharmed(bench: &Bench, ledger: &MemoryLedger, hook: &HookPlugin, finished: &BTreeSet<u32>) {
    let space = Space { plugin: "hook", site: "site-1" };
    let note = async |key| ledger.note(space, key).await.unwrap().map(|value| String::from_utf8(value).unwrap());
    let jobs: BTreeSet<u32> =
        ledger.waiting_jobs().iter().map(|job| job.what.dedupe_key.as_ref().unwrap().parse().unwrap()).collect();
    assert_eq!(jobs.len(), ledger.heard().len(), "an event for each job, and a job for each event");
    assert!(jobs.is_superset(finished), "the effects of answered calls exist");
    let (a, b) = (note("a").await, note("b").await);
    assert_eq!(a, b);
    assert!(jobs.contains(&a.unwrap().parse().unwrap()), "the notes are those of a call that happened");
    let seen = bench.recorder.seen();
    let of = |wanted| seen.calls.iter().filter(|(_, _, outcome)| *outcome == wanted).count();
    assert_eq!(of(Outcome::Ok), finished.len());
    assert_eq!(
        of(Outcome::Ok) + of(Outcome::Cancelled),
        seen.calls.len(),
        "a call had another outcome: {:?}",
        seen.calls.last()
    );
    // All places are free again, and the instances of killed calls are gone.
    for ended in futures::future::join_all((CALLS..CALLS + 8).map(|number| call(hook, number))).await {
        ended.unwrap();
    }
    let view = bench.runtime.registry().health("site-1", "hook").unwrap();
    assert!(view.idle_instances <= Policy::default().warm && view.health.faults == 0, "{view:?}");
}

/// Polls each call a random number of times and then drops it. This covers every point where a call waits.
#[tokio::test]
async fn five_thousand_calls_dropped_between_two_polls() {
    let (bench, slow, hook) = bench();
    let mut random = SmallRng::seed_from_u64(20_260_921);
    let mut finished = BTreeSet::new();
    for number in 0..CALLS {
        let mut call = pin!(call(&hook, number));
        let mut polling = Context::from_waker(Waker::noop());
        for _ in 0..random.random_range(0..24) {
            if let Poll::Ready(ended) = call.as_mut().poll(&mut polling) {
                ended.unwrap();
                finished.insert(number);
                break;
            }
        }
    }
    assert!((500..4_900).contains(&finished.len()), "{} of {CALLS} calls finished", finished.len());
    unharmed(&bench, &slow.0, &hook, &finished).await;
}

/// The same from outside: tasks on two threads, which the test aborts after a random time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_calls_aborted_at_random_times() {
    let (bench, slow, hook) = bench();
    let mut random = SmallRng::seed_from_u64(7);
    let mut finished = BTreeSet::new();
    for first in (0..CALLS).step_by(8) {
        let ended = (first..first + 8).map(|number| {
            let (hook, after) = (hook.clone(), Duration::from_micros(random.random_range(0..400)));
            let task = tokio::spawn(async move { call(&hook, number).await });
            async move {
                tokio::time::sleep(after).await;
                task.abort();
                (number, task.await)
            }
        });
        for (number, ended) in futures::future::join_all(ended).await {
            match ended {
                Ok(result) => {
                    result.unwrap();
                    finished.insert(number);
                }
                Err(aborted) => assert!(aborted.is_cancelled(), "{aborted}"),
            }
        }
    }
    unharmed(&bench, &slow.0, &hook, &finished).await;
}
