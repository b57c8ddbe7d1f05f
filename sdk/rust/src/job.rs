//! Runs the jobs that a plugin enqueues for itself, and those of its schedules: for every plugin that asks for `jobs`,
//! whatever its kind.
//!
//! The manifest declares schedules. At each tick the host calls the handler once over all nodes, on every site where
//! plugin and schedule are switched on:
//!
//! ```toml
//! [[schedules]]
//! name = "matin"
//! cron = "0 6 * * 1-5"    # minute hour day month weekday, in French time
//! sentence = { fr = "Relance chaque matin.", en = "Reminds every morning." }
//! job = "remind"          # the kind `run` is told; the name when absent
//! ```
//!
//! ```
//! use afpi_sdk::job::{Jobs, Outcome};
//! use afpi_sdk::{NoSettings, Plugin, hook::*};
//!
//! struct Reminder;
//!
//! impl Plugin for Reminder {
//!     type Config = NoSettings;
//! }
//!
//! impl Hook for Reminder {
//!     fn subscriptions(_: &NoSettings) -> Vec<Subscription> {
//!         vec![Subscription::after("opportunite.created")]
//!     }
//!
//!     fn after(_: &NoSettings, event: &Event) -> Result<()> {
//!         let Some(subject) = event.opportunite() else { return Ok(()) };
//!         jobs::job("remind").payload(&subject.id).after_ms(7 * 86_400_000).once(&subject.id).enqueue()?;
//!         Ok(())
//!     }
//! }
//!
//! impl Jobs for Reminder {
//!     fn run(_: &NoSettings, _kind: &str, payload: &str, _attempt: u32) -> Outcome {
//!         log::info(&format!("a week has passed for {payload}"));
//!         Outcome::Done
//!     }
//! }
//!
//! afpi_sdk::hook::export!(Reminder);
//! afpi_sdk::job::export!(Reminder);
//! # fn main() {}
//! ```

pub use crate::bindings::job_handler::exports::afpi::plugin::job_handler::Outcome;
pub use crate::export_job as export;

use crate::bindings::job_handler::exports::afpi::plugin::job_handler::Guest;
use crate::{Plugin, config};

/// Runs jobs. A whole plugin with jobs is [above](self).
pub trait Jobs: Plugin {
    /// One job. `payload` is the JSON that it was enqueued with. `attempt` counts from 1. It may run twice.
    /// [`Outcome::Retry`] counts milliseconds: return it instead of a failure when the work is possible later. A job
    /// has twenty tries, including retries that it asks for. Then it is dead, and the next tick of its schedule starts
    /// a new one. A chain of jobs that enqueue themselves from here ends after four generations.
    fn run(config: &Self::Config, kind: &str, payload: &str, attempt: u32) -> Outcome;
}

impl<J: Jobs> Guest for J {
    fn run(kind: String, payload: String, attempt: u32) -> Outcome {
        match config::load() {
            Ok(config) => J::run(&config, &kind, &payload, attempt),
            Err(error) => Outcome::Other(error.text().en),
        }
    }
}

/// Makes a type that implements [`Jobs`](crate::job::Jobs) the component's job handler. Goes beside the line of its
/// kind, as in the [example](crate::job).
#[macro_export]
macro_rules! export_job {
    ($plugin:ident) => {
        #[cfg(target_arch = "wasm32")]
        $crate::bindings::job_handler::export_jobs!($plugin with_types_in $crate::bindings::job_handler);

        // A native build exports nothing (and linkers reject the names), but the types are still checked.
        #[cfg(not(target_arch = "wasm32"))]
        const _: () = {
            const fn keeps_its_promise<P: $crate::job::Jobs>() {}
            keeps_its_promise::<$plugin>()
        };
    };
}
