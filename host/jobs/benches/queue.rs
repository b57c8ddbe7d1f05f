//! Jobs per second and the time to start a job, for each backend: `cargo bench -p afpi-jobs`. MariaDB and Redis are
//! measured if `AFPI_TEST_MARIADB_URL` and `AFPI_TEST_REDIS_URL` name servers. Each figure is the median of [`ROUNDS`]
//! rounds of jobs that do nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use afpi_db::{Db, testing};
use afpi_jobs::*;
use async_trait::async_trait;
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const ROUNDS: usize = 3;
const JOBS: usize = 3000;
const SINGLE: usize = 300;

fn batch(jobs: usize) -> Vec<Queued> {
    let job = NewJob::new(
        "bench",
        "noop",
        json!({"opportuniteId": "0197c0de-0000-7000-8000-000000000000", "event": "created"}),
    );
    (0..jobs).map(|_| Queued { id: Uuid::now_v7(), created_at: now_ms(), job: job.clone() }).collect()
}

/// Does nothing, and reports when it ran.
struct Noop(UnboundedSender<Instant>);

#[async_trait]
impl Handler for Noop {
    async fn run(&self, _: JobContext) -> Result<(), JobError> {
        self.0.send(Instant::now()).map_err(JobError::fail)
    }
}

/// Starts a worker with this concurrency. Returns it with the instants at which its jobs ran.
fn work(queue: &Arc<dyn Queue>, concurrency: usize) -> (CancellationToken, UnboundedReceiver<Instant>) {
    let (tell, told) = unbounded_channel();
    let stop = CancellationToken::new();
    let worker = Worker::new(queue.clone()).lane("bench", concurrency).handler("noop", Arc::new(Noop(tell)));
    tokio::spawn(worker.run(stop.clone()));
    (stop, told)
}

async fn done(queue: &dyn Queue, jobs: u64) {
    while queue.counts().await.unwrap().iter().map(|c| c.completed).sum::<u64>() < jobs {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn rate(jobs: usize, since: Instant) -> f64 {
    jobs as f64 / since.elapsed().as_secs_f64()
}

/// One round: enqueue each job in its own transaction, relay the jobs, and run them with concurrency 1 and 20. The last
/// figure is the time until an idle worker starts a job, in ms.
async fn round(db: &Db, queue: Arc<dyn Queue>) -> [f64; 5] {
    let start = Instant::now();
    for queued in batch(SINGLE) {
        let mut tx = db.begin().await.unwrap();
        enqueue(&mut tx, &queued.job).await.unwrap();
        tx.commit().await.unwrap();
    }
    let enqueued = rate(SINGLE, start);

    let relay = Relay::new(db.clone(), queue.clone());
    let start = Instant::now();
    relay.drain().await.unwrap();
    for chunk in batch(JOBS - SINGLE).chunks(500) {
        queue.add(chunk).await.unwrap();
    }
    let added = rate(JOBS, start);

    let start = Instant::now();
    let (stop, _told) = work(&queue, 20);
    done(queue.as_ref(), JOBS as u64).await;
    let wide = rate(JOBS, start);
    stop.cancel();

    queue.add(&batch(SINGLE)).await.unwrap();
    let start = Instant::now();
    let (stop, mut told) = work(&queue, 1);
    done(queue.as_ref(), (JOBS + SINGLE) as u64).await;
    let narrow = rate(SINGLE, start);
    while told.try_recv().is_ok() {}

    let mut starts = Vec::new();
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(30)).await;
        let start = Instant::now();
        queue.add(&batch(1)).await.unwrap();
        starts.push(told.recv().await.unwrap().duration_since(start).as_secs_f64() * 1000.0);
    }
    stop.cancel();
    [enqueued, added, narrow, wide, median(&mut starts)]
}

fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn print(backend: &str, mut rounds: Vec<[f64; 5]>) {
    let column = |n: usize, rounds: &mut Vec<[f64; 5]>| median(&mut rounds.iter().map(|r| r[n]).collect::<Vec<_>>());
    let [enqueue, add, narrow, wide, start] = std::array::from_fn(|n| column(n, &mut rounds));
    println!("{backend:<12} {enqueue:>12.0} {add:>12.0} {narrow:>12.0} {wide:>12.0} {start:>14.2}");
}

#[tokio::main]
async fn main() {
    println!(
        "{:<12} {:>12} {:>12} {:>12} {:>12} {:>14}",
        "", "enqueue/s", "add/s", "run at 1/s", "run at 20/s", "idle start ms"
    );
    let settings = Settings::default;

    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let dir = tempfile::tempdir().unwrap();
        let db = testing::sqlite(&dir).await;
        rounds.push(round(&db, Arc::new(SqlQueue::new(db.clone(), settings()))).await);
        db.close().await;
    }
    print("sql-sqlite", rounds);

    if let Some(server) = testing::mariadb_url() {
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            let maria = testing::MariaDb::create(&server).await;
            rounds.push(round(&maria.db, Arc::new(SqlQueue::new(maria.db.clone(), settings()))).await);
            maria.drop().await;
        }
        print("sql-mariadb", rounds);
    }

    if let Some(url) = std::env::var("AFPI_TEST_REDIS_URL").ok().filter(|url| !url.is_empty()) {
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            let dir = tempfile::tempdir().unwrap();
            let db = testing::sqlite(&dir).await;
            let prefix = format!("bench{}", Uuid::new_v4().simple());
            rounds.push(round(&db, Arc::new(RedisQueue::new(&url, &prefix, settings()).unwrap())).await);
            db.close().await;
        }
        print("redis", rounds);
    }
}
