//! Redis as it is deployed: two installations on one server, jobs of an earlier version, BullMQ on Node beside us, TLS
//! with a private authority, and servers that take over from one another while jobs run. The tests start servers of their
//! own, and say when they cannot.

mod servers;

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use afpi_db::{Db, testing};
use afpi_jobs::*;
use async_trait::async_trait;
use serde_json::json;
use servers::Server;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

fn settings() -> Settings {
    let backoff = Backoff { base: Duration::from_millis(40), cap: Duration::from_millis(100) };
    Settings { lease: Duration::from_secs(3), backoff, ..Settings::default() }
}

fn queue(redis: &Redis, installation: &str) -> Arc<dyn Queue> {
    Arc::new(RedisQueue::new(redis, installation, settings()).unwrap())
}

async fn add(queue: &Arc<dyn Queue>, jobs: impl IntoIterator<Item = NewJob>) -> Vec<Uuid> {
    let batch: Vec<Queued> =
        jobs.into_iter().map(|job| Queued { id: Uuid::now_v7(), created_at: now_ms(), job }).collect();
    queue.add(&batch).await.unwrap();
    batch.into_iter().map(|queued| queued.id).collect()
}

fn job() -> NewJob {
    NewJob::new("q", "test.kind", json!({"n": 1}))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_installations_on_one_server_never_touch_each_other() {
    let Some(server) = Server::single(&[]).await else { return };
    let redis = Redis::single(&server.url()).unwrap();
    let (one, two) = (queue(&redis, "one"), queue(&redis, "two"));
    let added = add(&one, [job().dedupe("key"), job()]).await;
    assert!(two.counts().await.unwrap().is_empty());
    assert!(two.claim("q", 10, "w").await.unwrap().is_empty());
    assert!(two.get(added[0]).await.unwrap().is_none());
    assert_eq!(add(&two, [job().dedupe("key")]).await.len(), 1);
    assert_eq!(two.claim("q", 10, "w").await.unwrap().len(), 1, "the key is its own");
    two.pause("q").await.unwrap();
    assert!(!one.is_paused("q").await.unwrap());
    assert_eq!(two.purge(i64::MAX, i64::MAX).await.unwrap(), 0);
    assert_eq!(one.claim("q", 10, "w").await.unwrap().len(), 2);
    for bad in ["", "a:b", "a}b", "a b"] {
        assert!(matches!(RedisQueue::new(&redis, bad, settings()), Err(JobsError::Refused(_))), "{bad:?}");
    }
}

/// Gives all keys of an installation the names that an earlier version used.
async fn age(redis: &Redis, installation: &str, prefix: &str) {
    let new = format!("{{afpi-{installation}}}");
    let mut connection = redis.client("any").await.unwrap().get_multiplexed_async_connection().await.unwrap();
    let keys: Vec<String> = redis::cmd("KEYS").arg(format!("{new}:*")).query_async(&mut connection).await.unwrap();
    for key in keys {
        let old = key.replace(&new, prefix);
        redis::cmd("RENAME").arg(&key).arg(old).exec_async(&mut connection).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_of_an_earlier_version_are_brought_over() {
    let Some(server) = Server::single(&[]).await else { return };
    let redis = Redis::single(&server.url()).unwrap();
    let old = queue(&redis, "old");
    let hour = now_ms() + 3_600_000;
    let jobs = [job(), job().max_attempts(1), job(), job().dedupe("key"), job().priority(7), job().run_at(hour), job()];
    let added = add(&old, jobs).await;
    let running = old.claim("q", 3, "w").await.unwrap();
    old.end(&running[0].lease, End::Completed).await.unwrap();
    let failure = Failure { message: "x".into(), retry: Retry::Backoff };
    old.end(&running[1].lease, End::Failed(failure)).await.unwrap();
    age(&redis, "old", "afpi").await;

    let new: Arc<dyn Queue> = Arc::new(RedisQueue::new(&redis, "new", settings()).unwrap().adopting("afpi"));
    new.recover_stalled().await.unwrap();
    let counts = new.counts().await.unwrap().remove(0);
    assert_eq!((counts.waiting, counts.delayed, counts.completed, counts.dead), (3, 1, 1, 1));
    assert_eq!(counts.active, 0, "its worker still holds the lease");
    add(&new, [job().dedupe("key")]).await;
    let claimed: Vec<Uuid> = new.claim("q", 10, "w").await.unwrap().iter().map(|c| c.lease.id).collect();
    assert_eq!(claimed, [added[3], added[6], added[4]], "by priority, and the copy of a waiting job is dropped");

    // The old worker never ends its job. After its lease the job is taken back.
    let start = Instant::now();
    while new.get(added[2]).await.unwrap().is_none_or(|job| job.state != State::Waiting) {
        assert!(start.elapsed() < Duration::from_secs(10), "the job of the old worker is not taken back");
        tokio::time::sleep(Duration::from_millis(100)).await;
        new.recover_stalled().await.unwrap();
    }
    assert_eq!(new.get(added[5]).await.unwrap().unwrap().state, State::Delayed);
    new.retry_dead(added[1]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bullmq_on_node_reads_the_jobs_and_runs_them() {
    let peer = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peer");
    if !peer.join("node_modules/bullmq").is_dir() {
        eprintln!("skipped: `npm ci` was not run in host/jobs/benches/peer");
        return;
    }
    let Some(server) = Server::single(&[]).await else { return };
    let queue = queue(&Redis::single(&server.url()).unwrap(), "node");
    let hour = now_ms() + 3_600_000;
    let jobs = [job(), job().max_attempts(1), job(), job().run_at(hour), job().priority(7).dedupe("key")];
    let added = add(&queue, jobs).await;
    let claimed = queue.claim("q", 3, "w").await.unwrap();
    let failure = Failure { message: "no such address".into(), retry: Retry::Backoff };
    let ends = [(claimed[0].lease.clone(), End::Completed), (claimed[1].lease.clone(), End::Failed(failure))];
    queue.exchange("q", &ends, 0, "w").await.unwrap();

    let output = Command::new("node").current_dir(&peer).args(["read.mjs", &server.url(), "{afpi-node}", "q"]).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let seen: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let id = |n: usize| added[n].to_string();
    let expected = json!({
        "completed": [{"id": id(0), "name": "test.kind", "data": {"payload": {"n": 1}}, "attempts": 5, "made": 1}],
        "failed": [{"id": id(1), "name": "test.kind", "data": {"payload": {"n": 1}}, "attempts": 1, "made": 1,
            "reason": "no such address"}],
        "active": [{"id": id(2), "name": "test.kind", "data": {"payload": {"n": 1}}, "attempts": 5, "made": 0}],
        "delayed": [{"id": id(3), "name": "test.kind", "data": {"payload": {"n": 1}, "runAt": hour}, "attempts": 5, "made": 0}],
        "prioritized": [{"id": id(4), "name": "test.kind", "data": {"payload": {"n": 1}}, "attempts": 5, "made": 0}],
        "wait": [],
        "ran": id(4),
    });
    assert_eq!(seen, expected);
    assert_eq!(queue.get(added[4]).await.unwrap().unwrap().state, State::Completed, "what a Node worker ran");
    assert_eq!(add(&queue, [job().dedupe("key")]).await.len(), 1);
    assert_eq!(queue.claim("q", 5, "w").await.unwrap().len(), 1, "and it has released the key");
}

fn openssl(folder: &Path, arguments: &str) -> bool {
    let run = Command::new("openssl").current_dir(folder).args(arguments.split(' ')).output();
    run.is_ok_and(|run| run.status.success())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_with_a_certificate_of_a_private_authority() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("names"), "subjectAltName=IP:127.0.0.1").unwrap();
    let made = openssl(dir.path(), "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=ca")
        && openssl(dir.path(), "req -newkey rsa:2048 -nodes -keyout key.pem -out asked.pem -subj /CN=redis")
        && openssl(
            dir.path(),
            "x509 -req -in asked.pem -CA ca.pem -CAkey ca.key -CAcreateserial -out cert.pem -days 2 -extfile names",
        );
    if !made {
        eprintln!("skipped: openssl is missing");
        return;
    }
    let file = |name: &str| dir.path().join(name).display().to_string();
    let (cert, key, ca) = (file("cert.pem"), file("key.pem"), file("ca.pem"));
    let tls = ["--tls-cert-file", &cert, "--tls-key-file", &key, "--tls-ca-cert-file", &ca, "--tls-auth-clients", "no"];
    let Some(server) = Server::single(&tls).await else { return };
    let url = server.url().replace("redis://", "rediss://");
    let authority = std::fs::read(&ca).unwrap();

    let trusting = queue(&Redis::single(&url).unwrap().trusting(authority.clone()).unwrap(), "tls");
    trusting.ping().await.unwrap();
    add(&trusting, [job()]).await;
    let mut waiter = trusting.waiter("q");
    waiter.wait(Duration::from_secs(5)).await.unwrap();
    assert_eq!(trusting.claim("q", 1, "w").await.unwrap().len(), 1);
    let strange = queue(&Redis::single(&url).unwrap(), "tls");
    assert!(strange.ping().await.unwrap_err().is_unavailable(), "the system's authorities have not signed it");
    assert!(matches!(Redis::single("redis://127.0.0.1").unwrap().trusting(authority), Err(JobsError::Refused(_))));
}

/// Notes which jobs it has run.
#[derive(Clone, Default)]
struct Noting(Arc<Mutex<HashSet<Uuid>>>);

#[async_trait]
impl Handler for Noting {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        tokio::time::sleep(Duration::from_millis(5)).await;
        self.0.lock().unwrap().insert(job.id);
        Ok(())
    }
}

/// Enqueues jobs while a server dies and another one takes over. Each acknowledged job runs, and ends.
async fn survives(redis: Redis, mut kill: impl FnMut()) {
    const JOBS: usize = 400;
    let dir = tempfile::tempdir().unwrap();
    let db: Db = testing::sqlite(&dir).await;
    let queue = queue(&redis, "failover");
    let (relay, noting, stop) = (Relay::new(db.clone(), queue.clone()), Noting::default(), CancellationToken::new());
    let (carrier, halt) = (relay.clone(), stop.clone());
    let carrying = tokio::spawn(async move { carrier.run(halt).await });
    let worker = Worker::new(queue.clone()).lane("q", 4).handler("test.kind", Arc::new(noting.clone()));
    let working = tokio::spawn(worker.run(stop.clone()));

    let mut acknowledged = Vec::new();
    for n in 0..JOBS {
        let mut tx = db.begin().await.unwrap();
        acknowledged.push(enqueue(&mut tx, &job()).await.unwrap());
        tx.commit().await.unwrap();
        relay.wake();
        if n == JOBS / 2 {
            kill();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let start = Instant::now();
    let mut open = acknowledged.clone();
    while !open.is_empty() {
        assert!(start.elapsed() < Duration::from_secs(60), "{} of {JOBS} jobs are not done", open.len());
        tokio::time::sleep(Duration::from_millis(200)).await;
        let mut left = Vec::new();
        for id in open {
            match queue.get(id).await {
                Ok(Some(job)) if job.state == State::Completed => {}
                Ok(_) => left.push(id),
                Err(error) => {
                    assert!(error.is_unavailable(), "{error}");
                    left.push(id);
                }
            }
        }
        open = left;
    }
    let ran = noting.0.lock().unwrap().clone();
    assert!(acknowledged.iter().all(|id| ran.contains(id)), "completed, but never run");
    stop.cancel();
    working.await.unwrap();
    carrying.await.unwrap();
    db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_master_of_a_cluster_dies_and_no_acknowledged_job_is_lost() {
    let Some(mut nodes) = servers::cluster().await else { return };
    let redis = Redis::cluster(&nodes.iter().map(Server::address).collect::<Vec<_>>().join(",")).unwrap();
    let owner = redis.client("{afpi-failover}:queues").await.unwrap();
    let port = match owner.get_connection_info().addr() {
        redis::ConnectionAddr::Tcp(_, port) => *port,
        other => panic!("{other}"),
    };
    let owner = nodes.iter().position(|node| node.port == port).expect("one of them");
    survives(redis, || nodes[owner].kill()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_master_that_sentinels_watch_dies_and_no_acknowledged_job_is_lost() {
    let Some((mut master, _replica, sentinels)) = servers::watched().await else { return };
    let list = sentinels.iter().map(Server::address).collect::<Vec<_>>().join(",");
    survives(Redis::sentinel(&list, "afpi").unwrap(), || master.kill()).await;
}
