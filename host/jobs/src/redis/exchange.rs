//! Adds jobs to Redis, gives them to workers, and ends them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use super::RedisQueue;
use super::script::{ADD, EXCHANGE, PROGRESS, RENEW};
use crate::clock::ms;
use crate::policy::short;
use crate::sql::crash_message;
use crate::{Claim, End, Exchanged, Fate, JobsError, Lease, Queued, Result, now_ms};

/// The number of jobs per call of the script that adds. A call holds up all others on this Redis.
const CHUNK: usize = 100;
/// The most jobs that one call gives out. Lua unpacks them.
const MOST: u32 = 1000;
/// The number of fields that the script gives out for a job.
const FIELDS: usize = 7;

/// The parts of a job's field `data`. BullMQ's tools show them as they are.
pub(super) const PAYLOAD: &str = "payload";
pub(super) const CORRELATION: &str = "correlationId";
const TRACE: &str = "traceparent";
pub(super) const RUN_AT: &str = "runAt";

impl RedisQueue {
    pub(super) async fn add_all(&self, jobs: &[Queued]) -> Result<()> {
        let now = now_ms();
        let mut by_queue: BTreeMap<&str, Vec<&Queued>> = BTreeMap::new();
        for queued in jobs {
            by_queue.entry(&queued.job.queue).or_default().push(queued);
        }
        for (queue, jobs) in by_queue {
            for chunk in jobs.chunks(CHUNK) {
                let mut call = self.call(&ADD, queue);
                call.arg(queue);
                for queued in chunk {
                    let Queued { id, created_at, job } = queued;
                    // BullMQ counts the delay from the job's timestamp.
                    let delay = job.run_at.filter(|at| *at > now).map_or(0, |at| at - created_at);
                    call.arg(id.to_string()).arg(&job.kind).arg(data(queued)).arg(options(queued, delay));
                    call.arg(created_at).arg(delay).arg(job.priority).arg(job.dedupe_key.as_deref().unwrap_or(""));
                }
                self.server.call_safely(&call).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn end_and_claim(
        &self,
        queue: &str,
        ends: &[(Lease, End)],
        limit: u32,
        worker: &str,
    ) -> Result<Exchanged> {
        let now = now_ms();
        let fates: Vec<Fate> = ends.iter().map(|(lease, end)| self.settings.fate(lease, end, now)).collect();
        let endings: Vec<Ending> =
            ends.iter().zip(&fates).map(|((lease, end), fate)| Ending::new(lease, end, *fate)).collect();
        let token = Uuid::new_v4();
        let (held, taken) = self.exchange_once(queue, &endings, limit, worker, token).await?;

        let (mut claims, mut hopeless) = (Vec::new(), Vec::new());
        for fields in taken.chunks_exact(FIELDS) {
            match claim(queue, token, fields) {
                Ok(claim) => claims.push(claim),
                Err(reason) => hopeless.push(Ending::dead(&fields[0], token, self.reason(reason))),
            }
        }
        if !hopeless.is_empty() {
            self.exchange_once(queue, &hopeless, 0, worker, token).await?;
        }
        tracing::trace!(worker, queue, ended = ends.len(), claimed = claims.len(), "exchanged");
        Ok(Exchanged { fates: held.into_iter().zip(fates).map(|(held, fate)| held.then_some(fate)).collect(), claims })
    }

    async fn exchange_once(
        &self,
        queue: &str,
        ends: &[Ending],
        limit: u32,
        worker: &str,
        token: Uuid,
    ) -> Result<(Vec<bool>, Vec<String>)> {
        let mut call = self.call(&EXCHANGE, queue);
        call.arg(ms(self.settings.lease)).arg(limit.min(MOST)).arg(token.to_string()).arg(worker);
        for end in ends {
            call.arg(&end.id).arg(end.token.to_string()).arg(end.how).arg(end.attempt).arg(&end.error).arg(end.at);
        }
        self.server.call(&call).await
    }

    pub(super) async fn extend(&self, queue: &str, leases: &[Lease]) -> Result<Vec<bool>> {
        let mut call = self.call(&RENEW, queue);
        call.arg(ms(self.settings.lease));
        for lease in leases {
            call.arg(lease.id.to_string()).arg(lease.token.to_string());
        }
        self.server.call(&call).await
    }

    pub(super) async fn note_progress(&self, lease: &Lease, percent: u8) -> Result<()> {
        let mut call = self.call(&PROGRESS, &lease.queue);
        call.arg(lease.id.to_string()).arg(lease.token.to_string()).arg(percent.min(100));
        match self.server.call(&call).await? {
            true => Ok(()),
            false => Err(JobsError::LeaseLost(lease.id)),
        }
    }

    fn reason(&self, hopeless: Hopeless) -> String {
        match hopeless {
            Hopeless::Crashes => crash_message(self.settings.max_crashes),
            Hopeless::Foreign => "the job's id is not a UUID: it was not enqueued by this system".to_owned(),
        }
    }
}

/// The end of one job, for the script.
struct Ending {
    id: String,
    token: Uuid,
    how: &'static str,
    attempt: u32,
    error: String,
    /// The instant of the next attempt, or 0.
    at: i64,
}

impl Ending {
    fn new(lease: &Lease, end: &End, fate: Fate) -> Ending {
        let (how, at) = match fate {
            Fate::Completed => ("completed", 0),
            Fate::Retried { at } => ("retried", at),
            Fate::Dead => ("dead", 0),
            Fate::Released => ("released", 0),
        };
        let error = if let End::Failed(failure) = end { short(&failure.message) } else { String::new() };
        Ending { id: lease.id.to_string(), token: lease.token, how, attempt: lease.attempt, error, at }
    }

    fn dead(id: &str, token: Uuid, error: String) -> Ending {
        Ending { id: id.to_owned(), token, how: "dead", attempt: 1, error, at: 0 }
    }
}

/// Why a job that was taken cannot be run.
enum Hopeless {
    /// A Node worker found a stalled poison job, and left its end to the next worker that takes it.
    Crashes,
    /// Its id cannot be named here.
    Foreign,
}

/// Reads the fields that the script gives out for a job.
fn claim(queue: &str, token: Uuid, fields: &[String]) -> Result<Claim, Hopeless> {
    let field = |n: usize| fields[n].as_str();
    if !field(6).is_empty() {
        return Err(Hopeless::Crashes);
    }
    let id = Uuid::parse_str(field(0)).map_err(|_| Hopeless::Foreign)?;
    let mut data: Value = serde_json::from_str(field(2)).unwrap_or(Value::Null);
    let options: Value = serde_json::from_str(field(3)).unwrap_or(Value::Null);
    let created_at: i64 = field(4).parse().unwrap_or(i64::MAX);
    let failures: u32 = field(5).parse().unwrap_or(0);
    let due = data[RUN_AT].as_i64().unwrap_or(created_at).max(created_at);
    Ok(Claim {
        lease: Lease {
            id,
            queue: queue.to_owned(),
            token,
            attempt: failures + 1,
            max_attempts: options["attempts"].as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(1),
        },
        kind: field(1).to_owned(),
        correlation_id: data[CORRELATION].as_str().map(str::to_owned),
        trace: data[TRACE].as_str().map(str::to_owned),
        payload: data.get_mut(PAYLOAD).map(Value::take).unwrap_or(Value::Null),
        // Redis does not store when a retried job was due again.
        waited: (failures == 0).then(|| Duration::from_millis(u64::try_from(now_ms() - due).unwrap_or(0))),
    })
}

fn data(queued: &Queued) -> String {
    let job = &queued.job;
    let mut data = json!({ PAYLOAD: job.payload });
    if let Some(correlation) = &job.correlation_id {
        data[CORRELATION] = json!(correlation);
    }
    if let Some(trace) = &job.trace {
        data[TRACE] = json!(trace);
    }
    if let Some(run_at) = job.run_at {
        data[RUN_AT] = json!(run_at);
    }
    data.to_string()
}

/// BullMQ's options. Its workers and tools read them.
fn options(queued: &Queued, delay: i64) -> String {
    let job = &queued.job;
    let mut options = json!({ "jobId": queued.id, "timestamp": queued.created_at, "attempts": job.max_attempts });
    if job.priority > 0 {
        options["priority"] = json!(job.priority);
    }
    if delay > 0 {
        options["delay"] = json!(delay);
    }
    if let Some(key) = &job.dedupe_key {
        options["de"] = json!({ "id": key });
    }
    options.to_string()
}
