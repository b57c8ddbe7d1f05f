//! The queue as a trait: the operations of every backend. One conformance suite (`tests/`) checks them all.

use std::time::Duration;

use async_trait::async_trait;
use uuid::Uuid;

use crate::{Claim, Failure, Fate, Filter, Job, Lease, Page, QueueCounts, Queued, Recovered, Result, Settings};

/// A job queue. Every method with a [`Lease`] returns [`crate::JobsError::LeaseLost`] if the caller has lost the lease.
/// Then it has changed nothing.
#[async_trait]
pub trait Queue: Send + Sync + 'static {
    /// The rules that the workers of this queue share.
    fn settings(&self) -> &Settings;

    /// Adds jobs. It ignores a known id, and drops a job whose dedupe key is in use.
    async fn add(&self, jobs: &[Queued]) -> Result<()>;

    /// Takes up to `limit` due jobs of one queue, by priority, then by due time. It takes none while the queue is
    /// paused.
    async fn claim(&self, queue: &str, limit: u32, worker: &str) -> Result<Vec<Claim>>;

    /// Extends the lease by another [`Settings::lease`].
    async fn renew(&self, lease: &Lease) -> Result<()>;

    /// Reports the progress, 0–100.
    async fn progress(&self, lease: &Lease, percent: u8) -> Result<()>;

    /// Completes the job.
    async fn complete(&self, lease: &Lease) -> Result<()>;

    /// Fails the job. It is retried as [`Failure::retry`] says while attempts are left. Otherwise it is dead.
    async fn fail(&self, lease: &Lease, failure: &Failure) -> Result<Fate>;

    /// Returns the unfinished job to the front of the queue. The attempt does not count. A worker does this when it
    /// stops.
    async fn release(&self, lease: &Lease) -> Result<()>;

    /// Takes back jobs with an expired lease. They are waiting again, or dead after [`Settings::max_crashes`].
    async fn recover_stalled(&self) -> Result<Vec<Recovered>>;

    /// Stops giving out jobs of this queue on every node, until it is resumed. Running jobs continue.
    async fn pause(&self, queue: &str) -> Result<()>;
    async fn resume(&self, queue: &str) -> Result<()>;
    async fn is_paused(&self, queue: &str) -> Result<bool>;

    /// The load of each queue, ordered by name.
    async fn counts(&self) -> Result<Vec<QueueCounts>>;

    /// Jobs, newest first.
    async fn list(&self, filter: &Filter) -> Result<Page>;

    async fn get(&self, id: Uuid) -> Result<Option<Job>>;

    /// Makes a dead job waiting again, with all its attempts. Its death has released the dedupe key, and the key stays
    /// free.
    async fn retry_dead(&self, id: Uuid) -> Result<()>;

    /// Deletes jobs that finished before these instants (epoch ms). Returns their number.
    async fn purge(&self, completed_before: i64, dead_before: i64) -> Result<u64>;

    /// Checks that the backend answers.
    async fn ping(&self) -> Result<()>;

    /// Waits until this queue may have work. A waiter that is created before the first claim misses no work.
    fn waiter(&self, queue: &str) -> Box<dyn Waiter>;
}

/// Waits for work. Events of this process end the wait early. Events of other processes do too, if the backend supports
/// it.
#[async_trait]
pub trait Waiter: Send {
    /// Returns when there may be work, or after this time. The caller may drop the wait and start it again.
    async fn wait(&mut self, at_most: Duration) -> Result<()>;
}
