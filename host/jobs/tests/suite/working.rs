//! The worker on each backend: handlers run, and a problem of one run does not affect other runs.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use afpi_jobs::{Claim, Ended, Handler, JobContext, JobError, NewJob, Observer, Queue, Recovered, State, Worker};
use async_trait::async_trait;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::*;

/// A handler that calls a closure.
struct Do<F>(F, Duration);

#[async_trait]
impl<F, Fut> Handler for Do<F>
where
    F: Fn(JobContext) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<(), JobError>> + Send + 'static,
{
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        self.0(job).await
    }

    fn timeout(&self) -> Duration {
        self.1
    }
}

fn handler<F, Fut>(f: F) -> Arc<dyn Handler>
where
    F: Fn(JobContext) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<(), JobError>> + Send + 'static,
{
    Arc::new(Do(f, Duration::from_secs(60)))
}

#[derive(Default)]
struct Counter(Mutex<HashMap<Ended, usize>>, AtomicUsize);

impl Observer for Counter {
    fn started(&self, _: &Claim) {
        self.1.fetch_add(1, SeqCst);
    }
    fn ended(&self, _: &str, _: &str, how: Ended, _: Duration) {
        *self.0.lock().unwrap().entry(how).or_default() += 1;
    }
    fn recovered(&self, _: &Recovered) {}
}

impl Counter {
    fn of(&self, how: Ended) -> usize {
        self.0.lock().unwrap().get(&how).copied().unwrap_or(0)
    }
}

/// A running worker.
struct Running(CancellationToken, JoinHandle<()>);

impl Running {
    fn start(worker: Worker) -> Running {
        let stop = CancellationToken::new();
        Running(stop.clone(), tokio::spawn(worker.run(stop)))
    }

    async fn stop(self) {
        self.0.cancel();
        tokio::time::timeout(Duration::from_secs(20), self.1).await.expect("stops in time").unwrap();
    }
}

async fn reaches(queue: &Arc<dyn Queue>, id: uuid::Uuid, wanted: State) -> afpi_jobs::Job {
    until(wanted.as_str(), || async { queue.get(id).await.unwrap().filter(|j| j.state == wanted) }).await
}

pub async fn jobs_run_and_failures_are_told(bed: &Bed) {
    let queue = bed.queue();
    let counter = Arc::new(Counter::default());
    let worker = Worker::new(queue.clone()).lane("q", 4).observer(counter.clone()).handler(
        "test.kind",
        handler(|job| async move {
            job.progress(50).await;
            match job.payload["n"].as_u64() {
                Some(1) => Ok(()),
                Some(2) if job.attempt == 1 => Err(JobError::retry("busy")),
                Some(2) => Ok(()),
                _ => Err(JobError::fail("never")),
            }
        }),
    );
    let running = Running::start(worker);
    let added = add(&queue, [numbered(1), numbered(2), numbered(3)]).await;
    assert_eq!(reaches(&queue, added[0], State::Completed).await.progress, Some(50));
    assert_eq!(reaches(&queue, added[1], State::Completed).await.attempt, 2);
    assert_eq!(reaches(&queue, added[2], State::Dead).await.error.as_deref(), Some("never"));
    running.stop().await;
    assert_eq!((counter.of(Ended::Completed), counter.of(Ended::Retried), counter.of(Ended::Dead)), (2, 1, 1));
    assert_eq!(counter.1.load(SeqCst), 4);
}

pub async fn a_panic_ends_one_run(bed: &Bed) {
    let queue = bed.queue();
    let worker = Worker::new(queue.clone()).lane("q", 1).handler(
        "test.kind",
        handler(|job| async move {
            assert!(job.payload["n"] != 1, "one is {}", "too little");
            Ok(())
        }),
    );
    let running = Running::start(worker);
    let added = add(&queue, [numbered(1).max_attempts(1), numbered(2)]).await;
    let dead = reaches(&queue, added[0], State::Dead).await;
    assert!(dead.error.as_deref().unwrap().contains("one is too little"), "{:?}", dead.error);
    reaches(&queue, added[1], State::Completed).await;
    running.stop().await;
}

pub async fn a_job_over_its_time_is_stopped(bed: &Bed) {
    let queue = bed.queue();
    let slow = Do(
        |_| async {
            tokio::time::sleep(Duration::from_secs(600)).await;
            Ok(())
        },
        Duration::from_millis(100),
    );
    let running = Running::start(Worker::new(queue.clone()).lane("q", 1).handler("test.kind", Arc::new(slow)));
    let id = add(&queue, [job().max_attempts(1)]).await[0];
    let dead = reaches(&queue, id, State::Dead).await;
    assert!(dead.error.as_deref().unwrap().contains("not done after 0.1 s"), "{:?}", dead.error);
    running.stop().await;
}

