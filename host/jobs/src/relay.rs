//! Moves committed jobs from the outbox to the queue. It knows no backend. The queue recognises a job by its id. So a
//! crash between the two steps, or several nodes that do the same, are harmless.

use std::sync::Arc;
use std::time::Duration;

use afpi_db::{Db, Json, row, sql};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{NewJob, Queue, Queued, Result, now_ms};

/// The limits of a batch, in rows and payload bytes.
const BATCH_ROWS: u32 = 500;
const BATCH_BYTES: usize = 4 << 20;
/// How long committed jobs gather before they are moved. So a busy second costs a few transactions instead of hundreds.
const GATHER: Duration = Duration::from_millis(10);
/// The polling interval without a wake-up. Another process may have written jobs.
const POLL: Duration = Duration::from_secs(1);
/// The longest wait while the queue or the database is away.
const MAX_PAUSE: Duration = Duration::from_secs(10);

row! {
    struct OutboxRow {
        id: Uuid, queue: String, kind: String, payload: Json<serde_json::Value>, priority: i64, run_at: Option<i64>,
        dedupe_key: Option<String>, max_attempts: i64, correlation_id: Option<String>, trace_parent: Option<String>, created_at: i64, size: i64,
    }
}

/// The load of the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    pub jobs: u64,
    pub oldest: Option<Duration>,
}

/// Moves jobs from the outbox to the queue.
pub struct Relay {
    db: Db,
    queue: Arc<dyn Queue>,
    woken: Notify,
}

impl Relay {
    pub fn new(db: Db, queue: Arc<dyn Queue>) -> Arc<Relay> {
        Arc::new(Relay { db, queue, woken: Notify::new() })
    }

    /// Reports new work in the outbox. It is cheap. Call it after the commit.
    pub fn wake(&self) {
        self.woken.notify_one();
    }

    /// Moves work until it is stopped. Committed work that is left then waits for the next start.
    pub async fn run(&self, stop: CancellationToken) {
        let mut pause = POLL;
        loop {
            match self.bring().await {
                Ok(0) => pause = POLL,
                Ok(_) if stop.is_cancelled() => return,
                Ok(_) => {
                    tokio::time::sleep(GATHER).await;
                    continue;
                }
                Err(error) => {
                    tracing::warn!(%error, "outbox waits: jobs cannot be brought to the queue");
                    pause = (pause * 2).min(MAX_PAUSE);
                }
            }
            tokio::select! {
                _ = stop.cancelled() => return,
                _ = self.woken.notified() => tokio::time::sleep(GATHER).await,
                _ = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Moves all work that exists now. Returns the number of jobs.
    pub async fn drain(&self) -> Result<u64> {
        let mut total = 0;
        loop {
            match self.bring().await? {
                0 => return Ok(total),
                n => total += n,
            }
        }
    }

    /// Moves one batch, oldest jobs first. It adds them to the queue before it deletes them from the outbox. A crash in
    /// between repeats work but never loses it.
    pub async fn bring(&self) -> Result<u64> {
        let batch = self.batch().await?;
        if batch.is_empty() {
            return Ok(0);
        }
        self.queue.add(&batch).await?;
        for Queued { created_at, job, .. } in &batch {
            let correlation = job.correlation_id.as_deref().unwrap_or_default();
            let attributes = [("kind", &*job.kind), ("queue", &*job.queue), ("correlation_id", correlation)];
            afpi_trace::waited("outbox", job.trace.as_deref(), *created_at, attributes);
        }
        self.forget(&batch).await?;
        Ok(batch.len() as u64)
    }

    /// The number and the age of waiting jobs, for the metrics.
    pub async fn backlog(&self) -> Result<Backlog> {
        let mut conn = self.db.read().await?;
        let (jobs, oldest) =
            sql("SELECT COUNT(*), MIN(created_at) FROM outbox").one::<(i64, Option<i64>)>(&mut conn).await?;
        let age = |since: i64| Duration::from_millis(u64::try_from(now_ms() - since).unwrap_or(0));
        Ok(Backlog { jobs: u64::try_from(jobs).unwrap_or(0), oldest: oldest.map(age) })
    }

    async fn batch(&self) -> Result<Vec<Queued>> {
        let mut conn = self.db.read().await?;
        let mut query = sql(
            "SELECT id, queue, kind, payload, priority, run_at, dedupe_key, max_attempts, correlation_id, trace_parent, \
             created_at, LENGTH(payload) AS size FROM outbox ORDER BY id",
        );
        query.limit(BATCH_ROWS);
        let (mut batch, mut bytes) = (Vec::new(), 0);
        query
            .each(&mut conn, |row| {
                let row = <OutboxRow as afpi_db::FromRow>::from_row(&row)?;
                bytes += usize::try_from(row.size).unwrap_or(0);
                batch.push(queued(row));
                Ok(bytes < BATCH_BYTES)
            })
            .await?;
        Ok(batch)
    }

    async fn forget(&self, batch: &[Queued]) -> Result<()> {
        afpi_db::retry(|| async {
            let mut tx = self.db.begin().await?;
            let mut delete = sql("DELETE FROM outbox WHERE id IN ");
            delete.list(batch.iter().map(|q| q.id));
            delete.execute(&mut tx).await?;
            tx.commit().await
        })
        .await?;
        Ok(())
    }
}

fn queued(row: OutboxRow) -> Queued {
    // `enqueue` has written these numbers from u32 values.
    let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    Queued {
        id: row.id,
        created_at: row.created_at,
        job: NewJob {
            queue: row.queue,
            kind: row.kind,
            payload: row.payload.0,
            priority: number(row.priority),
            run_at: row.run_at,
            dedupe_key: row.dedupe_key,
            max_attempts: number(row.max_attempts),
            correlation_id: row.correlation_id,
            trace: row.trace_parent,
        },
    }
}
