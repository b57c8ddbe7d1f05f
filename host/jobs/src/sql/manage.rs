//! Operations on jobs without a worker: recovery, pause, retry, deletion.

use afpi_db::{dialect, row, sql};
use uuid::Uuid;

use super::SqlQueue;
use crate::{JobsError, Recovered, Result, now_ms};

/// The number of rows that are handled at a time.
const BATCH: u32 = 500;

row! { struct Stalled { id: Uuid, queue: String, kind: String, crashes: i64 } }

impl SqlQueue {
    pub(super) async fn recover(&self) -> Result<Vec<Recovered>> {
        let recovered: Vec<Recovered> = afpi_db::retry(|| async {
            let now = now_ms();
            if !self.any_stalled(now).await? {
                return Ok::<_, JobsError>(Vec::new());
            }
            let mut tx = self.db.begin().await?;
            let mut select = sql("SELECT id, queue, kind, crashes FROM jobs");
            dialect::by_index(&mut select, tx.backend(), "ix_jobs_due");
            select.push(" WHERE state = 'active' AND due_at < ? ORDER BY due_at").arg(now).limit(BATCH);
            select.push(dialect::for_update_skip_locked(tx.backend()));
            let stalled: Vec<Stalled> = select.all(&mut tx).await?;
            let deadly = |s: &Stalled| s.crashes + 1 >= i64::from(self.settings.max_crashes);

            // A crash does not count as an attempt: the job has not failed, but its worker died.
            let mut again =
                sql("UPDATE jobs SET state = 'waiting', token = NULL, attempt = attempt - 1, crashes = crashes + 1, \
                 due_at = COALESCE(run_at, created_at) WHERE id IN ");
            again.list(stalled.iter().filter(|s| !deadly(s)).map(|s| s.id));
            again.execute(&mut tx).await?;
            let mut dead =
                sql("UPDATE jobs SET state = 'dead', token = NULL, dedupe_key = NULL, attempt = attempt - 1, \
                 crashes = crashes + 1, error = ?, due_at = ?, finished_at = ? WHERE id IN ")
                .bind(crash_message(self.settings.max_crashes))
                .bind(now)
                .bind(now);
            dead.list(stalled.iter().filter(|s| deadly(s)).map(|s| s.id));
            dead.execute(&mut tx).await?;
            tx.commit().await?;
            Ok(stalled
                .into_iter()
                .map(|s| Recovered { dead: deadly(&s), id: s.id, queue: s.queue, kind: s.kind })
                .collect())
        })
        .await?;
        if !recovered.is_empty() {
            self.announce();
        }
        Ok(recovered)
    }

    async fn any_stalled(&self, now: i64) -> Result<bool> {
        let mut conn = self.db.read().await?;
        let found: i64 = sql("SELECT EXISTS (SELECT 1 FROM jobs WHERE state = 'active' AND due_at < ?)")
            .bind(now)
            .scalar(&mut conn)
            .await?;
        Ok(found > 0)
    }

    pub(super) async fn set_paused(&self, queue: &str) -> Result<()> {
        self.write(|| {
            let mut insert = dialect::insert_or_ignore(self.db.backend());
            insert.push(" INTO paused_queues (queue, paused_at) VALUES (?, ?)").arg(queue).arg(now_ms());
            insert
        })
        .await?;
        Ok(())
    }

    pub(super) async fn clear_paused(&self, queue: &str) -> Result<()> {
        self.write(|| sql("DELETE FROM paused_queues WHERE queue = ?").bind(queue)).await?;
        self.announce();
        Ok(())
    }

    pub(super) async fn paused(&self, queue: &str) -> Result<bool> {
        let mut conn = self.db.read().await?;
        let found =
            sql("SELECT queue FROM paused_queues WHERE queue = ?").bind(queue).optional::<(String,)>(&mut conn).await?;
        Ok(found.is_some())
    }

    pub(super) async fn revive(&self, id: Uuid) -> Result<()> {
        let rows = self
            .write(|| {
                let back = "UPDATE jobs SET state = 'waiting', attempt = 0, crashes = 0, progress = NULL, due_at = ?, \
                     finished_at = NULL WHERE id = ? AND state = 'dead'";
                sql(back).bind(now_ms()).bind(id)
            })
            .await?;
        if rows == 0 {
            return Err(if self.one(id).await?.is_some() { JobsError::NotDead(id) } else { JobsError::NotFound(id) });
        }
        self.announce();
        Ok(())
    }

    pub(super) async fn delete_finished(&self, state: &'static str, before: i64) -> Result<u64> {
        let mut total = 0;
        loop {
            let rows = afpi_db::retry(|| async {
                let mut tx = self.db.begin().await?;
                let mut select =
                    sql("SELECT id FROM jobs WHERE state = ? AND due_at < ? ORDER BY due_at").bind(state).bind(before);
                select.limit(BATCH);
                let old: Vec<(Uuid,)> = select.all(&mut tx).await?;
                let mut delete = sql("DELETE FROM jobs WHERE id IN ");
                delete.list(old.into_iter().map(|(id,)| id));
                // The statement checks the state again, because a person may have retried a dead job in the meantime.
                delete.push(" AND state = ?").arg(state);
                let rows = delete.execute(&mut tx).await?;
                tx.commit().await?;
                Ok::<_, JobsError>(rows)
            })
            .await?;
            total += rows;
            if rows < u64::from(BATCH) {
                return Ok(total);
            }
        }
    }
}

/// The message of a job that was given up because it kills its workers.
pub(crate) fn crash_message(max_crashes: u32) -> String {
    format!("given up: {max_crashes} workers vanished while running it")
}
