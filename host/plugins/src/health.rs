//! The health of a plugin on a site: counts, durations, the last error, and the circuit breaker that switches it off.

use crate::durations::{Durations, Histogram};
use crate::failure::{Outcome, PluginFailure};
use crate::policy::Quarantine;
use afpi_plugin_manifest::Capability;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use strum::VariantArray as _;

/// The figures of one plugin on one site since the host started or the plugin got a new seat. Other processes of the
/// host can read them. The quarantine is not part of that, because it applies to all processes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct HealthView {
    pub calls: u64,
    /// Calls that the plugin answered with an error of the contract. Often the plugin only applies its rules.
    pub refusals: u64,
    /// Calls without an answer.
    pub errors: u64,
    /// Traps, timeouts, memory and host-call limits.
    pub faults: u64,
    /// Uses of capabilities without a grant.
    pub denials: u64,
    /// For each used capability, the number of uses and the number of denied uses.
    pub uses: Vec<(Capability, u64, u64)>,
    /// The largest memory of one instance so far, in bytes.
    pub memory: u64,
    pub durations: Durations,
    pub last_error: Option<(SystemTime, String)>,
    /// The rest of the quarantine, if there is one.
    #[serde(skip)]
    pub quarantined: Option<Duration>,
    /// The number of quarantines in a row, from 1.
    #[serde(skip)]
    pub relapses: u32,
}

impl HealthView {
    /// Adds the counts of another process.
    pub fn absorb(&mut self, other: HealthView) {
        self.calls += other.calls;
        self.refusals += other.refusals;
        self.errors += other.errors;
        self.faults += other.faults;
        self.denials += other.denials;
        self.memory = self.memory.max(other.memory);
        self.durations.absorb(&other.durations);
        self.last_error = self.last_error.take().max(other.last_error);
        for (capability, uses, denials) in other.uses {
            match self.uses.binary_search_by_key(&capability, |(known, ..)| *known) {
                Ok(at) => (self.uses[at].1, self.uses[at].2) = (self.uses[at].1 + uses, self.uses[at].2 + denials),
                Err(at) => self.uses.insert(at, (capability, uses, denials)),
            }
        }
    }
}

/// A quarantine of a plugin on a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Its length. After that, the next call tries the plugin again.
    pub length: Duration,
    /// The number of quarantines in a row, from 1.
    pub relapses: u32,
}

pub(crate) struct Health {
    born: Instant,
    calls: AtomicU64,
    refusals: AtomicU64,
    errors: AtomicU64,
    faults: AtomicU64,
    uses: [AtomicU64; Capability::VARIANTS.len()],
    denials: [AtomicU64; Capability::VARIANTS.len()],
    memory: AtomicU64,
    durations: Histogram,
    /// The end of the quarantine in milliseconds since `born`. 0 if there was none or it is over.
    until: AtomicU64,
    troubles: Mutex<Troubles>,
}

#[derive(Default)]
struct Troubles {
    recent: VecDeque<Instant>,
    relapses: u32,
    last_error: Option<(SystemTime, String)>,
}

impl Default for Health {
    fn default() -> Self {
        Health {
            born: Instant::now(),
            calls: AtomicU64::new(0),
            refusals: AtomicU64::new(0),
            errors: AtomicU64::new(0),
            faults: AtomicU64::new(0),
            uses: [const { AtomicU64::new(0) }; Capability::VARIANTS.len()],
            denials: [const { AtomicU64::new(0) }; Capability::VARIANTS.len()],
            memory: AtomicU64::new(0),
            durations: Histogram::default(),
            until: AtomicU64::new(0),
            troubles: Mutex::default(),
        }
    }
}

impl Health {
    /// The rest of the quarantine, if there is one.
    pub fn quarantined(&self) -> Option<Duration> {
        match self.until.load(Relaxed) {
            0 => None,
            until => Duration::from_millis(until).checked_sub(self.born.elapsed()).filter(|rest| !rest.is_zero()),
        }
    }

