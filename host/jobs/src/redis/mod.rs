//! The queue on Redis, in BullMQ's data structures (5.x), so that its tools and workers for Node can read it. The scripts
//! are our own, because they end and take many jobs in one call. Redis keeps its data reliably only with `appendonly yes`
//! and `maxmemory-policy noeviction`. The first connection checks these settings.
//!
//! BullMQ's `failed` is dead here, and `prioritized` is waiting. A job's data is `{payload, correlationId, traceparent, runAt}`.

mod adopt;
mod exchange;
mod look;
mod manage;
mod place;
mod script;
mod server;
mod waiter;

use std::sync::Arc;

use ::redis::cmd;
use async_trait::async_trait;
use uuid::Uuid;

pub use self::place::Redis;
use self::server::Server;
use crate::{
    End, Exchanged, Filter, Job, JobsError, Lease, Page, Queue, QueueCounts, Queued, Recovered, Result, Settings,
    Waiter,
};

/// A queue on a Redis server.
pub struct RedisQueue {
    server: Arc<Server>,
    /// The prefix of every key.
    prefix: String,
    /// The prefix of an earlier layout, whose jobs are brought over.
    earlier: Option<String>,
    settings: Settings,
}

impl RedisQueue {
    /// The queue of this installation. All its keys begin with `{afpi-<installation>}`, so they lie in one slot of a
    /// cluster, and never touch those of another installation. It connects at its first use, so this succeeds while
    /// Redis is away.
    pub fn new(redis: &Redis, installation: &str, settings: Settings) -> Result<RedisQueue> {
        if installation.is_empty() || !installation.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return Err(JobsError::Refused(format!("installation {installation:?} must be letters, digits and -")));
        }
        let prefix = format!("{{afpi-{installation}}}");
        let server = Arc::new(Server::new(redis.clone(), format!("{prefix}:queues")));
        Ok(RedisQueue { server, prefix, earlier: None, settings })
    }

    /// Brings over the jobs that nodes of an earlier version have put, or put, under this prefix. There are none in a
    /// cluster: those nodes could not speak to one.
    pub fn adopting(self, prefix: &str) -> RedisQueue {
        RedisQueue { earlier: (!self.server.is_cluster()).then(|| prefix.to_owned()), ..self }
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

    async fn exchange(&self, queue: &str, ends: &[(Lease, End)], limit: u32, worker: &str) -> Result<Exchanged> {
        self.end_and_claim(queue, ends, limit, worker).await
    }

    async fn renew_all(&self, queue: &str, leases: &[Lease]) -> Result<Vec<bool>> {
        self.extend(queue, leases).await
    }

    async fn progress(&self, lease: &Lease, percent: u8) -> Result<()> {
        self.note_progress(lease, percent).await
    }

    async fn recover_stalled(&self) -> Result<Vec<Recovered>> {
        self.recover().await
    }

    async fn pause(&self, queue: &str) -> Result<()> {
        self.set_paused(queue, "paused").await
    }

    async fn resume(&self, queue: &str) -> Result<()> {
        self.set_paused(queue, "resumed").await
    }

    async fn is_paused(&self, queue: &str) -> Result<bool> {
        self.server.run(cmd("HEXISTS").arg(self.key(queue, "meta")).arg("paused")).await
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
        self.server.run(&cmd("PING")).await
    }

    fn waiter(&self, queue: &str) -> Box<dyn Waiter> {
        Box::new(waiter::RedisWaiter::new(self.server.clone(), self.key(queue, "marker")))
    }
}
