//! Reads the queue: counts, lists and single jobs. Redis keeps a set per state and a hash per job. This file combines
//! them.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Duration;

use ::redis::{cmd, pipe};
use serde_json::Value;
use uuid::Uuid;

use super::{Handle, RedisQueue, timely};
use crate::{Filter, Job, Page, QueueCounts, Result, State, now_ms};

/// The number of jobs that are read at a time if a list filters by kind.
const CHUNK: usize = 200;
/// The score of a prioritized job is its priority times this number, plus a running number.
const PRIORITY_STEP: f64 = 4_294_967_296.0;

type Fields = HashMap<String, String>;

impl RedisQueue {
    pub(super) async fn count_all(&self) -> Result<Vec<QueueCounts>> {
        let mut all = Vec::new();
        for queue in self.names().await? {
            let handle = self.handle(&queue).await?;
            let counts = timely(handle.queue.get_job_counts()).await?;
            let paused = timely(handle.queue.is_paused()).await?;
            let oldest_waiting =
                if counts.waiting + counts.prioritized > 0 { self.oldest_waiting(&handle).await? } else { None };
            all.push(QueueCounts {
                queue,
                paused,
                waiting: counts.waiting + counts.prioritized + counts.paused,
                delayed: counts.delayed,
                active: counts.active,
                completed: counts.completed,
                dead: counts.failed,
                oldest_waiting,
            });
        }
        Ok(all)
    }

    /// The waiting time of the oldest job: the first one of the wait list and of each used priority. Jobs behind them
    /// are younger.
    async fn oldest_waiting(&self, handle: &Handle) -> Result<Option<Duration>> {
        let (connection, keys) = (self.connection().await?, handle.queue.keys());
        let mut first: Vec<String> = timely(connection.cmd(cmd("LRANGE").arg(keys.wait()).arg(-1).arg(-1))).await?;
        let mut above = f64::NEG_INFINITY;
        loop {
            let mut next = cmd("ZRANGEBYSCORE");
            next.arg(keys.prioritized()).arg(above).arg("+inf").arg("WITHSCORES").arg("LIMIT").arg(0).arg(1);
            let head: Vec<(String, f64)> = timely(connection.cmd(&mut next)).await?;
            let Some((id, score)) = head.into_iter().next() else { break };
            first.push(id);
            above = ((score / PRIORITY_STEP).floor() + 1.0) * PRIORITY_STEP;
        }
        let now = now_ms();
        let due = |fields: &Fields| {
            let created = number(fields, "timestamp")?;
            Some(created.max(data(fields)["runAt"].as_i64().unwrap_or(created)))
        };
        let first = first.iter().map(|id| keys.job_key(id));
        let oldest = self.hashes(first).await?.iter().filter_map(due).min();
        Ok(oldest.map(|since| Duration::from_millis(u64::try_from(now - since).unwrap_or(0))))
    }

    pub(super) async fn page(&self, filter: &Filter) -> Result<Page> {
        let limit = filter.limit.clamp(1, 200) as usize;
        let mut ids = Vec::new();
        for queue in self.names().await? {
            if filter.queue.as_ref().is_none_or(|q| *q == queue) {
                let handle = self.handle(&queue).await?;
                self.collect(&handle, filter, &mut ids).await?;
            }
        }
        ids.retain(|(id, _, _)| filter.before.is_none_or(|before| *id < before));
        ids.sort_by_key(|(id, _, _)| Reverse(*id));
        // A job that moves during the read may appear twice.
        ids.dedup_by_key(|(id, _, _)| *id);

        let mut jobs: Vec<Job> = Vec::new();
        for chunk in ids.chunks(CHUNK) {
            let found = self.hashes(chunk.iter().map(|(id, queue, _)| self.job_key(queue, &id.to_string()))).await?;
            for ((id, queue, place), fields) in chunk.iter().zip(found) {
                if fields.is_empty() || filter.kind.as_ref().is_some_and(|kind| fields.get("name") != Some(kind)) {
                    continue;
                }
                let job = job(*id, queue, *place, &fields);
                if filter.state.is_none_or(|state| state == job.state) {
                    jobs.push(job);
                }
                if jobs.len() > limit {
                    jobs.truncate(limit);
                    return Ok(Page { next: jobs.last().map(|j| j.id), jobs });
                }
            }
        }
        Ok(Page { jobs, next: None })
    }

