//! The records of the queue: what goes in, what a worker holds, what a person sees.

use std::time::Duration;

use serde_json::Value;
use uuid::Uuid;

use crate::{JobsError, Result};

/// Highest number a priority may have (BullMQ's limit, 2²¹ − 1); 0 goes first.
pub const LOWEST_PRIORITY: u32 = (1 << 21) - 1;
/// Longest payload as JSON text. Jobs carry references, not files.
pub const MAX_PAYLOAD_BYTES: usize = 4 << 20;

/// Work to be done later.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// Which lane of the workers takes it.
    pub queue: String,
    /// Which handler runs it.
    pub kind: String,
    pub payload: Value,
    /// 0 goes first; equal priorities in order of falling due.
    pub priority: u32,
    /// Not before this instant (epoch ms).
    pub run_at: Option<i64>,
    /// While a job with this key waits or runs in the same queue, another is dropped.
    pub dedupe_key: Option<String>,
    /// Failed tries after which it is dead; at least 1.
    pub max_attempts: u32,
    /// The request this belongs to, for the logs.
    pub correlation_id: Option<String>,
}

impl NewJob {
    /// A job due at once, with priority 0 and five tries.
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

    /// Refuses at enqueueing, in the caller's face, what a backend would refuse later where nobody sees it.
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

/// A job on its way into the queue. The id is the outbox row's, so bringing it twice changes nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Queued {
    pub id: Uuid,
    /// Epoch ms.
    pub created_at: i64,
    pub job: NewJob,
}

/// The right to work on a job until it is renewed too late. The token fences: only its holder can end the job.
#[derive(Debug, Clone, PartialEq)]
pub struct Lease {
    pub id: Uuid,
    pub queue: String,
    pub token: Uuid,
    /// Which try this is, from 1; a crash or a release does not use one up.
    pub attempt: u32,
    pub max_attempts: u32,
}

/// A job a worker has taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    pub lease: Lease,
    pub kind: String,
    pub payload: Value,
    pub correlation_id: Option<String>,
    /// From falling due until now, where the backend knows it.
    pub waited: Option<Duration>,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr, strum::EnumString, strum::VariantArray)]
#[strum(serialize_all = "lowercase")]
pub enum State {
    /// Due; the next free worker takes it.
    Waiting,
    /// Not due yet, never failed.
    Delayed,
    /// A worker is on it.
    Active,
    Completed,
    /// Failed at least once and waits for its next try. Counted as delayed.
    Failed,
    /// Given up; a person may send it back.
    Dead,
}

impl State {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A job as a person looks at it. Instants are epoch ms.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    pub id: Uuid,
    pub queue: String,
    pub kind: String,
    pub state: State,
    pub priority: u32,
    pub payload: Value,
    /// Tries used, the running one included.
    pub attempt: u32,
    pub max_attempts: u32,
    /// Workers that died on it.
    pub crashes: u32,
    /// Per cent, when the handler tells.
    pub progress: Option<u8>,
    pub created_at: i64,
    pub run_at: Option<i64>,
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
    /// Of the last failed try.
    pub error: Option<String>,
    pub correlation_id: Option<String>,
}

/// How full one queue is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueCounts {
    pub queue: String,
    pub paused: bool,
    pub waiting: u64,
    /// Waiting for a later instant, be it the first or another try.
    pub delayed: u64,
    pub active: u64,
    pub completed: u64,
    pub dead: u64,
    /// Since the one waiting longest fell due.
    pub oldest_waiting: Option<Duration>,
}

/// Which jobs to list; what is `None` does not restrict.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub state: Option<State>,
    pub kind: Option<String>,
    pub queue: Option<String>,
    /// Only jobs with smaller ids: the last page's [`Page::next`].
    pub before: Option<Uuid>,
    /// How many, 1–200.
    pub limit: u32,
}

/// Jobs, newest first (ids are time ordered).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    pub jobs: Vec<Job>,
    /// [`Filter::before`] of the next page, when there is one.
    pub next: Option<Uuid>,
}

/// A job whose worker vanished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    pub id: Uuid,
    pub queue: String,
    pub kind: String,
    /// Crashed too often: stopped instead of run again.
    pub dead: bool,
}
