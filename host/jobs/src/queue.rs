//! The queue as verbs: what every backend can do. One conformance suite (`tests/`) holds them all to it.

use std::time::Duration;

use async_trait::async_trait;
use uuid::Uuid;

use crate::{Claim, Failure, Fate, Filter, Job, Lease, Page, QueueCounts, Queued, Recovered, Result, Settings};

/// A job queue. Everything with a [`Lease`] answers [`crate::JobsError::LeaseLost`] when the lease is no longer the
/// caller's, and then has changed nothing.
#[async_trait]
pub trait Queue: Send + Sync + 'static {
    /// The rules its workers share.
    fn settings(&self) -> &Settings;

    /// Takes jobs over. One whose id is known is left as it is; one whose dedupe key is taken is dropped.
    async fn add(&self, jobs: &[Queued]) -> Result<()>;

    /// Up to `limit` due jobs of one queue, by priority, then in order of falling due; none while it is paused.
    async fn claim(&self, queue: &str, limit: u32, worker: &str) -> Result<Vec<Claim>>;

    /// Holds the lease for another [`Settings::lease`].
    async fn renew(&self, lease: &Lease) -> Result<()>;

    /// Shows how far it is, 0–100.
    async fn progress(&self, lease: &Lease, percent: u8) -> Result<()>;

    /// Done.
    async fn complete(&self, lease: &Lease) -> Result<()>;

    /// Failed: tried again as [`Failure::retry`] says while attempts are left, else dead.
    async fn fail(&self, lease: &Lease, failure: &Failure) -> Result<Fate>;

    /// Gives the job back unfinished, to the front, without using up a try (graceful stop).
    async fn release(&self, lease: &Lease) -> Result<()>;

    /// Takes jobs back whose lease ran out: to waiting, or to dead after [`Settings::max_crashes`].
    async fn recover_stalled(&self) -> Result<Vec<Recovered>>;

    /// Stops handing out jobs of this queue, on every node, until resumed. What runs goes on.
    async fn pause(&self, queue: &str) -> Result<()>;
    async fn resume(&self, queue: &str) -> Result<()>;
    async fn is_paused(&self, queue: &str) -> Result<bool>;

    /// How full each queue is, by name.
    async fn counts(&self) -> Result<Vec<QueueCounts>>;

    /// Jobs, newest first.
    async fn list(&self, filter: &Filter) -> Result<Page>;

    async fn get(&self, id: Uuid) -> Result<Option<Job>>;

    /// Sends a dead job back to waiting with all its tries before it. Its dedupe key was given up with it and stays so.
    async fn retry_dead(&self, id: Uuid) -> Result<()>;

    /// Forgets jobs that finished before these instants (epoch ms); how many.
    async fn purge(&self, completed_before: i64, dead_before: i64) -> Result<u64>;

    /// Asks the backend for an answer.
    async fn ping(&self) -> Result<()>;

    /// Something to wait on until this queue may have work. Made before the first claim it misses nothing.
    fn waiter(&self, queue: &str) -> Box<dyn Waiter>;
}

/// Waiting for work, woken early by what happens in this process or, where the backend can, in another.
#[async_trait]
pub trait Waiter: Send {
    /// Returns when there may be work, at the latest after this long. May be dropped half way and called again.
    async fn wait(&mut self, at_most: Duration) -> Result<()>;
}
