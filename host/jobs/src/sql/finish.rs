//! The operations of a lease's holder. Every statement contains the token, so a worker without the lease changes
//! nothing.

use afpi_db::{Sql, sql};

use super::SqlQueue;
use crate::clock::ms;
use crate::policy::short;
use crate::{Failure, Fate, Lease, Result, now_ms};

impl SqlQueue {
    pub(super) async fn extend(&self, lease: &Lease) -> Result<()> {
        let until = now_ms() + ms(self.settings.lease);
        self.write_leased(lease, || held(sql("UPDATE jobs SET due_at = ?").bind(until), lease)).await
    }

    pub(super) async fn set_progress(&self, lease: &Lease, percent: u8) -> Result<()> {
        let percent = i64::from(percent.min(100));
        self.write_leased(lease, || held(sql("UPDATE jobs SET progress = ?").bind(percent), lease)).await
    }

    pub(super) async fn end_completed(&self, lease: &Lease) -> Result<()> {
        let now = now_ms();
        self.write_leased(lease, || {
            let end = "UPDATE jobs SET state = 'completed', token = NULL, dedupe_key = NULL, error = NULL, due_at = ?, finished_at = ?";
            held(sql(end).bind(now).bind(now), lease)
        })
        .await
    }

    pub(super) async fn end_failed(&self, lease: &Lease, failure: &Failure) -> Result<Fate> {
        let now = now_ms();
        let error = short(&failure.message);
        match self.settings.next_try(lease.attempt, lease.max_attempts, failure.retry) {
            Some(delay) => {
                let at = now + ms(delay);
                self.write_leased(lease, || {
                    let again = "UPDATE jobs SET state = 'delayed', token = NULL, error = ?, due_at = ?";
                    held(sql(again).bind(&error).bind(at), lease)
                })
                .await?;
                Ok(Fate::Retried { at })
            }
            None => {
                self.write_leased(lease, || {
                    let end =
                        "UPDATE jobs SET state = 'dead', token = NULL, dedupe_key = NULL, error = ?, due_at = ?, finished_at = ?";
                    held(sql(end).bind(&error).bind(now).bind(now), lease)
                })
                .await?;
                Ok(Fate::Dead)
            }
        }
    }

    pub(super) async fn give_back(&self, lease: &Lease) -> Result<()> {
        // The job keeps its first due time, so it comes before later jobs of its priority.
        let back = "UPDATE jobs SET state = 'waiting', token = NULL, attempt = attempt - 1, due_at = COALESCE(run_at, created_at)";
        self.write_leased(lease, || held(sql(back), lease)).await?;
        self.announce();
        Ok(())
    }
}

fn held(mut update: Sql, lease: &Lease) -> Sql {
    update.push(" WHERE id = ? AND token = ?").arg(lease.id).arg(lease.token);
    update
}
