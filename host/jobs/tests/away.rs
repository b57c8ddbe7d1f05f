//! Redis goes away and comes back. Producers do not notice, workers wait, and everything continues by itself. The test
//! uses a proxy that can be cut, and needs `AFPI_TEST_REDIS_URL`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use afpi_db::{Db, testing};
use afpi_jobs::*;
use async_trait::async_trait;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// A proxy before Redis. While it is up, it forwards bytes. While it is cut, it drops every connection and accepts
/// none.
struct Line {
    url: String,
    up: watch::Sender<bool>,
}

impl Line {
    async fn to(redis: &str, up: bool) -> Line {
        let target = redis.trim_start_matches("redis://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("redis://{}", listener.local_addr().unwrap());
        let up = watch::Sender::new(up);
        let line = Line { url, up: up.clone() };
        tokio::spawn(async move {
            loop {
                let (mut near, _) = listener.accept().await.unwrap();
                let mut state = up.subscribe();
                let target = target.clone();
                tokio::spawn(async move {
                    if !*state.borrow() {
                        return;
                    }
                    let mut far = TcpStream::connect(target).await.unwrap();
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        _ = state.wait_for(|up| !up) => {}
                    }
                });
            }
        });
        line
    }
}

struct Nothing;

#[async_trait]
impl Handler for Nothing {
    async fn run(&self, _: JobContext) -> Result<(), JobError> {
        Ok(())
    }
}

async fn commit(db: &Db) -> Uuid {
    let mut tx = db.begin().await.unwrap();
    let id = enqueue(&mut tx, &NewJob::new("q", "nothing", json!({}))).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// Starts a node: a relay and a worker on a queue behind the proxy.
fn start(db: &Db, line: &Line, installation: &str, stop: &CancellationToken) -> (Arc<dyn Queue>, Arc<Relay>) {
    let settings = Settings { lease: Duration::from_secs(3), ..Settings::default() };
    let queue: Arc<dyn Queue> =
        Arc::new(RedisQueue::new(&Redis::single(&line.url).unwrap(), installation, settings).unwrap());
    let relay = Relay::new(db.clone(), queue.clone());
    let (carrier, halt) = (relay.clone(), stop.clone());
    tokio::spawn(async move { carrier.run(halt).await });
    tokio::spawn(Worker::new(queue.clone()).lane("q", 4).handler("nothing", Arc::new(Nothing)).run(stop.clone()));
    (queue, relay)
}

async fn completed(queue: &dyn Queue, id: Uuid) {
    let start = Instant::now();
    loop {
        // While Redis is away, the queue must report that it is unavailable. It must not report another error or hang.
        match tokio::time::timeout(Duration::from_secs(8), queue.get(id)).await.expect("an answer in time") {
            Ok(Some(job)) if job.state == State::Completed => return,
            Ok(_) => {}
            Err(error) => assert!(error.is_unavailable(), "{error}"),
        }
        assert!(start.elapsed() < Duration::from_secs(60), "job not done a minute after Redis is back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_comes_and_goes_and_every_job_is_done() {
    let Some(redis) = std::env::var("AFPI_TEST_REDIS_URL").ok().filter(|url| !url.is_empty()) else { return };
    let dir = tempfile::tempdir().unwrap();
    let db = testing::sqlite(&dir).await;
    let stop = CancellationToken::new();
    let installation = Uuid::new_v4().to_string();

    let line = Line::to(&redis, false).await;
    let (queue, relay) = start(&db, &line, &installation, &stop);
    let first = commit(&db).await;
    assert!(queue.ping().await.unwrap_err().is_unavailable(), "Redis is away at the start");
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(relay.backlog().await.unwrap().jobs, 1, "the job waits in the outbox");

    line.up.send_replace(true);
    completed(queue.as_ref(), first).await;

    line.up.send_replace(false);
    let start = Instant::now();
    let mut waiting = Vec::new();
    for _ in 0..50 {
        waiting.push(commit(&db).await);
        relay.wake();
    }
    assert!(start.elapsed() < Duration::from_secs(5), "producers had to wait");
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(relay.backlog().await.unwrap().jobs, 50);

    line.up.send_replace(true);
    for id in waiting {
        completed(queue.as_ref(), id).await;
    }
    assert_eq!(relay.drain().await.unwrap(), 0);
    stop.cancel();
}
