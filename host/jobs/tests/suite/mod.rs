//! The test bed: a new store per test, queues on it that act like the nodes of a cluster, and small helpers.

pub mod failing;
pub mod looking;
pub mod model;
pub mod taking;
pub mod working;

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use afpi_db::{Db, sql, testing};
use afpi_jobs::{
    Backoff, Claim, End, Failure, JobsError, NewJob, Queue, Queued, Redis, RedisQueue, Retry, Settings, SqlQueue,
    now_ms,
};
use serde_json::json;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    Sqlite,
    MariaDb,
    Redis,
    Cluster,
}

/// A new store.
pub struct Bed {
    store: Store,
}

enum Store {
    Sqlite { db: Db, _dir: tempfile::TempDir },
    MariaDb(testing::MariaDb),
    Redis { redis: Redis, installation: String },
}

impl Store {
    fn redis(redis: Redis) -> Store {
        Store::Redis { redis, installation: Uuid::new_v4().to_string() }
    }
}

impl Bed {
    /// Opens a new store. Returns `None` if its server is not configured.
    pub async fn open(kind: Kind) -> Option<Bed> {
        let store = match kind {
            Kind::Sqlite => {
                let dir = tempfile::tempdir().unwrap();
                Store::Sqlite { db: testing::sqlite(&dir).await, _dir: dir }
            }
            Kind::MariaDb => Store::MariaDb(testing::MariaDb::create(&testing::mariadb_url()?).await),
            Kind::Redis => Store::redis(Redis::single(&setting("AFPI_TEST_REDIS_URL")?).unwrap()),
            Kind::Cluster => Store::redis(Redis::cluster(&setting("AFPI_TEST_REDIS_CLUSTER")?).unwrap()),
        };
        Some(Bed { store })
    }

    /// A queue on the store, as a node uses it.
    pub fn node(&self, settings: Settings) -> Arc<dyn Queue> {
        match &self.store {
            Store::Sqlite { db, .. } => Arc::new(SqlQueue::new(db.clone(), settings)),
            Store::MariaDb(maria) => Arc::new(SqlQueue::new(maria.db.clone(), settings)),
            Store::Redis { redis, installation } => Arc::new(RedisQueue::new(redis, installation, settings).unwrap()),
        }
    }

    /// A queue whose leases last longer than any test.
    pub fn queue(&self) -> Arc<dyn Queue> {
        self.node(calm())
    }

    /// Ends the lease of this job without the holder's knowledge, as if it had expired and another worker had the job.
    pub async fn steal(&self, id: Uuid) {
        let db = match &self.store {
            Store::Sqlite { db, .. } => db,
            Store::MariaDb(maria) => &maria.db,
            Store::Redis { redis, installation } => {
                let lock = format!("{{afpi-{installation}}}:q:{id}:lock");
                let steal = redis::cmd("GETSET").arg(&lock).arg("another's").to_owned();
                let old: Option<String> = redis_command(redis, &lock, &steal).await;
                assert!(old.is_some());
                return;
            }
        };
        let mut tx = db.begin().await.unwrap();
        let stolen =
            sql("UPDATE jobs SET token = ? WHERE id = ?").bind(Uuid::new_v4()).bind(id).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(stolen, 1);
    }

    pub async fn close(self) {
        match self.store {
            Store::Sqlite { db, .. } => db.close().await,
            Store::MariaDb(maria) => maria.drop().await,
            Store::Redis { redis, installation } => {
                let all = format!("{{afpi-{installation}}}:*");
                let keys: Vec<String> = redis_command(&redis, &all, redis::cmd("KEYS").arg(&all)).await;
                for chunk in keys.chunks(1000) {
                    let _: i64 = redis_command(&redis, &all, redis::cmd("UNLINK").arg(chunk)).await;
                }
            }
        }
    }
}

/// What tests are told of the servers they may use.
pub fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

async fn redis_command<T: redis::FromRedisValue>(redis: &Redis, key: &str, command: &redis::Cmd) -> T {
    // Without the usual limit of half a second: a slow machine may need more for ten thousand keys.
    let config = redis::AsyncConnectionConfig::new().set_response_timeout(None);
    let client = redis.client(key).await.unwrap();
    let mut connection = client.get_multiplexed_async_connection_with_config(&config).await.unwrap();
    command.query_async(&mut connection).await.unwrap()
}

/// Settings with long leases and a short backoff.
pub fn calm() -> Settings {
    let backoff = Backoff { base: Duration::from_millis(40), cap: Duration::from_millis(100) };
    Settings { lease: Duration::from_secs(60), backoff, ..Settings::default() }
}

/// Settings with leases that expire during a test.
pub fn nervous() -> Settings {
    Settings { lease: Duration::from_millis(250), ..calm() }
}

pub fn job() -> NewJob {
    NewJob::new("q", "test.kind", json!({"n": 1}))
}

pub fn numbered(n: usize) -> NewJob {
    NewJob { payload: json!({ "n": n }), ..job() }
}

/// Adds the jobs in this order. Returns their ids.
pub async fn add(queue: &Arc<dyn Queue>, jobs: impl IntoIterator<Item = NewJob>) -> Vec<Uuid> {
    let batch: Vec<Queued> =
        jobs.into_iter().map(|job| Queued { id: Uuid::now_v7(), created_at: now_ms(), job }).collect();
    queue.add(&batch).await.unwrap();
    batch.into_iter().map(|q| q.id).collect()
}

pub async fn claim(queue: &Arc<dyn Queue>, limit: u32) -> Vec<Claim> {
    queue.claim("q", limit, "tester").await.unwrap()
}

/// Waits for a job that is due, and claims it.
pub async fn claim_one(queue: &Arc<dyn Queue>) -> Claim {
    until("a job is due", || async { claim(queue, 1).await.pop() }).await
}

pub fn ids(claims: &[Claim]) -> Vec<Uuid> {
    claims.iter().map(|c| c.lease.id).collect()
}

/// Repeats the question until it has an answer, for at most ten seconds.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(start.elapsed() < Duration::from_secs(10), "not within 10 s: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The end of a failed attempt.
pub fn failed(retry: Retry) -> End {
    End::Failed(Failure { message: "x".into(), retry })
}

pub async fn state(queue: &Arc<dyn Queue>, id: Uuid) -> afpi_jobs::State {
    queue.get(id).await.unwrap().expect("job is known").state
}

pub fn is_lost<T: std::fmt::Debug>(result: Result<T, JobsError>) -> bool {
    matches!(result, Err(JobsError::LeaseLost(_)))
}
