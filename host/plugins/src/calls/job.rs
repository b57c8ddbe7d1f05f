//! `afpi:plugin/job-handler`: the jobs that a plugin enqueues for itself, for every kind that may have some.

use crate::bound::{Bound, within};
use crate::contract::Error;
use crate::contract::job_handler::Outcome as Said;
use crate::failure::PluginFailure;
use crate::plugin::Plugin;
use crate::state::CallContext;
use crate::words::{LONGEST_CAUSE, tame};
use crate::world::{Connector, Hook, Notifier, WaitingWorld};
use std::sync::Arc;
use std::time::Duration;

/// A plugin of a site that runs its own jobs.
#[derive(Clone)]
pub struct JobHandler(pub(crate) Handling);

#[derive(Clone)]
pub(crate) enum Handling {
    Notifier(Arc<Bound<Notifier>>),
    Connector(Arc<Bound<Connector>>),
    Hook(Arc<Bound<Hook>>),
}

/// The result of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobOutcome {
    Done,
    /// Try again after this wait.
    Retry(Duration),
    /// Do not try again, with the reason: a line of some hundred bytes.
    Fail(String),
}

impl JobHandler {
    pub fn plugin(&self) -> &Arc<Plugin> {
        match &self.0 {
            Handling::Notifier(bound) => &bound.seat.plugin,
            Handling::Connector(bound) => &bound.seat.plugin,
            Handling::Hook(bound) => &bound.seat.plugin,
        }
    }

    /// Runs one job. `attempt` counts from 1. The context carries the depth that the job was enqueued with. Retry a
    /// failure with growing waits.
    pub async fn run(
        &self,
        context: &CallContext,
        kind: &str,
        payload: &str,
        attempt: u32,
    ) -> Result<JobOutcome, PluginFailure> {
        match &self.0 {
            Handling::Notifier(bound) => run(bound, context, kind, payload, attempt).await,
            Handling::Connector(bound) => run(bound, context, kind, payload, attempt).await,
            Handling::Hook(bound) => run(bound, context, kind, payload, attempt).await,
        }
    }
}

async fn run<W: WaitingWorld>(
    bound: &Bound<W>,
    context: &CallContext,
    kind: &str,
    payload: &str,
    attempt: u32,
) -> Result<JobOutcome, PluginFailure> {
    let limits = bound.shared.policy.job_limits(bound.seat.plugin.manifest());
    let mut call = bound.open_limited("run", context, limits).await?;
    let wall = call.wall();
    let answer = match call.job_parts() {
        Ok((exports, store)) => {
            let payload = payload.to_owned();
            within(wall, exports.afpi_plugin_job_handler().call_run(store, kind, &payload, attempt)).await
        }
        Err(error) => Err(error),
    };
    let answer = answer.map(|said| match said {
        Said::Done => Ok(JobOutcome::Done),
        Said::Retry(ms) => Ok(JobOutcome::Retry(Duration::from_millis(ms.into()))),
        Said::Fail(reason) => Ok(JobOutcome::Fail(tame(&reason, LONGEST_CAUSE))),
        Said::Other(word) => Err(Error::Other(word)),
    });
    call.end_acting(answer).await
}
