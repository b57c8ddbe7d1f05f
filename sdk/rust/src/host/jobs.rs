//! “Does work later.” Jobs of this plugin on this site. Its [`Jobs`](crate::job::Jobs) runs them when they are due.
//!
//! ```
//! use afpi_sdk::hook::{Result, jobs};
//!
//! fn remind_in_an_hour(opportunite: &str) -> Result<()> {
//!     let added = jobs::job("remind").payload(&opportunite).after_ms(3_600_000).once(opportunite).enqueue()?;
//!     # assert!(added);
//!     Ok(())
//! }
//! # remind_in_an_hour("o-1").unwrap();
//! # assert_eq!(afpi_sdk::testing::take_jobs()[0].payload, "\"o-1\"");
//! ```

use serde::Serialize;

pub use crate::bindings::base::afpi::host::jobs::Job;
use crate::types::Result;

/// A job under construction. It is not enqueued before [`NewJob::enqueue`]. See the example [above](self).
#[derive(Debug, Clone)]
#[must_use = "a job is nothing until it is enqueued"]
pub struct NewJob(Result<Job>);

/// A job of this kind, a name of the plugin: `[a-z][a-z0-9-]*`, at most 40 characters. Default: runs at once. See the
/// example [above](self).
pub fn job(kind: &str) -> NewJob {
    NewJob(Ok(Job { kind: kind.into(), payload: "null".into(), run_after_ms: 0, dedupe_key: None }))
}

impl NewJob {
    /// The job's data, as JSON; at most 64 KiB and 32 levels deep. Default: `null`.
    pub fn payload(mut self, payload: &impl Serialize) -> NewJob {
        match (&mut self.0, serde_json::to_string(payload)) {
            (Ok(job), Ok(text)) => job.payload = text,
            (Ok(_), Err(error)) => self.0 = Err(error.into()),
            (Err(_), _) => {}
        }
        self
    }

    /// Its delay in milliseconds; at most 400 days. Default: none.
    pub fn after_ms(mut self, milliseconds: u64) -> NewJob {
        if let Ok(job) = &mut self.0 {
            job.run_after_ms = milliseconds;
        }
        self
    }

    /// Do not add it while another job with this key waits; 1 to 200 bytes.
    pub fn once(mut self, key: &str) -> NewJob {
        if let Ok(job) = &mut self.0 {
            job.dedupe_key = Some(key.into());
        }
        self
    }

    /// Enqueues it. It is added after the call has answered without an error, and not at all when the call fails. True
    /// when it will be added, false when one with its key waits already.
    ///
    /// # Errors
    /// `denied` without the grant and while a change is being decided, `invalid` when a part is over its limit,
    /// `conflict` when more wait than the manifest's quota allows or too many events and jobs have caused one another,
    /// `unavailable` when the host's store is away, `other` when the payload is no JSON.
    pub fn enqueue(self) -> Result<bool> {
        super::side::jobs::enqueue(&self.0?)
    }
}
