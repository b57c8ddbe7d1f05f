//! The queue in SQL tables, on both engines. It needs only the database. It polls for changes of other processes.
//! Changes of this process wake it at once.

mod add;
mod claim;
mod finish;
mod look;
mod manage;
mod waiter;

pub(crate) use manage::crash_message;

use std::sync::atomic::AtomicI64;

use afpi_db::{Db, Sql};
use async_trait::async_trait;
use tokio::sync::watch;
use uuid::Uuid;

use crate::{
    End, Exchanged, Filter, Job, Lease, Page, Queue, QueueCounts, Queued, Recovered, Result, Settings, Waiter,
};

/// A queue in the tables `jobs` and `paused_queues` of a database.
pub struct SqlQueue {
    db: Db,
    settings: Settings,
    /// This number grows whenever this process adds work.
    work: watch::Sender<u64>,
    /// When a busy worker last looked at delayed jobs, epoch ms.
    looked: AtomicI64,
}

impl SqlQueue {
    pub fn new(db: Db, settings: Settings) -> SqlQueue {
        SqlQueue { db, settings, work: watch::Sender::new(0), looked: AtomicI64::new(0) }
    }

    /// Wakes the waiters of this process, because there may be work.
    fn announce(&self) {
        self.work.send_modify(|n| *n += 1);
    }

    /// Runs one statement in its own transaction, and retries it after a collision. Returns the number of changed rows.
    async fn write(&self, statement: impl Fn() -> Sql) -> Result<u64> {
        afpi_db::retry(|| async {
            let mut tx = self.db.begin().await?;
            let rows = statement().execute(&mut tx).await?;
            tx.commit().await?;
            Ok(rows)
        })
        .await
    }
}

#[async_trait]
impl Queue for SqlQueue {
    fn settings(&self) -> &Settings {
        &self.settings
    }

    async fn add(&self, jobs: &[Queued]) -> Result<()> {
        self.add_all(jobs).await
    }

    async fn exchange(&self, queue: &str, ends: &[(Lease, End)], limit: u32, worker: &str) -> Result<Exchanged> {
        self.end_and_claim(queue, ends, limit, worker).await
    }

    async fn renew_all(&self, _queue: &str, leases: &[Lease]) -> Result<Vec<bool>> {
        self.extend(leases).await
    }

    async fn progress(&self, lease: &Lease, percent: u8) -> Result<()> {
        self.set_progress(lease, percent).await
    }

    async fn recover_stalled(&self) -> Result<Vec<Recovered>> {
        self.recover().await
    }

    async fn pause(&self, queue: &str) -> Result<()> {
        self.set_paused(queue).await
    }

    async fn resume(&self, queue: &str) -> Result<()> {
        self.clear_paused(queue).await
    }

    async fn is_paused(&self, queue: &str) -> Result<bool> {
        self.paused(queue).await
    }

    async fn counts(&self) -> Result<Vec<QueueCounts>> {
        self.count_all().await
    }

    async fn list(&self, filter: &Filter) -> Result<Page> {
        self.page(filter).await
    }

    async fn get(&self, id: Uuid) -> Result<Option<Job>> {
        self.one(id).await
    }

    async fn retry_dead(&self, id: Uuid) -> Result<()> {
        self.revive(id).await
    }

    async fn purge(&self, completed_before: i64, dead_before: i64) -> Result<u64> {
        Ok(self.delete_finished("completed", completed_before).await?
            + self.delete_finished("dead", dead_before).await?)
    }

    async fn ping(&self) -> Result<()> {
        Ok(self.db.ping().await?)
    }

    fn waiter(&self, _queue: &str) -> Box<dyn Waiter> {
        Box::new(waiter::SqlWaiter::new(self.work.subscribe()))
    }
}
