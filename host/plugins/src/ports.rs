//! What the runtime needs from outside, as small traits: notes, secrets, the network, time and chance, and somebody who watches.

pub use crate::capabilities::http_client::{Incoming, NoAnswer, Outgoing, SystemTransport, Transport};

use crate::contract::Level;
use crate::failure::Outcome;
use afpi_plugin_manifest::{Capability, KvRequest, Version};
use async_trait::async_trait;
use rand::TryRngCore;
use std::net::IpAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use zeroize::Zeroizing;

/// Whose notes or secrets: a plugin on a site. Both come from the binding, never from the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space<'a> {
    pub plugin: &'a str,
    /// Localisation id; empty for the network as a whole.
    pub site: &'a str,
}

/// Why a store did not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The write would exceed the quota.
    #[error("quota reached")]
    Full,
    #[error("{0}")]
    Unavailable(String),
}

/// Notes of plugins. Sizes are checked before it is called; the quota is the store's to keep, in the write itself.
#[async_trait]
pub trait KvStore: Send + Sync {
    async fn get(&self, space: Space<'_>, key: &str) -> Result<Option<Vec<u8>>, StoreError>;
    async fn set(&self, space: Space<'_>, key: &str, value: &[u8], quota: KvRequest) -> Result<(), StoreError>;
    async fn delete(&self, space: Space<'_>, key: &str) -> Result<(), StoreError>;
    /// Keys with this prefix in byte order, after `after`, at most `limit`.
    async fn keys(&self, space: Space<'_>, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, StoreError>;
}

/// Secrets an admin has entered.
#[async_trait]
pub trait SecretStore: Send + Sync {
    async fn get(&self, space: Space<'_>, name: &str) -> Result<Option<Zeroizing<String>>, StoreError>;
}

/// Turns host names into addresses. The runtime filters what it answers and connects to nothing else.
#[async_trait]
pub trait NameResolver: Send + Sync {
    async fn resolve(&self, host: &str) -> std::io::Result<Vec<IpAddr>>;
}

/// The system's resolver.
#[derive(Debug, Default)]
pub struct SystemResolver;

#[async_trait]
impl NameResolver for SystemResolver {
    async fn resolve(&self, host: &str) -> std::io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((host, 0)).await?.map(|address| address.ip()).collect())
    }
}

/// Time and chance, for those who were granted them.
pub trait Ambience: Send + Sync {
    /// Milliseconds since 1970 UTC.
    fn now(&self) -> i64;
    /// Fills `bytes` with random ones.
    fn random(&self, bytes: &mut [u8]) -> std::io::Result<()>;
}

/// The system's clock and generator.
#[derive(Debug, Default)]
pub struct SystemAmbience;

impl Ambience for SystemAmbience {
    fn now(&self) -> i64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
    }

    fn random(&self, bytes: &mut [u8]) -> std::io::Result<()> {
        rand::rngs::OsRng.try_fill_bytes(bytes).map_err(std::io::Error::other)
    }
}

/// Who did something: the labels of every metric and log line.
#[derive(Clone, Copy, Debug)]
pub struct Who<'a> {
    pub plugin: &'a str,
    pub version: &'a Version,
    pub site: &'a str,
    pub site_code: &'a str,
}

/// One call that has ended.
#[derive(Clone, Copy, Debug)]
pub struct CallReport<'a> {
    pub who: Who<'a>,
    /// As in `wit/`, e.g. `decide`.
    pub function: &'static str,
    pub call_id: &'a str,
    pub outcome: Outcome,
    pub duration: Duration,
}

/// A figure a plugin publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    Add(u64),
    Set(i64),
}

/// Watches plugins, for metrics, logs and alerts. Called on the path of every call: it must not block.
pub trait Observer: Send + Sync {
    fn call_ended(&self, _report: &CallReport<'_>) {}
    /// A capability was used without its grant.
    fn denied(&self, _who: Who<'_>, _capability: Capability) {}
    /// A line a plugin wrote, cut and escaped.
    fn log(&self, _who: Who<'_>, _call_id: &str, _level: Level, _message: &str) {}
    /// A line that was dropped because there were too many.
    fn log_dropped(&self, _who: Who<'_>) {}
    /// Only names declared in the manifest arrive here.
    fn figure(&self, _who: Who<'_>, _name: &str, _figure: Figure) {}
    /// Switched off for so long.
    fn quarantined(&self, _who: Who<'_>, _pause: Duration) {}
}

/// Watches nothing.
#[derive(Debug, Default)]
pub struct NoObserver;

impl Observer for NoObserver {}