pub async fn a_kind_without_handler_waits_for_one(bed: &Bed) {
    let queue = bed.queue();
    let old = Running::start(Worker::new(queue.clone()).lane("q", 1));
    let id = add(&queue, [job().max_attempts(1000)]).await[0];
    until("it was tried", || async { queue.get(id).await.unwrap().filter(|j| j.attempt > 0) }).await;
    let new =
        Running::start(Worker::new(queue.clone()).lane("q", 1).handler("test.kind", handler(|_| async { Ok(()) })));
    old.stop().await;
    reaches(&queue, id, State::Completed).await;
    new.stop().await;
}

pub async fn a_handler_that_lost_its_lease_is_cancelled(bed: &Bed) {
    let queue = bed.node(Settings { max_crashes: 100, ..nervous() });
    let counter = Arc::new(Counter::default());
    let cancelled = Arc::new(AtomicUsize::new(0));
    let saw = cancelled.clone();
    let worker = Worker::new(queue.clone()).lane("q", 1).observer(counter.clone()).handler(
        "test.kind",
        handler(move |job| {
            let saw = saw.clone();
            async move {
                if job.payload["n"] == 1 {
                    // Simulates a process that was stopped for longer than its lease. Another node finishes the job in
                    // the meantime.
                    job.cancelled().cancelled().await;
                    saw.fetch_add(1, SeqCst);
                }
                Ok(())
            }
        }),
    );
    let running = Running::start(worker);
    let id = add(&queue, [numbered(1)]).await[0];
    reaches(&queue, id, State::Active).await;
    bed.steal(id).await;
    until("the handler was told", || async { (cancelled.load(SeqCst) > 0).then_some(()) }).await;
    until("the run counts as lost", || async { (counter.of(Ended::Lost) > 0).then_some(()) }).await;
    assert_eq!(counter.of(Ended::Completed), 0, "the result of a cancelled handler does not count");
    running.stop().await;
}

pub async fn a_graceful_stop_finishes_the_short_and_gives_back_the_long(bed: &Bed) {
    let queue = bed.queue();
    let worker = Worker::new(queue.clone()).lane("q", 5).grace(Duration::from_millis(600)).handler(
        "test.kind",
        handler(|job| async move {
            tokio::time::sleep(Duration::from_millis(if job.payload["n"] == 1 { 250 } else { 60_000 })).await;
            Ok(())
        }),
    );
    let running = Running::start(worker);
    let added = add(&queue, [numbered(1), numbered(2)]).await;
    reaches(&queue, added[0], State::Active).await;
    reaches(&queue, added[1], State::Active).await;
    let start = Instant::now();
    running.0.cancel();
    // A claim that was running at the stop may still take a job.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let late = add(&queue, [numbered(1)]).await[0];
    running.stop().await;
    assert!(start.elapsed() < Duration::from_secs(10));
    assert_eq!(state(&queue, added[0]).await, State::Completed);
    let given_back = queue.get(added[1]).await.unwrap().unwrap();
    assert_eq!((given_back.state, given_back.attempt, given_back.crashes), (State::Waiting, 0, 0));
    assert_eq!(state(&queue, late).await, State::Waiting, "nothing is claimed after the stop");
}

pub async fn a_lane_never_runs_more_than_its_room(bed: &Bed) {
    let queue = bed.queue();
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (n, m) = (now.clone(), most.clone());
    let worker = Worker::new(queue.clone()).lane("q", 3).lane("other", 1).handler(
        "test.kind",
        handler(move |_| {
            let (n, m) = (n.clone(), m.clone());
            async move {
                m.fetch_max(n.fetch_add(1, SeqCst) + 1, SeqCst);
                tokio::time::sleep(Duration::from_millis(15)).await;
                n.fetch_sub(1, SeqCst);
                Ok(())
            }
        }),
    );
    let running = Running::start(worker);
    add(&queue, (0..40).map(numbered)).await;
    let other =
        add(&queue, [NewJob { queue: "other".into(), kind: "nobody's".into(), ..job().max_attempts(1) }]).await[0];
    until("all are done", || async {
        queue.counts().await.unwrap().into_iter().find(|c| c.queue == "q").filter(|c| c.completed == 40)
    })
    .await;
    reaches(&queue, other, State::Dead).await;
    running.stop().await;
    assert_eq!(most.load(SeqCst), 3);
}
