//! Remembers when a write was last refused because the disk is full or the database is read-only.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::{DbError, Result};

/// How long a refusal predicts that the next write will be refused, too.
const LATELY: Duration = Duration::from_secs(10);

/// The last refusal.
#[derive(Default)]
pub(crate) struct Refusals(Mutex<Option<Instant>>);

impl Refusals {
    /// Notes how a statement ended.
    pub fn note<T>(&self, result: &Result<T>) {
        if matches!(result, Err(DbError::NotWritable(_))) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
    }

    pub fn lately(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|at| at.elapsed() < LATELY)
    }
}
