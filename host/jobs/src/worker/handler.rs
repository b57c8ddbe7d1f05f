//! What the author of a job writes, and what it is given.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Failure, Lease, Queue, Result, Retry};

/// Runs jobs of one kind. A job may run more than once (see the crate's promise): use [`JobContext::id`] to make
/// effects repeatable.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// Does the work. A panic is a failure like any other.
    async fn run(&self, job: JobContext) -> Result<(), JobError>;

    /// How long one run may take before it is stopped and counts as failed.
    fn timeout(&self) -> Duration {
        Duration::from_secs(600)
    }
}

/// Why a handler did not do its job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobError {
    /// It may work later: after the backoff, or after the time the other side asked for.
    Retry { message: String, after: Option<Duration> },
    /// It will never work.
    Fail { message: String },
}

impl JobError {
    pub fn retry(message: impl Display) -> JobError {
        JobError::Retry { message: message.to_string(), after: None }
    }

    pub fn retry_after(message: impl Display, after: Duration) -> JobError {
        JobError::Retry { message: message.to_string(), after: Some(after) }
    }

    pub fn fail(message: impl Display) -> JobError {
        JobError::Fail { message: message.to_string() }
    }
}

impl From<JobError> for Failure {
    fn from(error: JobError) -> Failure {
        match error {
            JobError::Retry { message, after } => {
                Failure { message, retry: after.map_or(Retry::Backoff, Retry::After) }
            }
            JobError::Fail { message } => Failure { message, retry: Retry::Never },
        }
    }
}

/// One run of a job, as its handler sees it.
#[derive(Clone)]
pub struct JobContext {
    pub id: Uuid,
    pub kind: String,
    pub payload: Value,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// Is it the last one there may be?
    pub last_attempt: bool,
    pub correlation_id: Option<String>,
    pub(super) lease: Lease,
    pub(super) queue: Arc<dyn Queue>,
    pub(super) cancelled: CancellationToken,
}

impl JobContext {
    /// Shows people how far it is (0–100). That nobody could be told is no reason to stop.
    pub async fn progress(&self, percent: u8) {
        if let Err(error) = self.queue.progress(&self.lease, percent).await {
            tracing::debug!(%error, "progress not shown");
        }
    }

    /// Fires when the result no longer counts: lease lost, time over, or the worker stops. Long work looks at it
    /// between steps and returns; what does not is stopped at its next await a second later.
    pub fn cancelled(&self) -> &CancellationToken {
        &self.cancelled
    }
}
