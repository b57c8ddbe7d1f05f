//! The records of the queue: for producers, workers and people.

use std::time::Duration;

use serde_json::Value;
use uuid::Uuid;

use crate::{Fate, JobsError, Result};

/// The largest number of a priority (BullMQ's limit, 2²¹ − 1). Jobs with priority 0 come first.
pub const LOWEST_PRIORITY: u32 = (1 << 21) - 1;
/// The longest payload, as JSON text. Jobs contain references, not files.
pub const MAX_PAYLOAD_BYTES: usize = 4 << 20;

/// Work to do later.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// The queue of the job. A lane of workers takes its jobs.
    pub queue: String,
    /// The handler that runs it.
    pub kind: String,
    pub payload: Value,
    /// Jobs with priority 0 come first. Jobs of equal priority run in the order of their due times.
    pub priority: u32,
    /// The job runs at this instant (epoch ms) or later.
    pub run_at: Option<i64>,
    /// While a job with this key waits or runs in the same queue, a second one is dropped.
    pub dedupe_key: Option<String>,
    /// The job is dead after this many failed attempts. The minimum is 1.
    pub max_attempts: u32,
    /// The id of the request that caused the job, for the logs.
    pub correlation_id: Option<String>,
    /// The place in a trace that the job continues. [`crate::enqueue`] writes that of the running work.
    pub trace: Option<String>,
}

impl NewJob {
    /// A job that is due at once, with priority 0 and five attempts.
    pub fn new(queue: impl Into<String>, kind: impl Into<String>, payload: Value) -> Self {
        NewJob {
            queue: queue.into(),
            kind: kind.into(),
            payload,
            priority: 0,
            run_at: None,
            dedupe_key: None,
            max_attempts: 5,
            correlation_id: None,
            trace: None,
        }
    }

    pub fn priority(self, priority: u32) -> Self {
        NewJob { priority, ..self }
    }

    pub fn run_at(self, epoch_ms: i64) -> Self {
        NewJob { run_at: Some(epoch_ms), ..self }
    }

    pub fn dedupe(self, key: impl Into<String>) -> Self {
        NewJob { dedupe_key: Some(key.into()), ..self }
    }

    pub fn max_attempts(self, max_attempts: u32) -> Self {
        NewJob { max_attempts, ..self }
    }

    pub fn correlation(self, id: impl Into<String>) -> Self {
        NewJob { correlation_id: Some(id.into()), ..self }
    }

    /// Refuses invalid jobs when they are enqueued. Otherwise a backend would refuse them later, where no caller sees
    /// the error.
    pub(crate) fn check(&self) -> Result<()> {
        let name = |what: &str, value: &str, max: usize| {
            let plain = value.chars().all(|c| c.is_ascii_alphanumeric() || "-_./@".contains(c));
            if value.is_empty() || value.len() > max || !plain {
                return Err(JobsError::Refused(format!(
                    "{what} {value:?} must be 1 to {max} of a-z A-Z 0-9 - _ . / @"
                )));
            }
            Ok(())
        };
        name("queue", &self.queue, 60)?;
        name("kind", &self.kind, 80)?;
        let too_long =
            |text: &Option<String>, max| text.as_ref().is_some_and(|t| t.is_empty() || t.chars().count() > max);
        if too_long(&self.dedupe_key, 150) || too_long(&self.correlation_id, 100) {
            return Err(JobsError::Refused("dedupe key (150) or correlation id (100) empty or too long".into()));
        }
        if self.priority > LOWEST_PRIORITY || self.max_attempts == 0 {
            return Err(JobsError::Refused(format!("priority over {LOWEST_PRIORITY} or no attempt at all")));
        }
        Ok(())
    }
}

/// A job on its way to the queue. It has the id of its outbox row, so adding it twice changes nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Queued {
    pub id: Uuid,
    /// Epoch ms.
    pub created_at: i64,
    pub job: NewJob,
}

/// The right to work on a job. It expires if it is not renewed in time. Only the holder of the token can end the job.
#[derive(Debug, Clone, PartialEq)]
pub struct Lease {
    pub id: Uuid,
    pub queue: String,
    pub token: Uuid,
    /// The number of this attempt, from 1. Crashes and releases do not count.
    pub attempt: u32,
    pub max_attempts: u32,
}

/// A job that a worker has taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    pub lease: Lease,
    pub kind: String,
    pub payload: Value,
    pub correlation_id: Option<String>,
    /// The place in a trace that it continues.
    pub trace: Option<String>,
    /// The time since the job was due, if the backend knows it.
    pub waited: Option<Duration>,
}

/// The answer of [`crate::Queue::exchange`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Exchanged {
    /// What each end has made of its job. `None` if the lease was lost: then the end has changed nothing.
    pub fates: Vec<Option<Fate>>,
    pub claims: Vec<Claim>,
}

/// The state of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr, strum::EnumString, strum::VariantArray)]
#[strum(serialize_all = "lowercase")]
pub enum State {
    /// The job is due. The next free worker takes it.
    Waiting,
    /// The job is not due yet and has never failed.
    Delayed,
    /// A worker runs it.
    Active,
    Completed,
    /// The job has failed at least once and waits for its next attempt. It counts as delayed.
    Failed,
    /// The queue has given up the job. A person may retry it.
    Dead,
}

impl State {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A job, as people see it. Instants are epoch ms.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    pub id: Uuid,
    pub queue: String,
    pub kind: String,
    pub state: State,
    pub priority: u32,
    pub payload: Value,
    /// The number of attempts so far, including a running one.
    pub attempt: u32,
    pub max_attempts: u32,
    /// The number of workers that died while they ran the job.
    pub crashes: u32,
    /// The progress in per cent, if the handler reports it.
    pub progress: Option<u8>,
    pub created_at: i64,
    pub run_at: Option<i64>,
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
    /// The error of the last failed attempt.
    pub error: Option<String>,
    pub correlation_id: Option<String>,
}

/// The load of one queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueCounts {
    pub queue: String,
    pub paused: bool,
    pub waiting: u64,
    /// Jobs that wait for a later instant, for the first or another attempt.
    pub delayed: u64,
    pub active: u64,
    pub completed: u64,
    pub dead: u64,
    /// The time since the longest waiting job was due.
    pub oldest_waiting: Option<Duration>,
}

/// Filters for jobs. `None` does not restrict.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub state: Option<State>,
    pub kind: Option<String>,
    pub queue: Option<String>,
    /// Only jobs with smaller ids than this one: [`Page::next`] of the previous page.
    pub before: Option<Uuid>,
    /// The number of jobs, 1–200.
    pub limit: u32,
}

/// Jobs, newest first. Ids are ordered by time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    pub jobs: Vec<Job>,
    /// [`Filter::before`] for the next page, if there is one.
    pub next: Option<Uuid>,
}

/// A job whose worker died.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    pub id: Uuid,
    pub queue: String,
    pub kind: String,
    /// The job has crashed too often. It is dead and does not run again.
    pub dead: bool,
}
