//! The state that requests share: settings, used-up rules, counters and written records.

use crate::options::{How, Options};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Debug)]
pub struct State {
    initial: Options,
    live: Mutex<Live>,
}

#[derive(Debug)]
struct Live {
    options: Arc<Options>,
    requests: BTreeMap<String, u64>,
    candidates: Vec<Value>,
    documents: u64,
}

impl State {
    pub fn new(options: Options) -> Self {
        let live = Live {
            options: Arc::new(options.clone()),
            requests: BTreeMap::new(),
            candidates: Vec::new(),
            documents: 0,
        };
        State { initial: options, live: Mutex::new(live) }
    }

    fn live(&self) -> MutexGuard<'_, Live> {
        // A panicking request leaves nothing half-written here.
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn options(&self) -> Arc<Options> {
        self.live().options.clone()
    }

    /// The initial options.
    pub fn initial(&self) -> &Options {
        &self.initial
    }

    pub fn set(&self, options: Options) {
        self.live().options = Arc::new(options);
    }

    /// Restores the initial options and resets the counters.
    pub fn reset(&self) {
        let mut live = self.live();
        live.options = Arc::new(self.initial.clone());
        live.requests.clear();
    }

    /// Requests so far, by route.
    pub fn requests(&self) -> BTreeMap<String, u64> {
        self.live().requests.clone()
    }

    /// Counts a request and returns its fault. Uses up rules with a limit.
    pub fn arrive(&self, route: &str) -> (Arc<Options>, Vec<How>) {
        let mut live = self.live();
        let count = live.requests.entry(route.to_owned()).or_default();
        *count += 1;
        let count = *count;
        let applies = |rule: &crate::options::Rule| {
            (rule.on == route || rule.on == "*")
                && rule.times != Some(0)
                && rule.every.is_none_or(|n| count.is_multiple_of(u64::from(n.max(1))))
        };
        let hows: Vec<How> =
            live.options.misbehave.iter().filter(|rule| applies(rule)).map(|rule| rule.how.clone()).collect();
        if live.options.misbehave.iter().any(|rule| applies(rule) && rule.times.is_some()) {
            let mut options = (*live.options).clone();
            for rule in options.misbehave.iter_mut().filter(|rule| applies(rule)) {
                rule.times = rule.times.map(|times| times.saturating_sub(1));
            }
            live.options = Arc::new(options);
        }
        (live.options.clone(), hows)
    }

    /// Stores a candidate and returns its number.
    pub fn add_candidate(&self, candidate: Value) -> u64 {
        let mut live = self.live();
        live.candidates.push(candidate);
        500 + live.candidates.len() as u64
    }

    /// All candidates with their numbers.
    pub fn candidates(&self) -> Vec<(u64, Value)> {
        self.live().candidates.iter().cloned().enumerate().map(|(i, candidate)| (501 + i as u64, candidate)).collect()
    }

    pub fn add_document(&self) -> u64 {
        let mut live = self.live();
        live.documents += 1;
        live.documents
    }
}
