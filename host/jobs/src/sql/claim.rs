//! Ends jobs and gives due ones to workers, in batches and one transaction. Two workers never get the same job.

use std::sync::atomic::Ordering;
use std::time::Duration;

use afpi_db::{Conn, Json, dialect, row, sql};
use uuid::Uuid;

use super::SqlQueue;
use super::finish::complete_all;
use crate::clock::ms;
use crate::{Claim, End, Exchanged, Fate, JobsError, Lease, Result, now_ms};

/// The number of delayed jobs that become waiting at a time. Ten thousand jobs that are due together come in steps.
const PROMOTE: u32 = 1000;

row! {
    struct Due {
        id: Uuid, kind: String, payload: Json<serde_json::Value>, correlation_id: Option<String>, trace_parent: Option<String>, attempt: i64, max_attempts: i64,
        due_at: i64,
    }
}

/// Milliseconds between two looks at delayed jobs while workers are busy.
const LOOK: i64 = 100;

/// What a queue has to give.
#[derive(Default)]
struct Load {
    waiting: bool,
    /// A delayed job of any queue is due.
    due: bool,
}

impl SqlQueue {
    pub(super) async fn end_and_claim(
        &self,
        queue: &str,
        ends: &[(Lease, End)],
        limit: u32,
        worker: &str,
    ) -> Result<Exchanged> {
        if ends.is_empty() {
            // Checks first without a lock: idle workers poll, and on SQLite a write lock would block everybody.
            let load = load(&mut self.db.read().await?, queue).await?;
            if !load.waiting && !load.due {
                return Ok(Exchanged::default());
            }
        }
        // Nearly always all jobs are completed and all leases are held. Then one statement ends the jobs.
        let completed = ends.iter().all(|(_, end)| matches!(end, End::Completed));
        let at_once = if completed { self.exchange_at_once(queue, ends, limit, worker, true).await? } else { None };
        let exchanged = match at_once {
            Some(exchanged) => exchanged,
            None => self.exchange_at_once(queue, ends, limit, worker, false).await?.unwrap_or_default(),
        };
        if exchanged.fates.contains(&Some(Fate::Released)) {
            self.announce();
        }
        Ok(exchanged)
    }

    /// One transaction. `held`: all jobs are completed, and the caller takes all leases for held; `None` if they are not.
    async fn exchange_at_once(
        &self,
        queue: &str,
        ends: &[(Lease, End)],
        limit: u32,
        worker: &str,
        held: bool,
    ) -> Result<Option<Exchanged>> {
        afpi_db::retry(|| async {
            let mut tx = self.db.begin().await?;
            let now = now_ms();
            let fates = if !held {
                self.end_all(&mut tx, ends, now).await?
            } else if complete_all(&mut tx, ends, now).await? {
                vec![Some(Fate::Completed); ends.len()]
            } else {
                tx.rollback().await?;
                return Ok(None);
            };
            let claims = if limit == 0 {
                Vec::new()
            } else {
                self.take(&mut tx, queue, limit, worker, now, !ends.is_empty()).await?
            };
            tx.commit().await?;
            Ok::<_, JobsError>(Some(Exchanged { fates, claims }))
        })
        .await
    }

    /// `busy`: the worker has just ended jobs, so there is probably more, and the queue is not looked at each time.
    async fn take(
        &self,
        tx: &mut Conn,
        queue: &str,
        limit: u32,
        worker: &str,
        now: i64,
        busy: bool,
    ) -> Result<Vec<Claim>> {
        if !busy || now - self.looked.load(Ordering::Relaxed) >= LOOK {
            let load = load(tx, queue).await?;
            if load.due {
                promote(tx, now).await?;
            }
            if !load.waiting && !load.due {
                return Ok(Vec::new());
            }
            self.looked.store(now, Ordering::Relaxed);
        }
        let due = first(tx, queue, limit).await?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let token = Uuid::new_v4();
        let mut update = sql("UPDATE jobs SET state = 'active', token = ?, worker = ?, due_at = ?, started_at = ?, \
             attempt = attempt + 1 WHERE id IN ")
        .bind(token)
        .bind(worker)
        .bind(now + ms(self.settings.lease))
        .bind(now);
        update.list(due.iter().map(|d| d.id));
        update.execute(tx).await?;
        Ok(due.into_iter().map(|d| claim(d, queue, token, now)).collect())
    }
}

/// A paused queue has nothing to give.
async fn load(conn: &mut Conn, queue: &str) -> Result<Load> {
    let (paused, waiting, due) = sql("SELECT EXISTS (SELECT 1 FROM paused_queues WHERE queue = ?), \
         EXISTS (SELECT 1 FROM jobs WHERE state = 'waiting' AND queue = ?), \
         EXISTS (SELECT 1 FROM jobs WHERE state = 'delayed' AND due_at <= ?)")
    .bind(queue)
    .bind(queue)
    .bind(now_ms())
    .one::<(i64, i64, i64)>(conn)
    .await?;
    Ok(if paused > 0 { Load::default() } else { Load { waiting: waiting > 0, due: due > 0 } })
}

/// Makes the delayed jobs of all queues waiting if they are due.
async fn promote(tx: &mut Conn, now: i64) -> Result<()> {
    let mut select = sql("SELECT id FROM jobs");
    dialect::by_index(&mut select, tx.backend(), "ix_jobs_due");
    select.push(" WHERE state = 'delayed' AND due_at <= ? ORDER BY due_at").arg(now).limit(PROMOTE);
    select.push(dialect::for_update_skip_locked(tx.backend()));
    let due: Vec<(Uuid,)> = select.all(tx).await?;
    if !due.is_empty() {
        let mut update = sql("UPDATE jobs SET state = 'waiting' WHERE id IN ");
        update.list(due.into_iter().map(|(id,)| id));
        update.execute(tx).await?;
    }
    Ok(())
}

/// The jobs that come first, locked. None while the queue is paused.
async fn first(tx: &mut Conn, queue: &str, limit: u32) -> Result<Vec<Due>> {
    let mut select =
        sql("SELECT id, kind, payload, correlation_id, trace_parent, attempt, max_attempts, due_at FROM jobs");
    dialect::by_index(&mut select, tx.backend(), "ix_jobs_claim");
    select.push(" WHERE state = 'waiting' AND queue = ?").arg(queue);
    select.push(" AND NOT EXISTS (SELECT 1 FROM paused_queues WHERE queue = ?)").arg(queue);
    select.push(" ORDER BY priority, due_at, id LIMIT ?").arg(limit);
    select.push(dialect::for_update_skip_locked(tx.backend()));
    Ok(select.all(tx).await?)
}

fn claim(due: Due, queue: &str, token: Uuid, now: i64) -> Claim {
    Claim {
        lease: Lease {
            id: due.id,
            queue: queue.to_owned(),
            token,
            attempt: u32::try_from(due.attempt + 1).unwrap_or(u32::MAX),
            max_attempts: u32::try_from(due.max_attempts).unwrap_or(u32::MAX),
        },
        kind: due.kind,
        payload: due.payload.0,
        correlation_id: due.correlation_id,
        trace: due.trace_parent,
        waited: Some(Duration::from_millis(u64::try_from(now - due.due_at).unwrap_or(0))),
    }
}
