//! `afpi:plugin/job-handler`: runs the jobs that a plugin has enqueued and the jobs of its schedules.

use super::handle;
use crate::bound::within;
use crate::contract::Error;
use crate::contract::job_handler::Outcome as Said;
use crate::facets::JobHandler as Exports;
use crate::failure::PluginFailure;
use crate::state::CallContext;
use crate::words::{LONGEST_CAUSE, tame};
use std::time::Duration;

handle! {
    /// A plugin of a site that runs its own jobs.
    JobHandler
}

/// The result of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobOutcome {
    Done,
    /// Retry after this wait.
    Retry(Duration),
    /// Do not retry. The reason is one line of some hundred bytes.
    Fail(String),
}

impl JobHandler {
    /// Runs one job. `attempt` counts from 1. The context contains the depth with which the job was enqueued. Retry a
    /// failure with growing waits.
    pub async fn run(
        &self,
        context: &CallContext,
        kind: &str,
        payload: &str,
        attempt: u32,
    ) -> Result<JobOutcome, PluginFailure> {
        let limits = self.0.shared.policy.job_limits(self.0.seat.plugin.manifest());
        let mut call = self.0.open_limited::<Exports>("run", context, limits).await?;
        let wall = call.wall();
        let (exports, store) = call.parts();
        let payload = payload.to_owned();
        let answer = within(wall, exports.afpi_plugin_job_handler().call_run(store, kind, &payload, attempt)).await;
        let answer = answer.map(|said| match said {
            Said::Done => Ok(JobOutcome::Done),
            Said::Retry(ms) => Ok(JobOutcome::Retry(Duration::from_millis(ms.into()))),
            Said::Fail(reason) => Ok(JobOutcome::Fail(tame(&reason, LONGEST_CAUSE))),
            Said::Other(word) => Err(Error::Other(word)),
        });
        call.end_acting(answer).await
    }
}
