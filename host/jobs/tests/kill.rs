//! The test kills real worker processes with SIGKILL and freezes them with SIGSTOP during jobs, while producers
//! continue. Every acknowledged job ends completed or dead, no rolled back job ever runs, and only jobs that were
//! running may run twice.
//!
//! The killed process is this test binary, started with the ignored test below. The test prints its seed.
//! `AFPI_TEST_SEED` repeats the choices, but the timing depends on the machine.

use std::collections::{HashMap, HashSet};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use afpi_db::{Db, testing};
use afpi_jobs::*;
use async_trait::async_trait;
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::json;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const LEASE: Duration = Duration::from_millis(1500);
const CONCURRENCY: usize = 4;
const KILLS: usize = 5;
const FREEZES: usize = 1;
const PRODUCERS: u64 = 2;
/// How many jobs a producer may be ahead of the workers. The limit keeps the test short on a slow machine.
const AHEAD: usize = 40;

/// Paths and addresses, for this process and its children.
#[derive(Clone)]
struct Place {
    db: String,
    /// Where Redis is, see [`redis_at`], and the installation. Without them the SQL queue is used.
    redis: Option<(String, String)>,
    effects: PathBuf,
}

impl Place {
    async fn open(&self) -> (Db, Arc<dyn Queue>) {
        let db = Db::connect(&self.db, 8).await.unwrap();
        let backoff = Backoff { base: Duration::from_millis(20), cap: Duration::from_millis(100) };
        let settings = Settings { lease: LEASE, backoff, ..Settings::default() };
        let queue: Arc<dyn Queue> = match &self.redis {
            Some((place, installation)) => Arc::new(RedisQueue::new(&redis_at(place), installation, settings).unwrap()),
            None => Arc::new(SqlQueue::new(db.clone(), settings)),
        };
        (db, queue)
    }

    fn start_worker(&self) -> Process {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["worker_process", "--exact", "--ignored", "--nocapture"]).stdout(Stdio::null());
        command.env("KILL_TEST_DB", &self.db).env("KILL_TEST_EFFECTS", &self.effects);
        if let Some((place, installation)) = &self.redis {
            command.env("KILL_TEST_REDIS", format!("{place} {installation}"));
        }
        Process(command.spawn().unwrap())
    }
}

/// A worker process. It ends with the test, even if the test fails.
struct Process(Child);

impl Process {
    /// Sends SIGKILL, so no destructor runs.
    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([&format!("-{name}"), &self.0.id().to_string()]).status().unwrap().success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Writes down what it does, sleeps in between so that it can be killed there, and fails the first attempt of every
/// tenth job.
struct Effect(PathBuf);

impl Effect {
    fn note(&self, what: &str, id: Uuid) {
        // One small write with O_APPEND is atomic, even across processes.
        let line = format!("{what} {id}\n");
        OpenOptions::new().append(true).create(true).open(&self.0).unwrap().write_all(line.as_bytes()).unwrap();
    }
}

#[async_trait]
impl Handler for Effect {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        self.note("start", job.id);
        tokio::time::sleep(Duration::from_millis(job.payload["sleep"].as_u64().unwrap_or(0))).await;
        if job.payload["fails"] == true && job.attempt == 1 {
            return Err(JobError::retry("first try"));
        }
        self.note("end", job.id);
        Ok(())
    }
}

