//! The queue as a trait: the operations of every backend. One conformance suite (`tests/`) checks them all.

use std::time::Duration;

use async_trait::async_trait;
use uuid::Uuid;

use crate::{
    Claim, End, Exchanged, Fate, Filter, Job, JobsError, Lease, Page, QueueCounts, Queued, Recovered, Result, Settings,
};

/// A job queue. An operation with a [`Lease`] that the caller has lost changes nothing. Single ones return
/// [`crate::JobsError::LeaseLost`] then.
#[async_trait]
pub trait Queue: Send + Sync + 'static {
    /// The rules that the workers of this queue share.
    fn settings(&self) -> &Settings;

    /// Adds jobs. It ignores a known id, and drops a job whose dedupe key is in use.
    async fn add(&self, jobs: &[Queued]) -> Result<()>;

    /// Ends jobs of one queue and takes up to `limit` due ones, by priority, then by due time, in one step: after an
    /// error of a backend that is still there, neither has happened. It takes none while the queue is paused.
    async fn exchange(&self, queue: &str, ends: &[(Lease, End)], limit: u32, worker: &str) -> Result<Exchanged>;

    /// Extends leases of one queue by another [`Settings::lease`]. Says of each one whether it was held.
    async fn renew_all(&self, queue: &str, leases: &[Lease]) -> Result<Vec<bool>>;

    /// Reports the progress, 0–100.
    async fn progress(&self, lease: &Lease, percent: u8) -> Result<()>;

    /// Takes jobs, see [`Queue::exchange`].
    async fn claim(&self, queue: &str, limit: u32, worker: &str) -> Result<Vec<Claim>> {
        Ok(self.exchange(queue, &[], limit, worker).await?.claims)
    }

    /// Ends one job.
    async fn end(&self, lease: &Lease, end: End) -> Result<Fate> {
        let exchanged = self.exchange(&lease.queue, &[(lease.clone(), end)], 0, "").await?;
        exchanged.fates.first().copied().flatten().ok_or(JobsError::LeaseLost(lease.id))
    }

    /// Extends one lease.
    async fn renew(&self, lease: &Lease) -> Result<()> {
        match self.renew_all(&lease.queue, std::slice::from_ref(lease)).await?[..] {
            [true] => Ok(()),
            _ => Err(JobsError::LeaseLost(lease.id)),
        }
    }

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
