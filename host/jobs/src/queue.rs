//! The queue as a trait: the operations of every backend. One conformance suite (`tests/`) checks them all.

use std::time::Duration;

use async_trait::async_trait;
use uuid::Uuid;

use crate::{Claim, Failure, Fate, Filter, Job, Lease, Page, QueueCounts, Queued, Recovered, Result, Settings};

/// A job queue. Every method with a [`Lease`] returns [`crate::JobsError::LeaseLost`] when the caller has lost the
/// lease, and then has changed nothing.
#[async_trait]
pub trait Queue: Send + Sync + 'static {
    /// The rules that its workers share.
    fn settings(&self) -> &Settings;

    /// Adds jobs. Ignores a known id, and drops a job whose dedupe key is taken.
    async fn add(&self, jobs: &[Queued]) -> Result<()>;

    /// Up to `limit` due jobs of one queue, by priority, then by due time. None while the queue is paused.
    async fn claim(&self, queue: &str, limit: u32, worker: &str) -> Result<Vec<Claim>>;

    /// Extends the lease by another [`Settings::lease`].
    async fn renew(&self, lease: &Lease) -> Result<()>;

    /// Reports the progress, 0–100.
    async fn progress(&self, lease: &Lease, percent: u8) -> Result<()>;

    /// Completes the job.
    async fn complete(&self, lease: &Lease) -> Result<()>;

    /// Fails the job: retried as [`Failure::retry`] says while tries are left, otherwise dead.
    async fn fail(&self, lease: &Lease, failure: &Failure) -> Result<Fate>;

    /// Returns the unfinished job to the front without counting a try (graceful stop).
    async fn release(&self, lease: &Lease) -> Result<()>;

    /// Takes back jobs with an expired lease: to waiting, or to dead after [`Settings::max_crashes`].
    async fn recover_stalled(&self) -> Result<Vec<Recovered>>;

    /// Stops giving out jobs of this queue, on every node, until resumed. Running jobs go on.
    async fn pause(&self, queue: &str) -> Result<()>;
    async fn resume(&self, queue: &str) -> Result<()>;
    async fn is_paused(&self, queue: &str) -> Result<bool>;

    /// The load of each queue, by name.
    async fn counts(&self) -> Result<Vec<QueueCounts>>;

    /// Jobs, newest first.
    async fn list(&self, filter: &Filter) -> Result<Page>;

    async fn get(&self, id: Uuid) -> Result<Option<Job>>;

    /// Sends a dead job back to waiting with all its tries. Its dedupe key was released at its death and stays so.
    async fn retry_dead(&self, id: Uuid) -> Result<()>;

    /// Deletes jobs that finished before these instants (epoch ms). Returns their number.
    async fn purge(&self, completed_before: i64, dead_before: i64) -> Result<u64>;

    /// Checks that the backend answers.
    async fn ping(&self) -> Result<()>;

    /// Waits until this queue may have work. Created before the first claim it misses nothing.
    fn waiter(&self, queue: &str) -> Box<dyn Waiter>;
}

/// Waits for work. Events of this process end the wait early, and those of others if the backend supports it.
#[async_trait]
pub trait Waiter: Send {
    /// Returns when there may be work, or after this time. May be dropped half way and called again.
    async fn wait(&mut self, at_most: Duration) -> Result<()>;
}
