//! Observes what happens to jobs, for the metrics.

use std::time::Duration;

use crate::{Claim, Recovered};

/// How one run of a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Ended {
    Completed,
    /// The attempt failed, and attempts are left.
    Retried,
    /// The job has failed and is not retried.
    Dead,
    /// The job was given back because the worker stops.
    Released,
    /// The lease was lost, or the end could not be reported. The job runs again.
    Lost,
}

impl Ended {
    /// Every way.
    pub const ALL: [Ended; 5] = [Ended::Completed, Ended::Retried, Ended::Dead, Ended::Released, Ended::Lost];

    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Gets every run. The worker's tasks call it, so it must return quickly.
pub trait Observer: Send + Sync + 'static {
    /// A job was taken. `claim.waited` is its waiting time.
    fn started(&self, claim: &Claim);
    /// A run ended after `took`.
    fn ended(&self, queue: &str, kind: &str, how: Ended, took: Duration);
    /// A job was taken back from a worker that died.
    fn recovered(&self, job: &Recovered);
}

/// The default observer ignores everything.
pub(super) struct Silent;

impl Observer for Silent {
    fn started(&self, _: &Claim) {}
    fn ended(&self, _: &str, _: &str, _: Ended, _: Duration) {}
    fn recovered(&self, _: &Recovered) {}
}
