//! The ports of the runtime in memory, for tests here and in the crates that use the runtime.

mod crm;
mod queries;

pub use crm::{By, MemoryLedger, MemoryRecords};
pub use queries::MemoryQueries;

use crate::contract::Level;
use crate::failure::{Outcome, PluginFailure};
use crate::health::Pause;
use crate::ports::{CallReport, Figure, NameResolver, Observer, SecretStore, Space, StoreError, Who};
use afpi_plugin_manifest::Capability;
use async_trait::async_trait;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use zeroize::Zeroizing;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

type Key = (String, String, String);

fn key(space: Space<'_>, name: &str) -> Key {
    (space.plugin.into(), space.site.into(), name.into())
}

/// Secrets in a map.
#[derive(Default)]
pub struct MemorySecrets(Mutex<HashMap<Key, String>>);

impl MemorySecrets {
    pub fn set(&self, plugin: &str, site: &str, name: &str, value: &str) {
        lock(&self.0).insert(key(Space { plugin, site }, name), value.to_owned());
    }
}

#[async_trait]
impl SecretStore for MemorySecrets {
    async fn get(&self, space: Space<'_>, name: &str) -> Result<Option<Zeroizing<String>>, StoreError> {
        Ok(lock(&self.0).get(&key(space, name)).cloned().map(Zeroizing::new))
    }
}

/// Names in a map. All other names are unknown.
#[derive(Default)]
pub struct MemoryResolver(pub HashMap<String, Vec<IpAddr>>);

#[async_trait]
impl NameResolver for MemoryResolver {
    async fn resolve(&self, host: &str) -> std::io::Result<Vec<IpAddr>> {
        self.0.get(host).cloned().ok_or_else(|| std::io::Error::other("unknown host"))
    }
}

/// Records all its observations.
#[derive(Default)]
pub struct Recorder(Mutex<Seen>);

/// The observations, in order.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The function, the site id and the outcome.
    pub calls: Vec<(&'static str, String, Outcome)>,
    /// The causes of logged failures.
    pub failed: Vec<String>,
    pub denied: Vec<Capability>,
    /// The call id, the level and the line.
    pub lines: Vec<(String, Level, String)>,
    pub lines_dropped: usize,
    /// The site id, the name and the value.
    pub figures: Vec<(String, String, Figure)>,
    pub quarantined: Vec<Duration>,
}

impl Recorder {
    pub fn seen(&self) -> Seen {
        lock(&self.0).clone()
    }
}

impl Observer for Recorder {
    fn call_ended(&self, report: &CallReport<'_>) {
        lock(&self.0).calls.push((report.function, report.who.site.to_owned(), report.outcome));
    }

    fn failed(&self, _report: &CallReport<'_>, cause: &str) {
        lock(&self.0).failed.push(cause.to_owned());
    }

    fn denied(&self, _who: Who<'_>, capability: Capability) {
        lock(&self.0).denied.push(capability);
    }

    fn log(&self, _who: Who<'_>, call_id: &str, level: Level, message: &str) {
        lock(&self.0).lines.push((call_id.to_owned(), level, message.to_owned()));
    }

    fn log_dropped(&self, _who: Who<'_>) {
        lock(&self.0).lines_dropped += 1;
    }

    fn figure(&self, who: Who<'_>, name: &str, figure: Figure) {
        lock(&self.0).figures.push((who.site.to_owned(), name.to_owned(), figure));
    }

    fn quarantined(&self, _who: Who<'_>, pause: Pause, _failure: &PluginFailure) {
        lock(&self.0).quarantined.push(pause.length);
    }
}
