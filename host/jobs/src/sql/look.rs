//! Reads the queue: counts, lists and single jobs.

use std::collections::BTreeMap;
use std::time::Duration;

use afpi_db::{Json, Sql, row, sql};
use uuid::Uuid;

use super::SqlQueue;
use crate::{Filter, Job, Page, QueueCounts, Result, State, now_ms};

const COLUMNS: &str = "SELECT id, queue, kind, state, payload, priority, run_at, attempt, max_attempts, crashes, progress, error, \
     correlation_id, created_at, started_at, finished_at FROM jobs";

row! {
    struct JobRow {
        id: Uuid, queue: String, kind: String, state: String, payload: Json<serde_json::Value>, priority: i64, run_at: Option<i64>,
        attempt: i64, max_attempts: i64, crashes: i64, progress: Option<i64>, error: Option<String>, correlation_id: Option<String>,
        created_at: i64, started_at: Option<i64>, finished_at: Option<i64>,
    }
}

row! { struct CountRow { state: String, queue: String, jobs: i64, oldest: i64 } }

impl SqlQueue {
    pub(super) async fn count_all(&self) -> Result<Vec<QueueCounts>> {
        let mut conn = self.db.read().await?;
        let now = now_ms();
        let mut queues: BTreeMap<String, QueueCounts> = BTreeMap::new();
        let rows: Vec<CountRow> =
            sql("SELECT state, queue, COUNT(*) AS jobs, MIN(due_at) AS oldest FROM jobs GROUP BY state, queue")
                .all(&mut conn)
                .await?;
        for row in rows {
            let counts = queues.entry(row.queue).or_default();
            let jobs = u64::try_from(row.jobs).unwrap_or(0);
            match row.state.as_str() {
                "waiting" => {
                    counts.waiting = jobs;
                    counts.oldest_waiting = Some(Duration::from_millis(u64::try_from(now - row.oldest).unwrap_or(0)));
                }
                "delayed" => counts.delayed = jobs,
                "active" => counts.active = jobs,
                "completed" => counts.completed = jobs,
                _ => counts.dead = jobs,
            }
        }
        for (queue,) in sql("SELECT queue FROM paused_queues").all::<(String,)>(&mut conn).await? {
            queues.entry(queue).or_default().paused = true;
        }
        Ok(queues.into_iter().map(|(queue, counts)| QueueCounts { queue, ..counts }).collect())
    }

    pub(super) async fn page(&self, filter: &Filter) -> Result<Page> {
        let limit = filter.limit.clamp(1, 200);
        let mut query = sql(COLUMNS);
        query.push(" WHERE 1 = 1");
        match filter.state {
            Some(State::Failed) => {
                query.push(" AND state = 'delayed' AND attempt > 0");
            }
            Some(State::Delayed) => {
                query.push(" AND state = 'delayed' AND attempt = 0");
            }
            Some(state) => {
                query.push(" AND state = ?").arg(state.as_str());
            }
            None => {}
        }
        restrict(&mut query, " AND kind = ?", filter.kind.as_ref());
        restrict(&mut query, " AND queue = ?", filter.queue.as_ref());
        restrict(&mut query, " AND id < ?", filter.before);
        query.push(" ORDER BY id DESC").limit(limit + 1);

        let mut conn = self.db.read().await?;
        let mut jobs: Vec<Job> = query.all::<JobRow>(&mut conn).await?.into_iter().map(Job::from).collect();
        let more = jobs.len() > limit as usize;
        jobs.truncate(limit as usize);
        Ok(Page { next: jobs.last().filter(|_| more).map(|j| j.id), jobs })
    }

    pub(super) async fn one(&self, id: Uuid) -> Result<Option<Job>> {
        let mut query = sql(COLUMNS);
        query.push(" WHERE id = ?").arg(id);
        let mut conn = self.db.read().await?;
        Ok(query.optional::<JobRow>(&mut conn).await?.map(Job::from))
    }
}

fn restrict(query: &mut Sql, condition: &'static str, value: Option<impl Into<afpi_db::Value>>) {
    if let Some(value) = value {
        query.push(condition).arg(value);
    }
}

impl From<JobRow> for Job {
    fn from(row: JobRow) -> Job {
        // These numbers were u32 when the job was added. The counters only grow by one at a time.
        let number = |n: i64| u32::try_from(n).unwrap_or(0);
        Job {
            id: row.id,
            state: match row.state.as_str() {
                "delayed" if row.attempt > 0 => State::Failed,
                "delayed" => State::Delayed,
                "waiting" => State::Waiting,
                "active" => State::Active,
                "completed" => State::Completed,
                _ => State::Dead,
            },
            queue: row.queue,
            kind: row.kind,
            priority: number(row.priority),
            payload: row.payload.0,
            attempt: number(row.attempt),
            max_attempts: number(row.max_attempts),
            crashes: number(row.crashes),
            progress: row.progress.and_then(|p| u8::try_from(p).ok()),
            created_at: row.created_at,
            run_at: row.run_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
            error: row.error,
            correlation_id: row.correlation_id,
        }
    }
}
