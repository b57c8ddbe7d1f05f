//! The interface for handlers of jobs.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Failure, Lease, Queue, Result, Retry};

/// Runs the jobs of one kind. A job may run more than once (see the guarantees of the crate). Use [`JobContext::id`] to
/// make the effects repeatable.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// Runs one job. A panic counts as a failure.
    async fn run(&self, job: JobContext) -> Result<(), JobError>;

    /// The time limit for one run. After it the run is stopped and counts as failed.
    fn timeout(&self) -> Duration {
        Duration::from_secs(600)
    }
}

/// Why a handler failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobError {
    /// A retry may help, after the backoff or after the time that the other side asked for.
    Retry { message: String, after: Option<Duration> },
    /// A retry cannot help.
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

/// One run of a job, for its handler.
#[derive(Clone)]
pub struct JobContext {
    pub id: Uuid,
    pub kind: String,
    pub payload: Value,
    /// The number of this attempt, from 1.
    pub attempt: u32,
    /// Whether this is the last possible attempt.
    pub last_attempt: bool,
    pub correlation_id: Option<String>,
    pub(super) lease: Lease,
    pub(super) queue: Arc<dyn Queue>,
    pub(super) cancelled: CancellationToken,
}

impl JobContext {
    /// Reports the progress (0–100) to people. If the report fails, the failure is ignored.
    pub async fn progress(&self, percent: u8) {
        if let Err(error) = self.queue.progress(&self.lease, percent).await {
            tracing::debug!(%error, "progress not shown");
        }
    }

    /// Fires when the result no longer counts: the lease is lost, the time is over, or the worker stops. Long work must
    /// check it between its steps and return. Work that ignores it is stopped at its next await after a second.
    pub fn cancelled(&self) -> &CancellationToken {
        &self.cancelled
    }
}
