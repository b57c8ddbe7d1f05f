//! The connection to Redis. It reconnects by itself, checks once for settings that would lose jobs, and has one handle
//! per queue.

use std::sync::Arc;
use std::time::Duration;

use ::redis::cmd;
use bullmq::options::{QueueOptions, RedisConnectionOptions, WorkerOptions};
use bullmq::redis_connection::RedisConnection;
use tokio::sync::OnceCell;

use super::{Handle, RedisQueue, timely};
use crate::clock::ms;
use crate::{JobsError, Result};

/// The time limit for the first connection.
const CONNECT: Duration = Duration::from_secs(3);

impl RedisQueue {
    /// The shared connection, opened at first use.
    pub(super) async fn connection(&self) -> Result<&RedisConnection> {
        let connect = self.connection.get_or_try_init(|| async {
            let connection = RedisConnection::new_managed_only(&self.options()).await.map_err(super::error)?;
            warn_if_forgetful(&connection).await;
            Ok(connection)
        });
        tokio::time::timeout(CONNECT, connect)
            .await
            .map_err(|_| JobsError::Unavailable("Redis: cannot be reached".into()))?
    }

    fn options(&self) -> RedisConnectionOptions {
        RedisConnectionOptions::default().url(&self.url)
    }

    /// The key of the set of known queue names.
    pub(super) fn names_key(&self) -> String {
        format!("{}:queues", self.prefix)
    }

    /// The names of all queues that any node has used.
    pub(super) async fn names(&self) -> Result<Vec<String>> {
        let mut names: Vec<String> =
            timely(self.connection().await?.cmd(cmd("SMEMBERS").arg(self.names_key()))).await?;
        names.sort();
        Ok(names)
    }

    /// The handle of a queue. Its name is stored, so that every node knows it.
    pub(super) async fn handle(&self, queue: &str) -> Result<Arc<Handle>> {
        if let Some(handle) = self.queues.read().expect("no panic while held").get(queue) {
            return Ok(handle.clone());
        }
        let connection = self.connection().await?;
        let options = QueueOptions::default().prefix(&self.prefix);
        let bull = timely(bullmq::Queue::with_connection(queue, connection.clone(), options)).await?;
        let _: i64 = timely(connection.cmd(cmd("SADD").arg(self.names_key()).arg(queue))).await?;
        let handle = Arc::new(Handle { queue: bull, claimer: OnceCell::new() });
        Ok(self.queues.write().expect("no panic while held").entry(queue.to_owned()).or_insert(handle).clone())
    }

    /// The claimer of this queue. BullMQ's own loop is off, because the worker controls lanes, leases and ends.
    pub(super) async fn claimer<'h>(&self, handle: &'h Handle) -> Result<&'h bullmq::Worker> {
        let connect = handle.claimer.get_or_try_init(|| async {
            let mut options = WorkerOptions::default();
            options.connection = self.options();
            options.prefix = self.prefix.clone();
            options.lock_duration = u64::try_from(ms(self.settings.lease)).unwrap_or(u64::MAX);
            options.autorun = false;
            options.skip_stalled_check = true;
            options.skip_lock_renewal = true;
            let idle = |_: bullmq::Job, _: bullmq::worker::CancellationToken| async { Ok(serde_json::Value::Null) };
            bullmq::Worker::with_options(handle.queue.name(), idle, options).await.map_err(super::error)
        });
        tokio::time::timeout(CONNECT, connect)
            .await
            .map_err(|_| JobsError::Unavailable("Redis: cannot be reached".into()))?
    }
}

/// Warns about settings of Redis that lose acknowledged jobs: at a restart without the append-only file, and under
/// memory pressure with an eviction policy.
async fn warn_if_forgetful(connection: &RedisConnection) {
    for (setting, wanted) in [("appendonly", "yes"), ("maxmemory-policy", "noeviction")] {
        let answer = timely(connection.cmd::<Vec<String>>(cmd("CONFIG").arg("GET").arg(setting))).await;
        match answer.as_deref() {
            Ok([_, value]) if value == wanted => {}
            Ok([_, value]) => tracing::warn!(setting, value, wanted, "Redis may lose jobs: change this setting"),
            Ok(_) | Err(_) => tracing::debug!(setting, "Redis does not tell this setting"),
        }
    }
}
