//! The search index of this process, and the companies that may be the same. Both follow the [`feed`](crate::feed) of changes: the CRM reads the records and puts
//! them into the index.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use afpi_search::{Index, Twins};

use crate::feed::Feed;

/// The index, and how far it has followed.
#[derive(Default)]
pub struct Search {
    index: RwLock<Index>,
    twins: RwLock<Twins>,
    built: AtomicBool,
    /// Held while the index is built or brought up to date.
    pub feed: tokio::sync::Mutex<Feed>,
}

impl Search {
    pub fn index(&self) -> RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn change(&self) -> RwLockWriteGuard<'_, Index> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn twins(&self) -> RwLockReadGuard<'_, Twins> {
        self.twins.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn change_twins(&self) -> RwLockWriteGuard<'_, Twins> {
        self.twins.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a new index and new twins into use.
    pub fn set(&self, index: Index, twins: Twins) {
        *self.change() = index;
        *self.change_twins() = twins;
        self.built.store(true, Ordering::Release);
    }

    /// Is there an index, perhaps an old one?
    pub fn is_built(&self) -> bool {
        self.built.load(Ordering::Acquire)
    }
}
