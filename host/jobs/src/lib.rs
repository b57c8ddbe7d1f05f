//! Jobs: work that a transaction enqueues. A worker runs it later, at least once, and may die at any moment.
//!
//! ```text
//! enqueue (caller's transaction) → outbox → Relay → Queue (SQL or Redis) → Worker → Handler
//!                                  Scheduler ↗
//! ```
//!
//! The guarantees, and when a job runs twice:
//! - If its transaction commits, a job ends `completed` or `dead`, and no job is lost. After a rollback the job never
//!   existed.
//! - A job runs **at least once**. It runs again if its worker died, lost its lease (because it was stopped for longer
//!   than the lease), or could not report the end. Handlers use the job's id to make their effects repeatable. A dedupe
//!   key keeps copies out of the queue.
//! - Failures and crashes are counted separately. After `max_attempts` failures or [`Settings::max_crashes`] dead
//!   workers a job is `dead`. A person may retry it ([`Queue::retry_dead`]).
//!
//! This crate knows queues and its own tables. It knows no HTTP, no plugin and no kind of job of the business.

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

pub use self::redis::{Redis, RedisQueue};
pub use clock::now_ms;
pub use error::JobsError;
pub use job::{Claim, Exchanged, Filter, Job, Lease, NewJob, Page, QueueCounts, Queued, Recovered, State};
pub use outbox::{enqueue, enqueue_all};
pub use policy::{Backoff, End, Failure, Fate, Retry, Settings};
pub use queue::{Queue, Waiter};
pub use relay::{Backlog, Relay};
pub use schedule::{Schedule, Scheduled, Scheduler};
pub use sql::SqlQueue;
pub use worker::{Ended, Handler, JobContext, JobError, Observer, Worker};

/// The result of every function that uses a queue.
pub type Result<T, E = JobsError> = std::result::Result<T, E>;
