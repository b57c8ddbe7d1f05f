//! `jobs`: work that a plugin enqueues for itself. It reaches the queue after the call that enqueued it has ended.

use super::{deep, invalid, json, refusal, space};
use crate::bindings::host::afpi::host::jobs::{Host, Job};
use crate::contract::{Error, Text};
use crate::ports::NewJob;
use crate::state::CallState;
use afpi_plugin_manifest::Capability;
use std::time::Duration;

const COST: u32 = 100;
const LONGEST_WAIT: Duration = Duration::from_secs(400 * 86_400);
const LONGEST_KEY: usize = 200;

impl Host for CallState {
    async fn enqueue(&mut self, job: Job) -> wasmtime::Result<Result<bool, Error>> {
        let granted = self.admit(Capability::Jobs, COST)?;
        let Some(quota) = self.seat.plugin.manifest().capabilities.jobs.filter(|_| granted) else {
            return Ok(Err(refusal(self, Capability::Jobs)));
        };
        let Some(depth) = self.next_depth() else { return Ok(Err(deep())) };
        if let Err(refusal) = check(&job) {
            return Ok(Err(refusal));
        }
        let key = job.dedupe_key.as_deref();
        let (ports, seat) = (self.ports.clone(), self.seat.clone());
        let waiting = match self.outside(ports.ledger.waiting(space(&seat), key)).await {
            Ok(waiting) => waiting,
            Err(error) => return Ok(Err(Error::Unavailable(error.to_string()))),
        };
        let own = &self.effects.jobs;
        if waiting.twin || key.is_some() && own.iter().any(|other| other.dedupe_key.as_deref() == key) {
            return Ok(Ok(false));
        }
        if waiting.count as usize + own.len() >= quota.quota_waiting as usize {
            return Ok(Err(Error::Conflict(Text {
                fr: "Trop de traitements de cette extension attendent déjà.".into(),
                en: "Too many jobs of this plugin are waiting already.".into(),
            })));
        }
        self.effects.jobs.push(NewJob {
            kind: job.kind,
            payload: job.payload,
            run_after: Duration::from_millis(job.run_after_ms),
            dedupe_key: job.dedupe_key,
            depth,
            call_id: self.context.call_id.to_string(),
        });
        Ok(Ok(true))
    }
}

fn check(job: &Job) -> Result<(), Error> {
    let word = (1..=40).contains(&job.kind.len())
        && job.kind.starts_with(|c: char| c.is_ascii_lowercase())
        && job.kind.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !word {
        return Err(invalid(
            "/kind",
            "malformed",
            "Lettres minuscules, chiffres et `-`, 40 au plus.",
            "Lower-case letters, digits and `-`, at most 40.",
        ));
    }
    if Duration::from_millis(job.run_after_ms) > LONGEST_WAIT {
        return Err(invalid("/run-after-ms", "out-of-range", "Au plus 400 jours.", "At most 400 days."));
    }
    if job.dedupe_key.as_ref().is_some_and(|key| !(1..=LONGEST_KEY).contains(&key.len())) {
        return Err(invalid(
            "/dedupe-key",
            "out-of-range",
            "Une clé a de 1 à 200 octets.",
            "A key has 1 to 200 bytes.",
        ));
    }
    json::check("/payload", &job.payload)
}
