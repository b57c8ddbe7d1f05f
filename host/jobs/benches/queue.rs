//! Jobs per second, CPU of this process per job, and the time to start a job, for each backend: `cargo bench -p afpi-jobs`.
//! MariaDB and Redis are measured if `AFPI_TEST_MARIADB_URL` and `AFPI_TEST_REDIS_URL` name servers. Beside Redis stand
//! BullMQ on Node with the same jobs (`peer/`, after `npm ci` there), and Redis alone, which is the limit: round trips of
//! one push and one pop. Names restrict it: `cargo bench -p afpi-jobs -- redis`. Each figure is the median of [`ROUNDS`]
//! rounds, in which all take turns, of jobs that do nothing.

use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use afpi_db::{Db, testing};
use afpi_jobs::*;
use async_trait::async_trait;
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const ROUNDS: usize = 3;
const JOBS: usize = 10_000;
const SINGLE: usize = 500;
const WIDE: usize = 20;

fn batch(jobs: usize) -> Vec<Queued> {
    let job = NewJob::new(
        "bench",
        "noop",
        json!({"opportuniteId": "0197c0de-0000-7000-8000-000000000000", "event": "created"}),
    );
    (0..jobs).map(|_| Queued { id: Uuid::now_v7(), created_at: now_ms(), job: job.clone() }).collect()
}

struct Noop;

#[async_trait]
impl Handler for Noop {
    async fn run(&self, _: JobContext) -> Result<(), JobError> {
        Ok(())
    }
}

/// Reports when a job was started, and that its end is acknowledged.
struct Watch {
    started: UnboundedSender<Instant>,
    ended: UnboundedSender<Ended>,
}

impl Observer for Watch {
    fn started(&self, _: &Claim) {
        let _ = self.started.send(Instant::now());
    }
    fn ended(&self, _: &str, _: &str, how: Ended, _: Duration) {
        let _ = self.ended.send(how);
    }
    fn recovered(&self, _: &Recovered) {}
}

/// A running worker.
struct Running {
    stop: CancellationToken,
    started: UnboundedReceiver<Instant>,
    ended: UnboundedReceiver<Ended>,
}

impl Running {
    fn start(queue: &Arc<dyn Queue>, concurrency: usize) -> Running {
        let (stop, (started, a), (ended, b)) = (CancellationToken::new(), unbounded_channel(), unbounded_channel());
        let worker = Worker::new(queue.clone()).lane("bench", concurrency).handler("noop", Arc::new(Noop));
        tokio::spawn(worker.observer(Arc::new(Watch { started, ended })).run(stop.clone()));
        Running { stop, started: a, ended: b }
    }

    async fn finish(&mut self, jobs: usize) {
        for _ in 0..jobs {
            assert_eq!(self.ended.recv().await, Some(Ended::Completed));
        }
        while self.started.try_recv().is_ok() {}
    }
}

/// The CPU time of this process, in ms.
fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

/// Work per second, and ms of CPU for each.
struct Rate {
    per_second: f64,
    cpu: f64,
}

async fn measure(count: usize, work: impl Future<Output = ()>) -> Rate {
    let (start, before) = (Instant::now(), cpu());
    work.await;
    Rate { per_second: count as f64 / start.elapsed().as_secs_f64(), cpu: (cpu() - before) / count as f64 }
}

/// The figures of one round, in the order of [`HEAD`].
type Round = [f64; 6];
const HEAD: [&str; 6] = ["enqueue/s", "add/s", "run at 1/s", "run at 20/s", "CPU ms/job", "idle start ms"];

/// Enqueues each job in its own transaction, relays the jobs, and runs them with concurrency 1 and 20. The last figure
/// is the time until an idle worker starts a job.
async fn round(db: &Db, queue: Arc<dyn Queue>) -> Round {
    let enqueued = measure(SINGLE, async {
        for queued in batch(SINGLE) {
            let mut tx = db.begin().await.unwrap();
            enqueue(&mut tx, &queued.job).await.unwrap();
            tx.commit().await.unwrap();
        }
    });
    let enqueued = enqueued.await;
    let relay = Relay::new(db.clone(), queue.clone());
    let added = measure(JOBS, async {
        relay.drain().await.unwrap();
        for chunk in batch(JOBS - SINGLE).chunks(500) {
            queue.add(chunk).await.unwrap();
        }
    });
    let added = added.await;

    let mut running = Running::start(&queue, WIDE);
    let wide = measure(JOBS, running.finish(JOBS)).await;
    running.stop.cancel();

    queue.add(&batch(SINGLE)).await.unwrap();
    let mut running = Running::start(&queue, 1);
    let narrow = measure(SINGLE, running.finish(SINGLE)).await;

    let mut starts = Vec::new();
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(30)).await;
        let start = Instant::now();
        queue.add(&batch(1)).await.unwrap();
        starts.push(running.started.recv().await.unwrap().duration_since(start).as_secs_f64() * 1000.0);
    }
    running.stop.cancel();
    [enqueued.per_second, added.per_second, narrow.per_second, wide.per_second, wide.cpu, median(&mut starts)]
}

