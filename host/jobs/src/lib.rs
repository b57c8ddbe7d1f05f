//! Jobs: work handed over in a transaction, run later, at least once, by a worker that may die at any moment.
//!
//! ```text
//! enqueue (caller's transaction) → outbox → Relay → Queue (SQL or Redis) → Worker → Handler
//!                                  Scheduler ↗
//! ```
//!
//! What is promised, and when a job runs twice:
//! - A job whose transaction committed ends `completed` or `dead`; none is lost. One rolled back never existed.
//! - A job runs **at least once**: again when its worker died, lost its lease (stopped for longer than the lease), or
//!   could not report the end. Handlers make themselves repeatable with the job's id; a dedupe key keeps copies out of
//!   the queue.
//! - Failures and crashes are counted apart: `max_attempts` failures or [`Settings::max_crashes`] dead workers end in
//!   `dead`, from where a person may send it back ([`Queue::retry_dead`]).
//!
//! This crate knows queues and tables of its own; it knows no HTTP, no plugin and no business kind of job.

mod clock;
mod error;
mod job;
mod outbox;
mod policy;
mod queue;
mod redis;
mod relay;
mod schedule;
mod sql;
mod worker;

pub use self::redis::RedisQueue;
pub use clock::now_ms;
pub use error::JobsError;
pub use job::{Claim, Filter, Job, Lease, NewJob, Page, QueueCounts, Queued, Recovered, State};
pub use outbox::enqueue;
pub use policy::{Backoff, Failure, Fate, Retry, Settings};
pub use queue::{Queue, Waiter};
pub use relay::{Backlog, Relay};
pub use schedule::{Schedule, Scheduled, Scheduler};
pub use sql::SqlQueue;
pub use worker::{Ended, Handler, JobContext, JobError, Observer, Worker};

/// Result of everything that talks to a queue.
pub type Result<T, E = JobsError> = std::result::Result<T, E>;
