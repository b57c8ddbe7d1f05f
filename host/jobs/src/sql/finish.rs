//! The operations of a lease's holder. A row with another token is left alone, so a worker without the lease changes
//! nothing.

use std::collections::HashMap;

use afpi_db::{Conn, Sql, dialect, rounded, sql};
use uuid::Uuid;

use super::SqlQueue;
use crate::clock::ms;
use crate::policy::short;
use crate::{End, Fate, JobsError, Lease, Result, now_ms};

impl SqlQueue {
    /// Ends these jobs in the caller's transaction. `None` stands for a lost lease.
    pub(super) async fn end_all(&self, tx: &mut Conn, ends: &[(Lease, End)], now: i64) -> Result<Vec<Option<Fate>>> {
        let held = held(tx, ends.iter().map(|(lease, _)| lease)).await?;
        let fate = |((lease, end), held): (&(Lease, End), bool)| held.then(|| self.settings.fate(lease, end, now));
        let fates: Vec<Option<Fate>> = ends.iter().zip(held).map(fate).collect();

        let (mut completed, mut released) = (Vec::new(), Vec::new());
        for ((lease, end), fate) in ends.iter().zip(&fates) {
            let (state, due, dead) = match fate {
                None => continue,
                Some(Fate::Completed) => {
                    completed.push(lease.id);
                    continue;
                }
                Some(Fate::Released) => {
                    released.push(lease.id);
                    continue;
                }
                Some(Fate::Retried { at }) => ("delayed", *at, false),
                Some(Fate::Dead) => ("dead", now, true),
            };
            let error = if let End::Failed(failure) = end { short(&failure.message) } else { String::new() };
            let mut update = sql("UPDATE jobs SET state = ?, token = NULL, error = ?, due_at = ?");
            update.arg(state).arg(error).arg(due);
            if dead {
                update.push(", dedupe_key = NULL, finished_at = ?").arg(now);
            }
            update.push(" WHERE id = ?").arg(lease.id);
            update.execute(tx).await?;
        }
        if !completed.is_empty() {
            let mut update = self::completed(now);
            update.push("id IN ").list(completed);
            update.execute(tx).await?;
        }
        if !released.is_empty() {
            // A job keeps its first due time, so it comes before later jobs of its priority.
            let mut update = sql("UPDATE jobs SET state = 'waiting', token = NULL, attempt = attempt - 1, \
                 due_at = COALESCE(run_at, created_at) WHERE id IN ");
            update.list(released);
            update.execute(tx).await?;
        }
        Ok(fates)
    }

    pub(super) async fn extend(&self, leases: &[Lease]) -> Result<Vec<bool>> {
        afpi_db::retry(|| async {
            let mut tx = self.db.begin().await?;
            let held = held(&mut tx, leases).await?;
            let mut update = sql("UPDATE jobs SET due_at = ? WHERE id IN ").bind(now_ms() + ms(self.settings.lease));
            update.list(leases.iter().zip(&held).filter(|(_, held)| **held).map(|(lease, _)| lease.id));
            update.execute(&mut tx).await?;
            tx.commit().await?;
            Ok::<_, JobsError>(held)
        })
        .await
    }

    pub(super) async fn set_progress(&self, lease: &Lease, percent: u8) -> Result<()> {
        let percent = i64::from(percent.min(100));
        let update = "UPDATE jobs SET progress = ? WHERE id = ? AND token = ?";
        let rows = self.write(|| sql(update).bind(percent).bind(lease.id).bind(lease.token)).await?;
        if rows == 0 { Err(JobsError::LeaseLost(lease.id)) } else { Ok(()) }
    }
}

/// Completes the jobs of these leases. False when one of them was lost: the caller rolls back then, because the others are
/// completed.
pub(super) async fn complete_all(tx: &mut Conn, ends: &[(Lease, End)], now: i64) -> Result<bool> {
    let Some((last, _)) = ends.last() else { return Ok(true) };
    let mut update = completed(now);
    // Repeats the last one, so that batches share a few prepared statements.
    let leases = ends.iter().map(|(lease, _)| lease).chain(std::iter::repeat(last));
    for (at, lease) in leases.take(rounded(ends.len())).enumerate() {
        update.push(if at == 0 { "(id = ? AND token = ?)" } else { " OR (id = ? AND token = ?)" });
        update.arg(lease.id).arg(lease.token);
    }
    Ok(update.execute(tx).await? == ends.len() as u64)
}

/// `UPDATE jobs … WHERE `
fn completed(now: i64) -> Sql {
    sql("UPDATE jobs SET state = 'completed', token = NULL, dedupe_key = NULL, error = NULL, due_at = ?, \
         finished_at = ? WHERE ")
    .bind(now)
    .bind(now)
}

/// Locks the rows of these leases, and says of each lease whether it is still held.
async fn held<'l>(tx: &mut Conn, leases: impl IntoIterator<Item = &'l Lease> + Clone) -> Result<Vec<bool>> {
    let mut select = sql("SELECT id, token FROM jobs WHERE id IN ");
    select.list(leases.clone().into_iter().map(|lease| lease.id));
    select.push(dialect::for_update(tx.backend()));
    let tokens: HashMap<Uuid, Option<Uuid>> = select.all::<(Uuid, Option<Uuid>)>(tx).await?.into_iter().collect();
    Ok(leases.into_iter().map(|lease| tokens.get(&lease.id).is_some_and(|t| *t == Some(lease.token))).collect())
}
