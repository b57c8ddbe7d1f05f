//! The queue on Redis. It uses BullMQ's data structures and mostly its own scripts (`bullmq-official`), so BullMQ tools
//! for Node can read it. Redis keeps its data reliably only with `appendonly yes` and `maxmemory-policy noeviction`.
//! The first connection checks these settings.
//!
//! BullMQ's `failed` is dead here, and `prioritized` is waiting. A job's data is `{payload, correlationId, runAt}`.

mod claims;
mod connection;
mod ends;
mod look;
mod manage;
mod waiter;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::{
    Claim, Failure, Fate, Filter, Job, JobsError, Lease, Page, Queue, QueueCounts, Queued, Recovered, Result, Settings,
    Waiter,
};

/// If Redis does not answer for this long, it counts as away.
const ANSWER: Duration = Duration::from_secs(5);

/// A queue on a Redis server.
pub struct RedisQueue {
    url: String,
    /// The prefix of every key.
    prefix: String,
    settings: Settings,
    connection: OnceCell<bullmq::redis_connection::RedisConnection>,
    queues: RwLock<HashMap<String, Arc<Handle>>>,
    /// The jobs that this process holds, by token. BullMQ's port ends a job through the object of its claim.
    held: Mutex<HashMap<Uuid, Held>>,
}

/// A claimed job, and when its lease was last renewed.
#[derive(Clone)]
struct Held {
    job: Arc<tokio::sync::Mutex<bullmq::Job>>,
    since: Instant,
}

/// BullMQ's view of one queue.
struct Handle {
    queue: bullmq::Queue,
    /// The worker that claims jobs. It runs no loop. It is created at the first claim, because producers need none.
    claimer: OnceCell<bullmq::Worker>,
}

impl RedisQueue {
    /// A queue at `redis://…` (or `rediss://…`). All keys begin with `prefix`, which contains no colon. It connects at
    /// its first use, so this succeeds while Redis is away.
    pub fn new(url: &str, prefix: &str, settings: Settings) -> Result<RedisQueue> {
        if prefix.is_empty() || prefix.contains(':') {
            return Err(JobsError::Refused(format!("key prefix {prefix:?} must be non-empty and without colon")));
        }
        ::redis::Client::open(url).map_err(|error| JobsError::Refused(format!("Redis address: {error}")))?;
        Ok(RedisQueue {
            url: url.to_owned(),
            prefix: prefix.to_owned(),
            settings,
            connection: OnceCell::new(),
            queues: RwLock::default(),
            held: Mutex::default(),
        })
    }
}

/// Converts an error of BullMQ. Every error of Redis or the network counts as “away”, because only time helps.
fn error(error: bullmq::Error) -> JobsError {
    match error {
        bullmq::Error::Redis(error) => JobsError::Unavailable(format!("Redis: {error}")),
        bullmq::Error::ConnectionClosed => JobsError::Unavailable("Redis: connection closed".into()),
        other => JobsError::Defect(format!("BullMQ: {other}")),
    }
}

/// Runs `work` with a time limit for Redis's answer.
async fn timely<T>(work: impl Future<Output = Result<T, bullmq::Error>>) -> Result<T> {
    match tokio::time::timeout(ANSWER, work).await {
        Ok(result) => result.map_err(error),
        Err(_) => Err(JobsError::Unavailable(format!("Redis: no answer within {} s", ANSWER.as_secs()))),
    }
}

#[async_trait]
impl Queue for RedisQueue {
    fn settings(&self) -> &Settings {
        &self.settings
    }

    async fn add(&self, jobs: &[Queued]) -> Result<()> {
        self.add_all(jobs).await
    }

    async fn claim(&self, queue: &str, limit: u32, worker: &str) -> Result<Vec<Claim>> {
        self.claim_due(queue, limit, worker).await
    }

    async fn renew(&self, lease: &Lease) -> Result<()> {
        self.extend(lease).await
    }

    async fn progress(&self, lease: &Lease, percent: u8) -> Result<()> {
        self.set_progress(lease, percent).await
    }

    async fn complete(&self, lease: &Lease) -> Result<()> {
        self.end_completed(lease).await
    }

    async fn fail(&self, lease: &Lease, failure: &Failure) -> Result<Fate> {
        self.end_failed(lease, failure).await
    }

    async fn release(&self, lease: &Lease) -> Result<()> {
        self.give_back(lease).await
    }

    async fn recover_stalled(&self) -> Result<Vec<Recovered>> {
        self.recover().await
    }

    async fn pause(&self, queue: &str) -> Result<()> {
        timely(self.handle(queue).await?.queue.pause()).await
    }

    async fn resume(&self, queue: &str) -> Result<()> {
        timely(self.handle(queue).await?.queue.resume()).await
    }

    async fn is_paused(&self, queue: &str) -> Result<bool> {
        timely(self.handle(queue).await?.queue.is_paused()).await
    }

    async fn counts(&self) -> Result<Vec<QueueCounts>> {
        self.count_all().await
    }

    async fn list(&self, filter: &Filter) -> Result<Page> {
        self.page(filter).await
    }

    async fn get(&self, id: Uuid) -> Result<Option<Job>> {
        self.one(id).await
    }

    async fn retry_dead(&self, id: Uuid) -> Result<()> {
        self.revive(id).await
    }

    async fn purge(&self, completed_before: i64, dead_before: i64) -> Result<u64> {
        Ok(self.delete_finished("completed", completed_before).await?
            + self.delete_finished("failed", dead_before).await?)
    }

    async fn ping(&self) -> Result<()> {
        timely(self.connection().await?.ping()).await
    }

    fn waiter(&self, queue: &str) -> Box<dyn Waiter> {
        Box::new(waiter::RedisWaiter::new(&self.url, format!("{}:{queue}:marker", self.prefix)))
    }
}