    /// The ids of a queue, with the state of the set that contains them. The job itself distinguishes delayed from
    /// failed.
    async fn collect(&self, handle: &Handle, filter: &Filter, into: &mut Vec<(Uuid, String, State)>) -> Result<()> {
        let keys = handle.queue.keys();
        let places = [
            ("LRANGE", keys.wait(), State::Waiting),
            ("ZRANGE", keys.prioritized(), State::Waiting),
            ("ZRANGE", keys.delayed(), State::Delayed),
            ("LRANGE", keys.active(), State::Active),
            ("ZRANGE", keys.completed(), State::Completed),
            ("ZRANGE", keys.failed(), State::Dead),
        ];
        let wanted = filter.state.map(|state| if state == State::Failed { State::Delayed } else { state });
        for (command, key, state) in places {
            if wanted.is_none_or(|w| w == state) {
                let ids: Vec<String> =
                    timely(self.connection().await?.cmd(cmd(command).arg(key).arg(0).arg(-1))).await?;
                let ids = ids.iter().filter_map(|id| Uuid::parse_str(id).ok());
                into.extend(ids.map(|id| (id, handle.queue.name().to_owned(), state)));
            }
        }
        Ok(())
    }

    pub(super) async fn one(&self, id: Uuid) -> Result<Option<Job>> {
        let Some(queue) = self.queue_of(id).await? else { return Ok(None) };
        let handle = self.handle(&queue).await?;
        let place = match timely(handle.queue.get_job_state(&id.to_string())).await? {
            bullmq::JobState::Active => State::Active,
            bullmq::JobState::Delayed => State::Delayed,
            bullmq::JobState::Completed => State::Completed,
            bullmq::JobState::Failed => State::Dead,
            _ => State::Waiting,
        };
        let fields = self.hashes([self.job_key(&queue, &id.to_string())]).await?.remove(0);
        Ok((!fields.is_empty()).then(|| job(id, &queue, place, &fields)))
    }

    /// The queue of this job.
    pub(super) async fn queue_of(&self, id: Uuid) -> Result<Option<String>> {
        let names = self.names().await?;
        let mut asks = pipe();
        for name in &names {
            asks.exists(self.job_key(name, &id.to_string()));
        }
        if names.is_empty() {
            return Ok(None);
        }
        let found: Vec<bool> = timely(self.connection().await?.pipe(&asks)).await?;
        Ok(names.into_iter().zip(found).find(|(_, found)| *found).map(|(name, _)| name))
    }

    /// The hashes under these keys. A missing key gives an empty hash.
    async fn hashes(&self, keys: impl IntoIterator<Item = String>) -> Result<Vec<Fields>> {
        let mut asks = pipe();
        for key in keys {
            asks.hgetall(key);
        }
        if asks.is_empty() {
            return Ok(Vec::new());
        }
        timely(self.connection().await?.pipe(&asks)).await
    }

    fn job_key(&self, queue: &str, id: &str) -> String {
        bullmq::QueueKeys::new(queue, Some(&self.prefix)).job_key(id)
    }
}

fn number(fields: &Fields, name: &str) -> Option<i64> {
    fields.get(name)?.parse().ok()
}

fn data(fields: &Fields) -> Value {
    fields.get("data").and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Null)
}

fn job(id: Uuid, queue: &str, place: State, fields: &Fields) -> Job {
    let small = |name: &str| number(fields, name).and_then(|n| u32::try_from(n).ok());
    let failures = small("atm").unwrap_or(0);
    let state = if place == State::Delayed && failures > 0 { State::Failed } else { place };
    let mut data = data(fields);
    let options: Value = fields.get("opts").and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Null);
    Job {
        id,
        queue: queue.to_owned(),
        kind: fields.get("name").cloned().unwrap_or_default(),
        state,
        priority: small("priority").unwrap_or(0),
        payload: data["payload"].take(),
        // BullMQ counts an attempt at its end.
        attempt: failures + u32::from(state == State::Active),
        max_attempts: options["attempts"].as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(1),
        crashes: small("stc").unwrap_or(0),
        progress: fields.get("progress").and_then(|p| p.parse::<f64>().ok()).map(|p| p as u8),
        created_at: number(fields, "timestamp").unwrap_or(0),
        run_at: data["runAt"].as_i64(),
        started_at: number(fields, "processedOn"),
        finished_at: number(fields, "finishedOn"),
        error: fields.get("failedReason").filter(|e| !e.is_empty() && state != State::Completed).cloned(),
        correlation_id: data["correlationId"].as_str().map(str::to_owned),
    }
}
