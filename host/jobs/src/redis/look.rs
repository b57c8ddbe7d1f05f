//! Reads the queue: counts, lists and single jobs. Redis keeps a set per state and a hash per job. This file combines
//! them.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Duration;

use ::redis::{cmd, pipe};
use serde_json::Value;
use uuid::Uuid;

use super::RedisQueue;
use super::exchange::{CORRELATION, PAYLOAD, RUN_AT};
use crate::{Filter, Job, Page, QueueCounts, Result, State, now_ms};

/// The number of jobs that are read at a time if a list filters by kind.
const CHUNK: usize = 200;
/// The score of a prioritized job is its priority times this number, plus a running number.
const PRIORITY_STEP: f64 = 4_294_967_296.0;

type Fields = HashMap<String, String>;

impl RedisQueue {
    /// The names of all queues that any node has used.
    pub(super) async fn names(&self) -> Result<Vec<String>> {
        let mut names: Vec<String> = self.server.run(cmd("SMEMBERS").arg(self.names_key())).await?;
        names.sort();
        Ok(names)
    }

    pub(super) async fn count_all(&self) -> Result<Vec<QueueCounts>> {
        let mut all = Vec::new();
        for queue in self.names().await? {
            let key = |name| self.key(&queue, name);
            let mut asks = pipe();
            asks.hexists(key("meta"), "paused").llen(key("wait")).zcard(key("prioritized")).zcard(key("delayed"));
            asks.llen(key("active")).zcard(key("completed")).zcard(key("failed"));
            let [paused, wait, prioritized, delayed, active, completed, dead]: [u64; 7] =
                self.server.pipe(&asks).await?;
            let waiting = wait + prioritized;
            let oldest_waiting = if waiting > 0 && paused == 0 { self.oldest_waiting(&queue).await? } else { None };
            all.push(QueueCounts {
                queue,
                paused: paused > 0,
                waiting,
                delayed,
                active,
                completed,
                dead,
                oldest_waiting,
            });
        }
        Ok(all)
    }

    /// The waiting time of the oldest job: the first one of the wait list and of each used priority. Jobs behind them
    /// are younger.
    async fn oldest_waiting(&self, queue: &str) -> Result<Option<Duration>> {
        let mut first: Vec<String> =
            self.server.run(cmd("LRANGE").arg(self.key(queue, "wait")).arg(-1).arg(-1)).await?;
        let mut above = f64::NEG_INFINITY;
        loop {
            let mut next = cmd("ZRANGEBYSCORE");
            next.arg(self.key(queue, "prioritized"))
                .arg(above)
                .arg("+inf")
                .arg("WITHSCORES")
                .arg("LIMIT")
                .arg(0)
                .arg(1);
            let head: Vec<(String, f64)> = self.server.run(&next).await?;
            let Some((id, score)) = head.into_iter().next() else { break };
            first.push(id);
            above = ((score / PRIORITY_STEP).floor() + 1.0) * PRIORITY_STEP;
        }
        let now = now_ms();
        let due = |fields: &Fields| {
            let created = number(fields, "timestamp")?;
            Some(created.max(data(fields)[RUN_AT].as_i64().unwrap_or(created)))
        };
        let first = first.iter().map(|id| self.key(queue, id));
        let oldest = self.hashes(first).await?.iter().filter_map(due).min();
        Ok(oldest.map(|since| Duration::from_millis(u64::try_from(now - since).unwrap_or(0))))
    }

    pub(super) async fn page(&self, filter: &Filter) -> Result<Page> {
        let limit = filter.limit.clamp(1, 200) as usize;
        let mut ids = Vec::new();
        for queue in self.names().await? {
            if filter.queue.as_ref().is_none_or(|q| *q == queue) {
                self.collect(&queue, filter, &mut ids).await?;
            }
        }
        ids.retain(|(id, _, _)| filter.before.is_none_or(|before| *id < before));
        ids.sort_by_key(|(id, _, _)| Reverse(*id));
        // A job that moves during the read may appear twice.
        ids.dedup_by_key(|(id, _, _)| *id);

        let mut jobs: Vec<Job> = Vec::new();
        for chunk in ids.chunks(CHUNK) {
            let found = self.hashes(chunk.iter().map(|(id, queue, _)| self.key(queue, id))).await?;
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
    async fn collect(&self, queue: &str, filter: &Filter, into: &mut Vec<(Uuid, String, State)>) -> Result<()> {
        let places = [
            ("LRANGE", "wait", State::Waiting),
            ("ZRANGE", "prioritized", State::Waiting),
            ("ZRANGE", "delayed", State::Delayed),
            ("LRANGE", "active", State::Active),
            ("ZRANGE", "completed", State::Completed),
            ("ZRANGE", "failed", State::Dead),
        ];
        let wanted = filter.state.map(|state| if state == State::Failed { State::Delayed } else { state });
        for (command, name, state) in places {
            if wanted.is_none_or(|w| w == state) {
                let ids: Vec<String> = self.server.run(cmd(command).arg(self.key(queue, name)).arg(0).arg(-1)).await?;
                let ids = ids.iter().filter_map(|id| Uuid::parse_str(id).ok());
                into.extend(ids.map(|id| (id, queue.to_owned(), state)));
            }
        }
        Ok(())
    }

    pub(super) async fn one(&self, id: Uuid) -> Result<Option<Job>> {
        let Some(queue) = self.queue_of(id).await? else { return Ok(None) };
        let sets = [("completed", State::Completed), ("failed", State::Dead), ("delayed", State::Delayed)];
        let mut asks = pipe();
        asks.atomic().hgetall(self.key(&queue, id));
        asks.cmd("LPOS").arg(self.key(&queue, "active")).arg(id.to_string());
        for (name, _) in sets {
            asks.zscore(self.key(&queue, name), id.to_string());
        }
        let (fields, active, scores): (Fields, Option<i64>, [Option<f64>; 3]) = {
            let (fields, active, a, b, c) = self.server.pipe(&asks).await?;
            (fields, active, [a, b, c])
        };
        let set = sets.iter().zip(scores).find(|(_, score)| score.is_some()).map(|((_, state), _)| *state);
        let place = if active.is_some() { State::Active } else { set.unwrap_or(State::Waiting) };
        Ok((!fields.is_empty()).then(|| job(id, &queue, place, &fields)))
    }

    /// The queue of this job.
    pub(super) async fn queue_of(&self, id: Uuid) -> Result<Option<String>> {
        let names = self.names().await?;
        let mut asks = pipe();
        for name in &names {
            asks.exists(self.key(name, id));
        }
        if names.is_empty() {
            return Ok(None);
        }
        let found: Vec<bool> = self.server.pipe(&asks).await?;
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
        self.server.pipe(&asks).await
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
        payload: data[PAYLOAD].take(),
        // BullMQ counts an attempt at its end.
        attempt: failures + u32::from(state == State::Active),
        max_attempts: options["attempts"].as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(1),
        crashes: small("stc").unwrap_or(0),
        progress: fields.get("progress").and_then(|p| p.parse::<f64>().ok()).map(|p| p as u8),
        created_at: number(fields, "timestamp").unwrap_or(0),
        run_at: data[RUN_AT].as_i64(),
        started_at: number(fields, "processedOn"),
        finished_at: number(fields, "finishedOn"),
        error: fields.get("failedReason").filter(|e| !e.is_empty() && state != State::Completed).cloned(),
        correlation_id: data[CORRELATION].as_str().map(str::to_owned),
    }
}
