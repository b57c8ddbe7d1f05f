//! Scores of periods that are over. A pure plugin that is asked the same about the same facts answers the same. Facts of
//! past months rarely change, so a dashboard calculates the present period only.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use afpi_core::clock::Day;
use afpi_core::id::LocalisationId;
use afpi_core::scope::Scope;
use afpi_plugins::contract::objectives::Score;

use super::facts::FactFilter;
use crate::book::Parts;

/// The most scores that are kept. A score takes about a hundred bytes.
const MOST: usize = 200_000;

/// A question about a period that is over.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Asked {
    pub plugin: [u8; 32],
    pub config: String,
    pub scope: Scope,
    pub which: FactFilter,
    pub sites: Option<BTreeSet<LocalisationId>>,
    pub period: (Day, Day),
    pub today: Day,
    pub grouping: u8,
    pub metrics: Vec<String>,
}

/// The answers, each with the parts of the book that it was calculated from.
#[derive(Debug, Default)]
pub struct Memory(Mutex<HashMap<Asked, (Parts, Vec<Score>)>>);

impl Memory {
    /// The answer, if the facts are still the same.
    pub(super) fn recall(&self, asked: &Asked, parts: &Parts) -> Option<Vec<Score>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(asked).filter(|(from, _)| from == parts).map(|(_, scores)| scores.clone())
    }

    pub(super) fn keep(&self, asked: Asked, parts: Parts, scores: &[Score]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count: usize = kept.values().map(|(_, scores)| scores.len() + 1).sum();
        // Beginning anew costs each dashboard one calculation.
        if count + scores.len() > MOST {
            kept.clear();
        }
        kept.insert(asked, (parts, scores.to_vec()));
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The number of answers.
    pub fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
