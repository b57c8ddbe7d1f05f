//! From the caller's transaction to the queue: no job of a rolled back transaction arrives, and every job of a
//! committed one does, whatever process dies.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::{Duration, Instant};

use afpi_db::{Db, testing};
use afpi_jobs::*;
use async_trait::async_trait;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

fn job(n: usize) -> NewJob {
    NewJob::new("q", "test.kind", json!({ "n": n }))
}

async fn commit(db: &Db, job: &NewJob) -> Uuid {
    let mut tx = db.begin().await.unwrap();
    let id = enqueue(&mut tx, job).await.unwrap();
    tx.commit().await.unwrap();
    id
}

fn queue(db: &Db) -> Arc<dyn Queue> {
    Arc::new(SqlQueue::new(db.clone(), Settings::default()))
}

#[tokio::test]
async fn what_is_rolled_back_never_existed_and_what_is_committed_arrives_whole() {
    testing::on_both(|db| async move {
        let queue = queue(&db);
        let relay = Relay::new(db.clone(), queue.clone());
        let mut tx = db.begin().await.unwrap();
        enqueue(&mut tx, &job(1)).await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(relay.drain().await.unwrap(), 0);
        assert_eq!(relay.backlog().await.unwrap(), Backlog { jobs: 0, oldest: None });

        let whole = job(2).priority(3).run_at(now_ms() - 1).dedupe("é").max_attempts(9).correlation("req-9");
        let id = commit(&db, &whole).await;
        assert_eq!(relay.backlog().await.unwrap().jobs, 1);
        assert_eq!(relay.drain().await.unwrap(), 1);
        assert_eq!(relay.backlog().await.unwrap().jobs, 0);
        let stored = queue.get(id).await.unwrap().unwrap();
        assert_eq!((stored.payload, stored.priority, stored.run_at), (whole.payload, 3, whole.run_at));
        assert_eq!((stored.max_attempts, stored.correlation_id), (9, whole.correlation_id));
        assert_eq!(queue.claim("q", 5, "w").await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_a_backend_could_not_take_is_refused_to_the_caller() {
    testing::on_both(|db| async move {
        let mut tx = db.begin().await.unwrap();
        let bad = [
            NewJob { queue: "a:b".into(), ..job(1) },
            NewJob { queue: String::new(), ..job(1) },
            NewJob { kind: "x".repeat(81), ..job(1) },
            job(1).priority(1 << 21),
            job(1).max_attempts(0),
            job(1).dedupe(""),
            job(1).correlation("c".repeat(101)),
            NewJob { payload: json!("x".repeat(5 << 20)), ..job(1) },
        ];
        for job in &bad {
            let refused = enqueue(&mut tx, job).await;
            assert!(matches!(refused, Err(JobsError::Refused(_))), "{:?} {:?}", job.queue, job.kind);
        }
        tx.commit().await.unwrap();
        assert_eq!(Relay::new(db.clone(), queue(&db)).backlog().await.unwrap().jobs, 0);
    })
    .await;
}

/// A queue that adds the jobs and then fails once, as if the process had died before it could report success.
struct DiesAfterAdd(Arc<dyn Queue>, AtomicBool);

/// All functions except `add` call the inner queue.
#[async_trait]
impl Queue for DiesAfterAdd {
    async fn add(&self, jobs: &[Queued]) -> Result<()> {
        self.0.add(jobs).await?;
        if self.1.swap(false, SeqCst) { Err(JobsError::Unavailable("died in between".into())) } else { Ok(()) }
    }
    fn settings(&self) -> &Settings {
        self.0.settings()
    }
    async fn exchange(&self, queue: &str, ends: &[(Lease, End)], limit: u32, worker: &str) -> Result<Exchanged> {
        self.0.exchange(queue, ends, limit, worker).await
    }
    async fn renew_all(&self, queue: &str, leases: &[Lease]) -> Result<Vec<bool>> {
        self.0.renew_all(queue, leases).await
    }
    async fn progress(&self, lease: &Lease, percent: u8) -> Result<()> {
        self.0.progress(lease, percent).await
    }
    async fn recover_stalled(&self) -> Result<Vec<Recovered>> {
        self.0.recover_stalled().await
    }
    async fn pause(&self, queue: &str) -> Result<()> {
        self.0.pause(queue).await
    }
    async fn resume(&self, queue: &str) -> Result<()> {
        self.0.resume(queue).await
    }
    async fn is_paused(&self, queue: &str) -> Result<bool> {
        self.0.is_paused(queue).await
    }
    async fn counts(&self) -> Result<Vec<QueueCounts>> {
        self.0.counts().await
    }
    async fn list(&self, filter: &Filter) -> Result<Page> {
        self.0.list(filter).await
    }
    async fn get(&self, id: Uuid) -> Result<Option<Job>> {
        self.0.get(id).await
    }
    async fn retry_dead(&self, id: Uuid) -> Result<()> {
        self.0.retry_dead(id).await
    }
    async fn purge(&self, completed_before: i64, dead_before: i64) -> Result<u64> {
        self.0.purge(completed_before, dead_before).await
    }
    async fn ping(&self) -> Result<()> {
        self.0.ping().await
    }
    fn waiter(&self, queue: &str) -> Box<dyn Waiter> {
        self.0.waiter(queue)
    }
}

#[tokio::test]
async fn a_relay_that_dies_between_its_two_halves_doubles_nothing() {
    testing::on_both(|db| async move {
        let queue = queue(&db);
        for n in 0..20 {
            commit(&db, &job(n)).await;
        }
        let dying = Relay::new(db.clone(), Arc::new(DiesAfterAdd(queue.clone(), AtomicBool::new(true))));
        assert!(dying.bring().await.unwrap_err().is_unavailable());
        assert_eq!(dying.backlog().await.unwrap().jobs, 20, "still in the outbox");
        let claimed = queue.claim("q", 100, "w").await.unwrap();
        assert_eq!(claimed.len(), 20, "and already in the queue");
        for claim in &claimed[..10] {
            queue.end(&claim.lease, End::Completed).await.unwrap();
        }
        assert_eq!(dying.drain().await.unwrap(), 20);
        assert!(queue.claim("q", 100, "w").await.unwrap().is_empty(), "neither running nor done jobs come again");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_relays_bring_each_job_once_and_a_wake_is_quick() {
    testing::on_both(|db| async move {
        let queue = queue(&db);
        let stop = CancellationToken::new();
        let relays: Vec<_> = (0..3).map(|_| Relay::new(db.clone(), queue.clone())).collect();
        let running: Vec<_> = relays
            .iter()
            .map(|relay| {
                let (relay, stop) = (relay.clone(), stop.clone());
                tokio::spawn(async move { relay.run(stop).await })
            })
            .collect();
        for n in 0..60 {
            commit(&db, &job(n)).await;
            relays[n % 3].wake();
        }
        let start = Instant::now();
        while queue.counts().await.unwrap().iter().map(|c| c.waiting).sum::<u64>() < 60 {
            assert!(start.elapsed() < Duration::from_secs(10));
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        stop.cancel();
        for relay in running {
            relay.await.unwrap();
        }
        assert_eq!(relays[0].drain().await.unwrap(), 0);
        assert_eq!(queue.claim("q", 100, "w").await.unwrap().len(), 60);
    })
    .await;
}

#[tokio::test]
async fn large_payloads_are_brought_in_bounded_bites() {
    testing::on_both(|db| async move {
        let queue = queue(&db);
        let relay = Relay::new(db.clone(), queue.clone());
        for _ in 0..7 {
            commit(&db, &NewJob { payload: json!("x".repeat(1 << 20)), ..job(0) }).await;
        }
        let first = relay.bring().await.unwrap();
        assert!((1..7).contains(&first), "{first} MiB at once");
        assert_eq!(first + relay.drain().await.unwrap(), 7);
    })
    .await;
}
