//! Runs jobs. Lanes claim them, handlers run them, the worker renews their leases, and each end is reported.
//!
//! A worker knows a [`Queue`] and handlers by kind. It knows nothing about the content of jobs.

mod handler;
mod lane;
mod leases;
mod observer;
mod run;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub use handler::{Handler, JobContext, JobError};
pub use observer::{Ended, Observer};

use crate::clock::ms;
use crate::{Queue, now_ms};

/// The interval for deleting finished jobs.
const PURGE_EVERY: Duration = Duration::from_secs(600);

/// Runs jobs in this process.
///
/// ```no_run
/// # use std::sync::Arc; use afpi_jobs::*; use tokio_util::sync::CancellationToken;
/// # async fn demo(queue: Arc<dyn Queue>, mail: Arc<dyn Handler>, stop: CancellationToken) {
/// Worker::new(queue).lane("mail", 4).handler("mail.send", mail).run(stop).await;
/// # }
/// ```
pub struct Worker {
    queue: Arc<dyn Queue>,
    /// The id is always unique. If two workers had the same name, the death of one would not be noticed.
    id: String,
    lanes: Vec<(String, usize)>,
    handlers: HashMap<String, Arc<dyn Handler>>,
    observer: Arc<dyn Observer>,
    grace: Duration,
}

impl Worker {
    pub fn new(queue: Arc<dyn Queue>) -> Worker {
        Worker {
            queue,
            id: format!("{}-{}", std::process::id(), Uuid::new_v4().simple()),
            lanes: Vec::new(),
            handlers: HashMap::new(),
            observer: Arc::new(observer::Silent),
            grace: Duration::from_secs(20),
        }
    }

    /// Takes jobs of this queue, at most `concurrency` at a time.
    pub fn lane(mut self, queue: impl Into<String>, concurrency: usize) -> Self {
        self.lanes.push((queue.into(), concurrency.max(1)));
        self
    }

    /// Runs the jobs of this kind. A job of a kind without a handler fails and is retried, because a newer node may
    /// know the kind.
    /// The kinds of jobs that it runs.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.handlers.keys().map(String::as_str)
    }

    pub fn handler(mut self, kind: impl Into<String>, handler: Arc<dyn Handler>) -> Self {
        self.handlers.insert(kind.into(), handler);
        self
    }

    pub fn observer(self, observer: Arc<dyn Observer>) -> Self {
        Worker { observer, ..self }
    }

    /// How long running jobs may continue after the stop. Then unfinished jobs are given back. The default is 20 s.
    pub fn grace(self, grace: Duration) -> Self {
        Worker { grace, ..self }
    }

    /// Works until `stop`. Then it claims no more jobs, waits for the grace period, gives the other jobs back and
    /// returns.
    pub async fn run(self, stop: CancellationToken) {
        let worker = Arc::new(self);
        tracing::info!(worker = worker.id, lanes = ?worker.lanes, "worker started");
        let keeper = tokio::spawn(worker.clone().keep_house(stop.clone()));
        let lanes = worker
            .lanes
            .iter()
            .map(|(queue, concurrency)| lane::run(worker.clone(), queue.clone(), *concurrency, stop.clone()));
        join_all(lanes).await;
        stop.cancelled().await;
        if let Err(error) = keeper.await {
            tracing::error!(%error, "housekeeping ended abnormally");
        }
        tracing::info!(worker = worker.id, "worker stopped");
    }

    /// Takes back jobs of dead workers and deletes old finished jobs. Every node does so, because the queue allows it.
    async fn keep_house(self: Arc<Self>, stop: CancellationToken) {
        let settings = self.queue.settings().clone();
        let mut purged = now_ms();
        loop {
            tokio::select! {
                _ = stop.cancelled() => return,
                _ = tokio::time::sleep(settings.lease / 2) => {}
            }
            match self.queue.recover_stalled().await {
                Ok(recovered) => {
                    for job in recovered {
                        tracing::warn!(job = %job.id, kind = job.kind, queue = job.queue, dead = job.dead, "job taken back from a vanished worker");
                        self.observer.recovered(&job);
                    }
                }
                Err(error) => tracing::warn!(%error, "stalled jobs could not be taken back"),
            }
            let now = now_ms();
            if now - purged >= ms(PURGE_EVERY) {
                purged = now;
                match self.queue.purge(now - ms(settings.keep_completed), now - ms(settings.keep_dead)).await {
                    Ok(0) => {}
                    Ok(jobs) => tracing::info!(jobs, "finished jobs forgotten"),
                    Err(error) => tracing::warn!(%error, "finished jobs could not be forgotten"),
                }
            }
        }
    }
}
