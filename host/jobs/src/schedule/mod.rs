//! Recurring work. A node claims a tick by moving `next_at` from the old value to the next one, in the transaction that
//! writes the job. So any number of nodes enqueue only one job, and a clock that is set back repeats none.

mod cron;

use std::sync::Arc;
use std::time::Duration;

use afpi_db::{Conn, Db, Json, dialect, row, sql};
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{JobsError, NewJob, Relay, Result, enqueue, now_ms};

/// The longest time between two reads of the table, because another node may have changed it.
const POLL: Duration = Duration::from_secs(5);
/// The largest number of schedules per read.
const BATCH: u32 = 100;

/// A recurring job.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// The id names the purpose, e.g. `ypareo/AFPI-91`. It has at most 120 characters.
    pub id: String,
    /// Five fields (minute hour day month weekday) or six (seconds first), in the time zone Europe/Paris.
    pub cron: String,
    pub queue: String,
    pub kind: String,
    pub payload: Value,
    pub priority: u32,
    pub max_attempts: u32,
}

/// A stored schedule. Instants are epoch ms.
#[derive(Debug, Clone, PartialEq)]
pub struct Scheduled {
    pub schedule: Schedule,
    pub next_at: i64,
    /// The last tick that ran.
    pub last_at: Option<i64>,
}

row! {
    struct ScheduleRow {
        id: String, cron: String, queue: String, kind: String, payload: Json<Value>, priority: i64, max_attempts: i64, next_at: i64,
        last_at: Option<i64>,
    }
}

/// Stores the schedules and enqueues due jobs.
pub struct Scheduler {
    db: Db,
    relay: Arc<Relay>,
}

impl Scheduler {
    pub fn new(db: Db, relay: Arc<Relay>) -> Scheduler {
        Scheduler { db, relay }
    }

    /// Stores the schedule under its id. If the cron expression is unchanged, the next tick stays. So every node may
    /// call this at every start.
    pub async fn upsert(tx: &mut Conn, schedule: &Schedule) -> Result<()> {
        let next = cron::next(&schedule.cron, now_ms())?;
        if schedule.id.is_empty() || schedule.id.chars().count() > 120 {
            return Err(JobsError::Refused("schedule id empty or over 120 characters".into()));
        }
        dedupe(NewJob::new(&schedule.queue, &schedule.kind, Value::Null), &schedule.id).check()?;
        // The statement does not write a `next_at` that was read before, because another node may have ticked since.
        let same = sql("UPDATE schedules SET queue = ?, kind = ?, payload = ?, priority = ?, max_attempts = ? WHERE id = ? AND cron = ?")
            .bind(&schedule.queue)
            .bind(&schedule.kind)
            .bind(schedule.payload.to_string())
            .bind(schedule.priority)
            .bind(schedule.max_attempts)
            .bind(&schedule.id)
            .bind(&schedule.cron)
            .execute(tx)
            .await?;
        if same > 0 {
            return Ok(());
        }
        let mut insert =
            sql("INSERT INTO schedules (id, cron, queue, kind, payload, priority, max_attempts, next_at) VALUES ");
        insert.rows([[
            (&schedule.id).into(),
            (&schedule.cron).into(),
            (&schedule.queue).into(),
            (&schedule.kind).into(),
            schedule.payload.to_string().into(),
            schedule.priority.into(),
            schedule.max_attempts.into(),
            next.into(),
        ]]);
        let columns = ["cron", "queue", "kind", "payload", "priority", "max_attempts", "next_at"];
        dialect::upsert(&mut insert, tx.backend(), &["id"], &columns);
        insert.execute(tx).await?;
        Ok(())
    }

    /// Deletes the schedule. Returns whether it existed. A job that is already enqueued still runs.
    pub async fn remove(tx: &mut Conn, id: &str) -> Result<bool> {
        Ok(sql("DELETE FROM schedules WHERE id = ?").bind(id).execute(tx).await? > 0)
    }

    /// The schedule of this id.
    pub async fn get(conn: &mut Conn, id: &str) -> Result<Option<Scheduled>> {
        let row = sql("SELECT * FROM schedules WHERE id = ?").bind(id).optional::<ScheduleRow>(conn).await?;
        Ok(row.map(Scheduled::from))
    }

