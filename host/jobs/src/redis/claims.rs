//! Adds jobs to Redis and gives them to workers.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bullmq::{BulkJob, DeduplicationOptions, JobOptions};
use futures::FutureExt;
use futures::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Handle, Held, RedisQueue, timely};
use crate::sql::crash_message;
use crate::{Claim, Lease, Queued, Result, now_ms};

/// The number of commands that are sent to Redis before the answers are read.
const CHUNK: usize = 100;

impl RedisQueue {
    pub(super) async fn add_all(&self, jobs: &[Queued]) -> Result<()> {
        let now = now_ms();
        let mut by_queue: BTreeMap<&str, Vec<&Queued>> = BTreeMap::new();
        for queued in jobs {
            by_queue.entry(&queued.job.queue).or_default().push(queued);
        }
        for (queue, jobs) in by_queue {
            let handle = self.handle(queue).await?;
            for chunk in jobs.chunks(CHUNK) {
                timely(handle.queue.add_bulk(chunk.iter().map(|q| bulk(q, now)).collect())).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn claim_due(&self, queue: &str, limit: u32, worker: &str) -> Result<Vec<Claim>> {
        let handle = self.handle(queue).await?;
        let (mut claims, mut together) = (Vec::new(), 1);
        loop {
            // BullMQ gives out one job per call. Calls that are sent together share a round trip. Their number doubles
            // while there is work.
            let calls = (0..together.min(limit as usize - claims.len())).map(|_| self.claim_next(&handle));
            let (mut dry, mut failed) = (false, None);
            for answer in join_all(calls).await {
                match answer {
                    Ok(Some(claim)) => claims.push(claim),
                    Ok(None) => dry = true,
                    Err(error) => failed = Some(error),
                }
            }
            match failed {
                Some(error) if claims.is_empty() => return Err(error),
                // The worker must get the jobs that are already claimed.
                Some(_) => break,
                None if dry || claims.len() >= limit as usize => break,
                None => together = (together * 2).min(CHUNK),
            }
        }
        tracing::trace!(worker, queue, jobs = claims.len(), "claimed");
        Ok(claims)
    }

    async fn claim_next(&self, handle: &Handle) -> Result<Option<Claim>> {
        let claimer = self.claimer(handle).await?;
        loop {
            let token = Uuid::new_v4();
            let Some(mut job) = timely(claimer.get_next_job_nonblocking(&token.to_string())).await? else {
                return Ok(None);
            };
            // The port reports each claim on an unbounded channel. Nobody reads it, so it is emptied here.
            while claimer.next_event().now_or_never().flatten().is_some() {}
            // If a Node worker finds a stalled poison job, it leaves the end of that job to the next worker that takes
            // it. A foreign id cannot be named here.
            let claim = match Uuid::parse_str(job.id()) {
                _ if job.deferred_failure().is_some() => Err(crash_message(self.settings.max_crashes)),
                Ok(id) => Ok(claim(&job, id, handle.queue.name(), token)),
                Err(_) => Err("the job's id is not a UUID: it was not enqueued by this system".to_owned()),
            };
            let claim = match claim {
                Ok(claim) => claim,
                Err(reason) => {
                    timely(job.move_to_failed(&reason)).await?;
                    continue;
                }
            };
            self.hold(token, job);
            return Ok(Some(claim));
        }
    }

    fn hold(&self, token: Uuid, job: bullmq::Job) {
        let mut held = self.held.lock().expect("no panic while held");
        // A job whose lease expired long ago will not be ended here, because its worker gave up while Redis was away.
        held.retain(|_, held| held.since.elapsed() < self.settings.lease * 3);
        held.insert(token, Held { job: Arc::new(tokio::sync::Mutex::new(job)), since: Instant::now() });
    }
}

fn bulk(queued: &Queued, now: i64) -> BulkJob {
    let Queued { id, created_at, job } = queued;
    let mut data = json!({ "payload": job.payload });
    if let Some(correlation) = &job.correlation_id {
        data["correlationId"] = json!(correlation);
    }
    if let Some(run_at) = job.run_at {
        data["runAt"] = json!(run_at);
    }
    // BullMQ counts the delay from the job's timestamp.
    let delay = job.run_at.filter(|at| *at > now).and_then(|at| u64::try_from(at - created_at).ok());
    let dedupe = |key: &String| DeduplicationOptions { id: key.clone(), ..DeduplicationOptions::default() };
    let options = JobOptions {
        job_id: Some(id.to_string()),
        timestamp: u64::try_from(*created_at).ok(),
        attempts: Some(job.max_attempts),
        priority: (job.priority > 0).then_some(job.priority),
        delay,
        deduplication: job.dedupe_key.as_ref().map(dedupe),
        ..JobOptions::default()
    };
    BulkJob::with_options(&job.kind, data, options)
}

fn claim(job: &bullmq::Job, id: Uuid, queue: &str, token: Uuid) -> Claim {
    let data = job.data();
    let created_at = i64::try_from(job.timestamp()).unwrap_or(i64::MAX);
    let due = data["runAt"].as_i64().unwrap_or(created_at).max(created_at);
    let first = job.attempts_made() == 0;
    Claim {
        lease: Lease {
            id,
            queue: queue.to_owned(),
            token,
            attempt: job.attempts_made() + 1,
            max_attempts: job.opts().attempts.unwrap_or(1),
        },
        kind: job.name().to_owned(),
        payload: data.get("payload").cloned().unwrap_or(Value::Null),
        correlation_id: data["correlationId"].as_str().map(str::to_owned),
        // Redis does not store when a retried job was due again.
        waited: first.then(|| Duration::from_millis(u64::try_from(now_ms() - due).unwrap_or(0))),
    }
}
