//! Ten thousand calls ended at random instants: nothing is half done, nothing leaks, the next call works.

mod common;

use afpi_plugins::contract::notifier::Event;
use afpi_plugins::manifest::KvRequest;
use afpi_plugins::ports::{KvStore, Space, StoreError};
use afpi_plugins::testing::MemoryKv;
use afpi_plugins::{NotifierPlugin, Outcome, PluginFailure, Policy, Quarantine};
use async_trait::async_trait;
use common::{Bench, context, site};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// A store that takes its time before and after each operation, so that a call has instants at which it can be ended.
struct Slow(MemoryKv, AtomicU64);

impl Slow {
    async fn dawdle(&self) {
        for _ in 0..self.1.fetch_add(1, Relaxed) % 4 {
            tokio::task::yield_now().await;
        }
    }
}

#[async_trait]
impl KvStore for Slow {
    async fn get(&self, space: Space<'_>, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.dawdle().await;
        self.0.get(space, key).await
    }

    async fn set(&self, space: Space<'_>, key: &str, value: &[u8], quota: KvRequest) -> Result<(), StoreError> {
        self.dawdle().await;
        let done = self.0.set(space, key, value, quota).await;
        self.dawdle().await;
        done
    }

    async fn delete(&self, space: Space<'_>, key: &str) -> Result<(), StoreError> {
        self.0.delete(space, key).await
    }

    async fn keys(&self, space: Space<'_>, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, StoreError> {
        self.dawdle().await;
        self.0.keys(space, prefix, after, limit).await
    }
}

/// What a host does with an answer: both rows or neither.
#[derive(Default)]
struct Host {
    rows: Mutex<Vec<(String, u8)>>,
}

impl Host {
    async fn handle(&self, notifier: &NotifierPlugin, what: &str) -> Result<(), PluginFailure> {
        let event = Event { name: what.into(), at: 0, site: String::new(), actor: None, subject: None, data: "{}".into() };
        let messages = notifier.notify(&context(), &event).await?;
        // From here on nothing waits: the host's transaction.
        let mut rows = self.rows.lock().unwrap();
        for message in messages {
            rows.push((message.title.fr.clone(), 1));
            rows.push((message.title.fr, 2));
        }
        Ok(())
    }
}

const CALLS: [&str; 4] = ["kv-set a", "kv-get a", "kv-keys", "clock"];

fn bench() -> Bench {
    let quarantine = Quarantine { faults: u32::MAX, ..Policy::default().quarantine };
    let bench = Bench::set(|options| {
        options.kv = Arc::new(Slow(MemoryKv::default(), AtomicU64::new(0)));
        options.policy = Policy { quarantine, waiting_parallel: 8, ..Policy::default() };
    });
    bench.seat("notifier", site(1), "{}");
    bench
}

/// Everything a killed call could have left behind is looked for.
async fn unharmed(bench: &Bench, host: &Host, calls: usize, finished: usize) {
    let rows = host.rows.lock().unwrap().clone();
    assert_eq!(rows.len(), 2 * finished, "what ended well was applied whole, what did not was not applied at all");
    assert!(rows.chunks(2).all(|pair| pair[0].0 == pair[1].0 && (pair[0].1, pair[1].1) == (1, 2)) || calls == 0);
    let seen = bench.recorder.seen();
    let of = |wanted| seen.calls.iter().filter(|(_, _, outcome)| *outcome == wanted).count();
    assert_eq!(of(Outcome::Ok), finished);
    assert_eq!(of(Outcome::Ok) + of(Outcome::Cancelled), seen.calls.len(), "no other end: {:?}", seen.calls.last());
    // All places are free again, and a note is either absent or whole.
    let notifier = bench.runtime.registry().notifiers("site-1").remove(0);
    let told = futures::future::join_all((0..8).map(|_| async {
        let event = Event { name: "kv-get a".into(), at: 0, site: String::new(), actor: None, subject: None, data: "{}".into() };
        notifier.notify(&context(), &event).await.unwrap()[0].title.fr.clone()
    }));
    assert!(told.await.iter().all(|told| told == "Some(5)" || told == "None"));
    let view = bench.runtime.registry().health("site-1", "notifier").unwrap();
    assert!(view.idle_instances <= Policy::default().warm && view.health.faults == 0, "{view:?}");
}

/// Each call is polled a random number of times and then dropped: every instant at which it waits is met.
#[tokio::test]
async fn five_thousand_calls_dropped_between_two_polls() {
    let (bench, host) = (bench(), Host::default());
    let notifier = bench.runtime.registry().notifiers("site-1").remove(0);
    let mut random = SmallRng::seed_from_u64(20_260_921);
    let mut finished = 0;
    for _ in 0..5_000 {
        let what = CALLS[random.random_range(0..CALLS.len())];
        let mut call = pin!(host.handle(&notifier, what));
        let mut polling = Context::from_waker(Waker::noop());
        for _ in 0..random.random_range(0..9) {
            if let Poll::Ready(ended) = call.as_mut().poll(&mut polling) {
                ended.unwrap();
                finished += 1;
                break;
            }
        }
    }
    assert!((500..4_900).contains(&finished), "{finished} of 5000 came to their end");
    unharmed(&bench, &host, 5_000, finished).await;
}

/// The same from outside: tasks on two threads, aborted after a random time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_calls_aborted_at_random_times() {
    let (bench, host) = (bench(), Arc::new(Host::default()));
    let notifier = bench.runtime.registry().notifiers("site-1").remove(0);
    let mut random = SmallRng::seed_from_u64(7);
    let mut finished = 0;
    for _ in 0..625 {
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let (host, notifier, what) = (host.clone(), notifier.clone(), CALLS[random.random_range(0..CALLS.len())]);
                let after = Duration::from_micros(random.random_range(0..400));
                let task = tokio::spawn(async move { host.handle(&notifier, what).await });
                (after, task)
            })
            .collect();
        let ended = tasks.into_iter().map(|(after, task)| async move {
            tokio::time::sleep(after).await;
            task.abort();
            task.await
        });
        for ended in futures::future::join_all(ended).await {
            match ended {
                Ok(result) => {
                    result.unwrap();
                    finished += 1;
                }
                Err(aborted) => assert!(aborted.is_cancelled(), "{aborted}"),
            }
        }
    }
    unharmed(&bench, &host, 5_000, finished).await;
    assert_eq!(notifier.kinds(&context()).await.unwrap().len(), 1);
}