    /// All schedules, ordered by id.
    pub async fn list(conn: &mut Conn) -> Result<Vec<Scheduled>> {
        let rows = sql("SELECT * FROM schedules ORDER BY id").all::<ScheduleRow>(conn).await?;
        Ok(rows.into_iter().map(Scheduled::from).collect())
    }

    /// Checks the expression. Returns its next run in epoch ms.
    pub fn next_run(cron: &str, after: i64) -> Result<i64> {
        cron::next(cron, after)
    }

    /// Ticks until stopped. Every node may run this.
    pub async fn run(&self, stop: CancellationToken) {
        loop {
            let pause = match self.tick(now_ms()).await {
                Ok(_) => self.pause().await,
                Err(error) => {
                    tracing::warn!(%error, "schedules wait");
                    POLL
                }
            };
            tokio::select! {
                _ = stop.cancelled() => return,
                _ = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Enqueues a job for each schedule that is due at `now`. Returns the ids of the jobs. After a long pause a
    /// schedule runs once, not once per missed tick. While its last job waits or runs, the queue drops the new one.
    pub async fn tick(&self, now: i64) -> Result<Vec<Uuid>> {
        let mut jobs = Vec::new();
        for due in self.due(now).await? {
            match self.claim_tick(&due, now).await {
                Ok(Some(id)) => {
                    tracing::info!(schedule = due.schedule.id, job = %id, "scheduled job enqueued");
                    jobs.push(id);
                }
                Ok(None) => {}
                // An unreadable schedule must not stop the others.
                Err(error @ JobsError::Refused(_)) => {
                    tracing::error!(schedule = due.schedule.id, %error, "schedule skipped")
                }
                Err(error) => return Err(error),
            }
        }
        if !jobs.is_empty() {
            self.relay.wake();
        }
        Ok(jobs)
    }

    async fn due(&self, now: i64) -> Result<Vec<Scheduled>> {
        let mut conn = self.db.read().await?;
        let mut query = sql("SELECT * FROM schedules WHERE next_at <= ? ORDER BY next_at").bind(now);
        query.limit(BATCH);
        Ok(query.all::<ScheduleRow>(&mut conn).await?.into_iter().map(Scheduled::from).collect())
    }

    /// Moves the schedule to its next tick, unless another node has done so, and writes its job in the same
    /// transaction.
    async fn claim_tick(&self, due: &Scheduled, now: i64) -> Result<Option<Uuid>> {
        let next = cron::next(&due.schedule.cron, now.max(due.next_at))?;
        afpi_db::retry(|| async {
            let mut tx = self.db.begin().await?;
            let moved = sql("UPDATE schedules SET next_at = ?, last_at = ? WHERE id = ? AND next_at = ? AND cron = ?")
                .bind(next)
                .bind(due.next_at)
                .bind(&due.schedule.id)
                .bind(due.next_at)
                .bind(&due.schedule.cron)
                .execute(&mut tx)
                .await?;
            if moved == 0 {
                return Ok(None);
            }
            let schedule = &due.schedule;
            let job = NewJob::new(&schedule.queue, &schedule.kind, schedule.payload.clone())
                .priority(schedule.priority)
                .max_attempts(schedule.max_attempts);
            let id = enqueue(&mut tx, &dedupe(job, &schedule.id)).await?;
            tx.commit().await?;
            Ok(Some(id))
        })
        .await
    }

    /// The time until the next tick, at most [`POLL`].
    async fn pause(&self) -> Duration {
        let next = async {
            let mut conn = self.db.read().await?;
            sql("SELECT MIN(next_at) FROM schedules").one::<(Option<i64>,)>(&mut conn).await
        };
        match next.await {
            Ok((Some(next),)) => Duration::from_millis(u64::try_from(next - now_ms()).unwrap_or(0))
                .clamp(Duration::from_millis(20), POLL),
            _ => POLL,
        }
    }
}

/// Allows one job of a schedule at a time.
fn dedupe(job: NewJob, schedule: &str) -> NewJob {
    job.dedupe(format!("schedule:{schedule}"))
}

impl From<ScheduleRow> for Scheduled {
    fn from(row: ScheduleRow) -> Scheduled {
        let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
        Scheduled {
            schedule: Schedule {
                id: row.id,
                cron: row.cron,
                queue: row.queue,
                kind: row.kind,
                payload: row.payload.0,
                priority: number(row.priority),
                max_attempts: number(row.max_attempts),
            },
            next_at: row.next_at,
            last_at: row.last_at,
        }
    }
}
