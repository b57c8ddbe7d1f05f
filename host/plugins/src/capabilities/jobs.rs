//! `jobs`: work a plugin gives itself for later. Bounds are checked here, the quota by the store in the write itself.

use super::{deep, denied, invalid, json, space};
use crate::bindings::host::afpi::host::jobs::{Host, Job};
use crate::contract::{Error, Text};
use crate::ports::{NewJob, StoreError};
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
            return Ok(Err(denied(Capability::Jobs)));
        };
        let Some(depth) = self.next_depth() else { return Ok(Err(deep())) };
        if let Err(refusal) = check(&job) {
            return Ok(Err(refusal));
        }
        let new = NewJob {
            kind: job.kind,
            payload: job.payload,
            run_after: Duration::from_millis(job.run_after_ms),
            dedupe_key: job.dedupe_key,
            depth,
            call_id: self.context.call_id.to_string(),
        };
        let (ports, seat) = (self.ports.clone(), self.seat.clone());
        let added = self.outside(ports.jobs.enqueue(space(&seat), new, quota)).await;
        Ok(added.map_err(|error| match error {
            StoreError::Full => Error::Conflict(Text {
                fr: "Trop de tâches de cette extension attendent déjà.".into(),
                en: "Too many jobs of this plugin are waiting already.".into(),
            }),
            other => Error::Unavailable(other.to_string()),
        }))
    }
}

fn check(job: &Job) -> Result<(), Error> {
    let word = (1..=40).contains(&job.kind.len())
        && job.kind.starts_with(|c: char| c.is_ascii_lowercase())
        && job.kind.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !word {
        return Err(invalid("/kind", "malformed", "Lettres minuscules, chiffres et `-`, 40 au plus.", "Lower-case letters, digits and `-`, at most 40."));
    }
    if Duration::from_millis(job.run_after_ms) > LONGEST_WAIT {
        return Err(invalid("/run-after-ms", "out-of-range", "Au plus 400 jours.", "At most 400 days."));
    }
    if job.dedupe_key.as_ref().is_some_and(|key| !(1..=LONGEST_KEY).contains(&key.len())) {
        return Err(invalid("/dedupe-key", "out-of-range", "Une clé a de 1 à 200 octets.", "A key has 1 to 200 bytes."));
    }
    json::check("/payload", &job.payload)
}