/// Counts the leases that a living worker loses because it is frozen or slow. Each of them may cause one more run.
impl Observer for Effect {
    fn started(&self, _: &Claim) {}
    fn ended(&self, _: &str, _: &str, how: Ended, _: Duration) {
        if how == Ended::Lost {
            self.note("lost", Uuid::nil());
        }
    }
    fn recovered(&self, _: &Recovered) {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the worker process the other tests start and kill"]
async fn worker_process() {
    let (Ok(db), Ok(effects)) = (std::env::var("KILL_TEST_DB"), std::env::var("KILL_TEST_EFFECTS")) else { return };
    let redis = std::env::var("KILL_TEST_REDIS").ok();
    let redis = redis.and_then(|r| r.split_once(' ').map(|(place, of)| (place.to_owned(), of.to_owned())));
    let place = Place { db, redis, effects: effects.into() };
    let (db, queue) = place.open().await;
    let relay = Relay::new(db, queue.clone());
    // No signal stops this worker: the test kills it.
    let stop = CancellationToken::new();
    let effect = Arc::new(Effect(place.effects));
    let worker = Worker::new(queue).lane("q", CONCURRENCY).observer(effect.clone()).handler("effect", effect);
    tokio::join!(relay.run(stop.clone()), worker.run(stop));
}

/// Enqueues jobs until it is stopped, at most [`AHEAD`] jobs ahead of the workers. Returns the acknowledged ids and the
/// ids of rolled back transactions.
async fn produce(db: Db, path: PathBuf, seed: u64, stop: CancellationToken) -> (Vec<Uuid>, Vec<Uuid>) {
    let mut rng = StdRng::seed_from_u64(seed);
    let (mut acknowledged, mut rolled_back) = (Vec::new(), Vec::new());
    while !stop.is_cancelled() {
        if acknowledged.len() > AHEAD + effects(&path).0.len() / PRODUCERS as usize {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        }
        let sleep: u64 = if rng.random_bool(0.1) { rng.random_range(100..300) } else { rng.random_range(0..20) };
        let mut job = NewJob::new("q", "effect", json!({ "sleep": sleep, "fails": rng.random_bool(0.1) }));
        if rng.random_bool(0.2) {
            job = job.run_at(now_ms() + rng.random_range(0..500)).priority(rng.random_range(0..3));
        }
        let Ok(mut tx) = db.begin().await else { continue };
        let Ok(id) = enqueue(&mut tx, &job).await else { continue };
        if rng.random_bool(0.1) {
            tx.rollback().await.unwrap();
            rolled_back.push(id);
        } else if tx.commit().await.is_ok() {
            acknowledged.push(id);
        }
        tokio::time::sleep(Duration::from_millis(rng.random_range(5..25))).await;
    }
    (acknowledged, rolled_back)
}

/// The effects so far: how often each job started, which jobs ended, and how many leases living workers lost.
fn effects(path: &Path) -> (HashMap<Uuid, usize>, HashSet<Uuid>, usize) {
    let (mut starts, mut ends, mut lost) = (HashMap::new(), HashSet::new(), 0);
    for line in std::fs::read_to_string(path).unwrap_or_default().lines() {
        let (what, id) = line.split_once(' ').expect("whole lines only");
        let id = Uuid::parse_str(id).unwrap();
        match what {
            "start" => *starts.entry(id).or_default() += 1,
            "end" => drop(ends.insert(id)),
            _ => lost += 1,
        }
    }
    (starts, ends, lost)
}

/// Waits until the workers have started at least this many more jobs.
async fn more_work(path: &Path, jobs: usize) {
    let begun = || effects(path).0.values().sum::<usize>();
    let (before, start) = (begun(), Instant::now());
    while begun() < before + jobs {
        assert!(start.elapsed() < Duration::from_secs(60), "the workers do nothing");
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
}

async fn survive(place: Place) {
    let seed =
        std::env::var("AFPI_TEST_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or_else(|| rand::rng().random());
    println!("AFPI_TEST_SEED={seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let (db, queue) = place.open().await;
    let stop = CancellationToken::new();
    let producers: Vec<_> = (0..PRODUCERS)
        .map(|n| tokio::spawn(produce(db.clone(), place.effects.clone(), seed ^ n, stop.clone())))
        .collect();

    let mut worker = place.start_worker();
    for _ in 0..FREEZES {
        more_work(&place.effects, 5).await;
        worker.signal("STOP");
        let mut second = place.start_worker();
        tokio::time::sleep(LEASE * 2).await;
        // The worker wakes up with expired leases and must not change anything.
        worker.signal("CONT");
        more_work(&place.effects, 5).await;
        second.kill();
    }
    for _ in 0..KILLS {
        more_work(&place.effects, rng.random_range(3..25)).await;
        tokio::time::sleep(Duration::from_millis(rng.random_range(0..120))).await;
        worker.kill();
        worker = place.start_worker();
    }
    stop.cancel();
    let (mut acknowledged, mut rolled_back) = (Vec::new(), Vec::new());
    for producer in producers {
        let (a, r) = producer.await.unwrap();
        acknowledged.extend(a);
        rolled_back.extend(r);
    }

    let relay = Relay::new(db.clone(), queue.clone());
    let (mut least, mut since) = (u64::MAX, Instant::now());
    loop {
        let open: u64 = queue.counts().await.unwrap().iter().map(|c| c.waiting + c.delayed + c.active).sum();
        let open = open + relay.backlog().await.unwrap().jobs;
        if open == 0 {
            break;
        }
        if open < least {
            (least, since) = (open, Instant::now());
        }
        assert!(since.elapsed() < Duration::from_secs(30), "{open} jobs are open, and no worker makes progress");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    worker.kill();

    let (starts, ends, lost) = effects(&place.effects);
    let mut expected_starts = 0;
    let mut dead = 0;
    for id in &acknowledged {
        let job = queue.get(*id).await.unwrap().unwrap_or_else(|| panic!("job {id} is lost"));
        match job.state {
            State::Completed => assert!(ends.contains(id), "completed, but its effect never happened"),
            State::Dead => dead += 1,
            other => panic!("job {id} is {}", other.as_str()),
        }
        expected_starts += 1 + usize::from(job.payload["fails"] == true);
    }
    for id in &rolled_back {
        assert!(!starts.contains_key(id), "the job ran although its transaction was rolled back");
    }
    let known: HashSet<&Uuid> = acknowledged.iter().collect();
    assert!(starts.keys().all(|id| known.contains(id)), "something ran that nobody enqueued");
    let twice = starts.values().sum::<usize>().saturating_sub(expected_starts);
    println!(
        "{} jobs, {dead} dead, {twice} extra runs after {KILLS} kills and {FREEZES} freezes, {lost} lost",
        acknowledged.len()
    );
    // Each freeze ends with a kill of the second worker. The frozen worker counts its own lost leases.
    let in_flight = CONCURRENCY * (KILLS + FREEZES) + lost;
    assert!(twice <= in_flight, "{twice} extra runs, at most {in_flight} were in flight");
    assert!(acknowledged.len() > 50 && starts.len() > 50, "too little happened to prove anything");
    db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    testing::sqlite(&dir).await.close().await;
    let db = format!("sqlite://{}", dir.path().join("test.db").display());
    survive(Place { db, redis: None, effects: dir.path().join("effects") }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mariadb_loses_nothing() {
    let Some(server) = testing::mariadb_url() else { return };
    let dir = tempfile::tempdir().unwrap();
    let maria = testing::MariaDb::create(&server).await;
    survive(Place { db: maria.url.clone(), redis: None, effects: dir.path().join("effects") }).await;
    maria.drop().await;
}

/// One server's address, or a list of a cluster's nodes.
fn redis_at(place: &str) -> Redis {
    if place.contains(',') { Redis::cluster(place).unwrap() } else { Redis::single(place).unwrap() }
}

async fn redis_survives(variable: &str) {
    let Some(place) = std::env::var(variable).ok().filter(|place| !place.is_empty()) else { return };
    let dir = tempfile::tempdir().unwrap();
    testing::sqlite(&dir).await.close().await;
    let db = format!("sqlite://{}", dir.path().join("test.db").display());
    let installation = Uuid::new_v4().to_string();
    let redis = Some((place.clone(), installation.clone()));
    survive(Place { db, redis, effects: dir.path().join("effects") }).await;
    let all = format!("{{afpi-{installation}}}:*");
    let mut redis = redis_at(&place).client(&all).await.unwrap().get_multiplexed_async_connection().await.unwrap();
    let keys: Vec<String> = redis::cmd("KEYS").arg(&all).query_async(&mut redis).await.unwrap();
    let _: i64 = redis::cmd("UNLINK").arg(keys).query_async(&mut redis).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_loses_nothing() {
    redis_survives("AFPI_TEST_REDIS_URL").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_loses_nothing() {
    redis_survives("AFPI_TEST_REDIS_CLUSTER").await;
}