/// BullMQ on Node. `None` if Node or BullMQ is missing.
fn peer(url: &str) -> Option<Round> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peer");
    let run = |jobs: usize, concurrency: usize| -> Option<Value> {
        let prefix = format!("peer{}", Uuid::new_v4().simple());
        let arguments = ["peer.mjs", url, &prefix, &jobs.to_string(), &concurrency.to_string()];
        let output = Command::new("node").current_dir(folder).args(arguments).output().ok()?;
        output.status.success().then(|| serde_json::from_slice(&output.stdout).expect("a line of JSON"))
    };
    let (wide, narrow) = (run(JOBS, WIDE)?, run(SINGLE, 1)?);
    let figure = |value: &Value| value.as_f64().expect("a number");
    let none = f64::NAN;
    let [added, narrow] = [&wide["added"]["rate"], &narrow["drained"]["rate"]].map(figure);
    let [wide, cpu] = ["rate", "cpu"].map(|name| figure(&wide["drained"][name]));
    Some([none, added, narrow, wide, cpu, none])
}

/// Redis alone: a push and a pop for each job, each one a round trip, and [`WIDE`] of them at a time.
async fn bare(url: &str) -> Round {
    let key = format!("bare{}", Uuid::new_v4().simple());
    let connection = redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap();
    let trips = |count: usize, wide: usize| {
        let (key, connection) = (&key, &connection);
        measure(count, async move {
            let trips = (0..wide).map(|_| {
                let (key, mut connection) = (key.clone(), connection.clone());
                tokio::spawn(async move {
                    for _ in 0..count / wide {
                        let push = redis::cmd("LPUSH").arg(&key).arg("x").to_owned();
                        push.exec_async(&mut connection).await.unwrap();
                        redis::cmd("RPOP").arg(&key).exec_async(&mut connection).await.unwrap();
                    }
                })
            });
            futures::future::join_all(trips.collect::<Vec<_>>()).await;
        })
    };
    let (narrow, wide) = (trips(SINGLE, 1).await, trips(JOBS, WIDE).await);
    [f64::NAN, f64::NAN, narrow.per_second, wide.per_second, wide.cpu, f64::NAN]
}

fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn medians(rounds: &[Round]) -> Round {
    std::array::from_fn(|n| median(&mut rounds.iter().map(|round| round[n]).collect::<Vec<_>>()))
}

fn print(backend: &str, figures: &Round) {
    print!("{backend:<14}");
    for (n, figure) in figures.iter().enumerate() {
        match (figure, n) {
            (figure, _) if figure.is_nan() => print!("{:>14}", "–"),
            (figure, 4) => print!("{figure:>14.4}"),
            (figure, 5) => print!("{figure:>14.2}"),
            (figure, _) => print!("{figure:>14.0}"),
        }
    }
    println!();
}

#[tokio::main]
async fn main() {
    let names: Vec<String> = std::env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    let wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
    let maria = testing::mariadb_url().filter(|_| wanted("mariadb"));
    let redis = std::env::var("AFPI_TEST_REDIS_URL").ok().filter(|url| !url.is_empty() && wanted("redis"));
    let [mut sqlite, mut mariadb, mut ours, mut bullmq, mut alone] = <[Vec<Round>; 5]>::default();
    for _ in 0..ROUNDS {
        let dir = tempfile::tempdir().unwrap();
        let db = testing::sqlite(&dir).await;
        if wanted("sqlite") {
            sqlite.push(round(&db, Arc::new(SqlQueue::new(db.clone(), Settings::default()))).await);
        }
        if let Some(server) = &maria {
            let maria = testing::MariaDb::create(server).await;
            mariadb.push(round(&maria.db, Arc::new(SqlQueue::new(maria.db.clone(), Settings::default()))).await);
            maria.drop().await;
        }
        if let Some(url) = &redis {
            let installation = Uuid::new_v4().to_string();
            let queue =
                Arc::new(RedisQueue::new(&Redis::single(url).unwrap(), &installation, Settings::default()).unwrap());
            ours.push(round(&db, queue).await);
            bullmq.extend(peer(url));
            alone.push(bare(url).await);
        }
        db.close().await;
    }
    if bullmq.len() == ROUNDS {
        let (ours, peer) = (medians(&ours), medians(&bullmq));
        let [add, narrow, wide, cpu] = [1, 2, 3, 4].map(|n| ours[n] / peer[n]);
        println!(
            "Redis beside BullMQ: runs {wide:.2} × its jobs at 20, {narrow:.2} × at 1, adds {add:.2} × its jobs, with {cpu:.2} × its CPU a job"
        );
    } else if redis.is_some() {
        println!("BullMQ is not measured: run `npm ci` in host/jobs/benches/peer");
    }
    print!("{:<14}", "");
    HEAD.iter().for_each(|name| print!("{name:>14}"));
    println!();
    let all =
        [("sql-sqlite", sqlite), ("sql-mariadb", mariadb), ("redis", ours), ("bullmq", bullmq), ("redis alone", alone)];
    for (name, rounds) in all.iter().filter(|(_, rounds)| !rounds.is_empty()) {
        print(name, &medians(rounds));
    }
}