    /// Ends the quarantine after a person has changed the settings.
    pub fn pardon(&self) {
        self.clear(&mut self.troubles.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn clear(&self, troubles: &mut Troubles) {
        self.until.store(0, Relaxed);
        troubles.recent.clear();
        troubles.relapses = 0;
    }

    /// Takes over a quarantine from another process or an earlier start. If no time is left, the plugin is on
    /// probation: a successful call ends the quarantine, and a fault is a relapse.
    pub fn hold(&self, pause: Pause) {
        let mut troubles = self.troubles.lock().unwrap_or_else(PoisonError::into_inner);
        troubles.relapses = pause.relapses;
        // A second call during the probation continues it: calls that began since then still count.
        if !pause.length.is_zero() || self.until.load(Relaxed) == 0 {
            self.until.store(((self.born.elapsed() + pause.length).as_millis() as u64).max(1), Relaxed);
        }
    }

    /// Whether a call with this duration began after the end of the quarantine. Only such a call shows the plugin's
    /// current health. Calls that were running when the quarantine began show nothing new. `None` without a quarantine.
    fn on_trial(&self, took: Duration) -> Option<bool> {
        match self.until.load(Relaxed) {
            0 => None,
            until => Some(self.born.elapsed().saturating_sub(took) >= Duration::from_millis(until)),
        }
    }

    pub fn used(&self, capability: Capability) {
        self.uses[capability as usize].fetch_add(1, Relaxed);
    }

    pub fn denied(&self, capability: Capability) {
        self.denials[capability as usize].fetch_add(1, Relaxed);
    }

    /// The memory of an instance after a call.
    pub fn held(&self, bytes: usize) {
        // A new maximum is rare, so this usually only reads.
        if self.memory.load(Relaxed) < bytes as u64 {
            self.memory.fetch_max(bytes as u64, Relaxed);
        }
    }

    /// Counts an answered call. Returns true when this ends a quarantine.
    pub fn answered(&self, outcome: Outcome, took: Duration) -> bool {
        self.calls.fetch_add(1, Relaxed);
        self.durations.record(took);
        if outcome == Outcome::Error {
            self.refusals.fetch_add(1, Relaxed);
        }
        // This is rare: the plugin was switched off, the time has passed, and this call succeeded.
        if self.on_trial(took) != Some(true) {
            return false;
        }
        let mut troubles = self.troubles.lock().unwrap_or_else(PoisonError::into_inner);
        // Another call may have failed at the same moment.
        let recovered = self.on_trial(took) == Some(true);
        if recovered {
            self.clear(&mut troubles);
        }
        recovered
    }

    /// Counts a failed call. Returns the quarantine that this failure starts, if any.
    pub fn failed(&self, failure: &PluginFailure, took: Duration, rule: &Quarantine) -> Option<Pause> {
        self.calls.fetch_add(1, Relaxed);
        self.errors.fetch_add(1, Relaxed);
        self.durations.record(took);
        let mut troubles = self.troubles.lock().unwrap_or_else(PoisonError::into_inner);
        troubles.last_error = Some((SystemTime::now(), failure.to_string()));
        if !failure.is_fault() {
            return None;
        }
        self.faults.fetch_add(1, Relaxed);
        // One fault right after a quarantine is a relapse. Otherwise the quarantine needs the rule's number of faults.
        let trial = self.on_trial(took);
        if trial == Some(false) {
            return None;
        }
        let now = Instant::now();
        troubles.recent.push_back(now);
        while troubles.recent.front().is_some_and(|first| now.duration_since(*first) > rule.window) {
            troubles.recent.pop_front();
        }
        if trial.is_none() && (troubles.recent.len() as u32) < rule.faults {
            return None;
        }
        let pause =
            rule.first.saturating_mul(1u32.checked_shl(troubles.relapses).unwrap_or(u32::MAX)).min(rule.longest);
        troubles.relapses = troubles.relapses.saturating_add(1);
        troubles.recent.clear();
        self.until.store((self.born.elapsed() + pause).as_millis() as u64, Relaxed);
        Some(Pause { length: pause, relapses: troubles.relapses })
    }

    pub fn view(&self) -> HealthView {
        let troubles = self.troubles.lock().unwrap_or_else(PoisonError::into_inner);
        HealthView {
            calls: self.calls.load(Relaxed),
            refusals: self.refusals.load(Relaxed),
            errors: self.errors.load(Relaxed),
            faults: self.faults.load(Relaxed),
            denials: self.denials.iter().map(|n| n.load(Relaxed)).sum(),
            uses: Capability::VARIANTS
                .iter()
                .map(|&c| (c, self.uses[c as usize].load(Relaxed), self.denials[c as usize].load(Relaxed)))
                .filter(|(_, uses, denials)| uses + denials > 0)
                .collect(),
            memory: self.memory.load(Relaxed),
            durations: self.durations.view(),
            last_error: troubles.last_error.clone(),
            quarantined: self.quarantined(),
            relapses: troubles.relapses,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_processes_have_counted_adds_up() {
        let rule =
            Quarantine { faults: 9, window: Duration::from_secs(60), first: Duration::ZERO, longest: Duration::ZERO };
        let (here, there) = (Health::default(), Health::default());
        for (health, capability, micros) in [(&here, Capability::Kv, 10), (&there, Capability::HttpClient, 1_000)] {
            health.used(Capability::Clock);
            health.used(capability);
            health.denied(capability);
            health.held(micros as usize);
            health.answered(Outcome::Error, Duration::from_micros(micros));
            health.failed(&PluginFailure::Trap(capability.as_str().into()), Duration::from_micros(micros), &rule);
        }
        // One process passes the figures to another in this form.
        let told = serde_json::from_str(&serde_json::to_string(&there.view()).unwrap()).unwrap();
        let mut all = here.view();
        all.absorb(told);
        assert_eq!((all.calls, all.refusals, all.errors, all.faults, all.denials, all.memory), (4, 2, 2, 2, 2, 1_000));
        assert_eq!(all.uses, [(Capability::HttpClient, 1, 1), (Capability::Kv, 1, 1), (Capability::Clock, 2, 0)]);
        let (p50, p99) = (all.durations.p50().unwrap(), all.durations.p99().unwrap());
        assert!(p50 < Duration::from_micros(12) && p99 > Duration::from_micros(800), "{p50:?} {p99:?}");
        assert!(all.last_error.unwrap().1.contains("http-client"), "the newer one");
    }

    #[test]
    fn faults_within_the_window_quarantine_and_relapses_double_it() {
        let rule = Quarantine {
            faults: 3,
            window: Duration::from_secs(60),
            first: Duration::from_millis(40),
            longest: Duration::from_millis(100),
        };
        let health = Health::default();
        let trap = PluginFailure::Trap("unreachable".into());
        let fail = |failure| health.failed(failure, Duration::ZERO, &rule).map(|pause| pause.length);
        for _ in 0..10 {
            assert_eq!(fail(&PluginFailure::Busy), None, "a call without a free place is not the plugin's fault");
        }
        assert_eq!((fail(&trap), fail(&trap)), (None, None));
        assert_eq!(fail(&trap), Some(rule.first));
        assert!(health.quarantined().is_some());
        std::thread::sleep(rule.first);
        assert_eq!(health.quarantined(), None, "the next call tries the plugin again");
        assert_eq!(fail(&trap), Some(rule.first * 2), "one relapse is enough");
        std::thread::sleep(rule.first * 2);
        assert_eq!(fail(&trap), Some(rule.longest));
        std::thread::sleep(rule.longest);
        assert!(health.answered(Outcome::Ok, Duration::ZERO), "the plugin has recovered");
        assert!(!health.answered(Outcome::Ok, Duration::ZERO), "once");
        assert_eq!(fail(&trap), None, "a successful call resets the count");
        let view = health.view();
        assert_eq!((view.calls, view.errors, view.faults), (18, 16, 6));
    }

    #[test]
    fn only_calls_that_began_after_a_quarantine_end_it_or_relapse() {
        let hour = Duration::from_secs(3_600);
        let rule = Quarantine { faults: 1, window: hour, first: hour, longest: 8 * hour };
        let trap = PluginFailure::Trap("unreachable".into());
        let health = Health::default();
        assert_eq!(health.failed(&trap, Duration::ZERO, &rule), Some(Pause { length: hour, relapses: 1 }));
        for _ in 0..5 {
            assert_eq!(
                health.failed(&trap, Duration::ZERO, &rule),
                None,
                "the call was running when the quarantine began"
            );
            assert!(!health.answered(Outcome::Ok, Duration::ZERO), "the call was running when the quarantine began");
        }
        assert!(health.quarantined().is_some_and(|rest| rest <= hour));
        assert_eq!((health.view().relapses, health.view().faults), (1, 6));
        // The time has passed. A call that began before the end still does not count. A call that began after it
        // counts.
        let health = Health::default();
        health.hold(Pause { length: Duration::ZERO, relapses: 3 });
        let earlier = health.born.elapsed() + hour;
        assert!(!health.answered(Outcome::Ok, earlier));
        assert_eq!(health.failed(&trap, earlier, &rule), None);
        std::thread::sleep(Duration::from_millis(2));
        let began = Instant::now();
        std::thread::sleep(Duration::from_millis(2));
        health.hold(Pause { length: Duration::ZERO, relapses: 3 });
        assert!(health.answered(Outcome::Ok, began.elapsed()), "a second report does not restart the probation");
    }
}
