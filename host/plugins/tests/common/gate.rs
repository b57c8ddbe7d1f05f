//! A ledger and records whose answers wait at a gate, so that calls run as long as a test wants.

use afpi_plugins::contract::{Entreprise, Opportunite};
use afpi_plugins::ports::{
    After, Effects, EntrepriseFilter, Ledger, OpportuniteFilter, Quota, RecordStore, Space, StoreError, Usage, Waiting,
};
use afpi_plugins::testing::{MemoryLedger, MemoryRecords};
use async_trait::async_trait;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use tokio::sync::{Semaphore, watch};

pub struct Gate {
    ledger: MemoryLedger,
    records: MemoryRecords,
    open: Semaphore,
    /// The number of operations that wait at the gate now.
    waiting: watch::Sender<usize>,
    most: AtomicUsize,
}

impl Default for Gate {
    fn default() -> Self {
        Gate {
            ledger: MemoryLedger::default(),
            records: MemoryRecords::default(),
            open: Semaphore::new(0),
            waiting: watch::Sender::new(0),
            most: AtomicUsize::new(0),
        }
    }
}

impl Gate {
    /// Waits until this many operations wait at the gate.
    pub async fn holds(&self, count: usize) {
        self.waiting.subscribe().wait_for(|waiting| *waiting == count).await.unwrap();
    }

    /// The largest number of operations that have waited at the same time.
    pub fn most(&self) -> usize {
        self.most.load(SeqCst)
    }

    /// Opens the gate for all operations from now on.
    pub fn open(&self) {
        self.open.close();
    }

    async fn pass(&self) {
        self.waiting.send_modify(|waiting| *waiting += 1);
        self.most.fetch_max(*self.waiting.borrow(), SeqCst);
        self.open.acquire().await.expect_err("only opening the gate ends the wait");
        self.waiting.send_modify(|waiting| *waiting -= 1);
    }
}

#[async_trait]
impl Ledger for Gate {
    async fn note(&self, space: Space<'_>, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.pass().await;
        self.ledger.note(space, key).await
    }

    async fn notes(
        &self,
        space: Space<'_>,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        self.ledger.notes(space, prefix, after, limit).await
    }

    async fn usage(&self, space: Space<'_>) -> Result<Usage, StoreError> {
        self.pass().await;
        self.ledger.usage(space).await
    }

    async fn waiting(&self, space: Space<'_>, key: Option<&str>) -> Result<Waiting, StoreError> {
        self.ledger.waiting(space, key).await
    }

    async fn apply(&self, space: Space<'_>, effects: &Effects, quota: Quota) -> Result<(), StoreError> {
        self.ledger.apply(space, effects, quota).await
    }
}

#[async_trait]
impl RecordStore for Gate {
    async fn opportunite(&self, space: Space<'_>, id: &str) -> Result<Option<Opportunite>, StoreError> {
        self.pass().await;
        self.records.opportunite(space, id).await
    }

    async fn opportunites(
        &self,
        space: Space<'_>,
        filter: &OpportuniteFilter,
        after: Option<&After>,
        limit: usize,
    ) -> Result<Vec<Opportunite>, StoreError> {
        self.pass().await;
        self.records.opportunites(space, filter, after, limit).await
    }

    async fn entreprise(&self, space: Space<'_>, id: &str) -> Result<Option<Entreprise>, StoreError> {
        self.pass().await;
        self.records.entreprise(space, id).await
    }

    async fn entreprises(
        &self,
        space: Space<'_>,
        filter: &EntrepriseFilter,
        after: Option<&After>,
        limit: usize,
    ) -> Result<Vec<Entreprise>, StoreError> {
        self.pass().await;
        self.records.entreprises(space, filter, after, limit).await
    }
}
