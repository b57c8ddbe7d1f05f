//! What the runtime needs from outside, as small traits: notes, secrets, records, jobs, events, the network, time and
//! chance, and somebody who watches.

mod queries;
mod unavailable;

pub use queries::{
    Order, QueryCondition, QueryField, QueryPage, QueryShape, QueryTest, QueryValue, RecordQueries, RecordQuery,
};
pub use unavailable::Unavailable;

pub use crate::capabilities::http_client::{Incoming, NoAnswer, Outgoing, SystemTransport, Transport};

use crate::contract::{Entreprise, Level, Opportunite};
use crate::failure::{Outcome, PluginFailure};
use crate::health::Pause;
use crate::replay::Recording;
use afpi_plugin_manifest::{Capabilities, Capability, Version};
use async_trait::async_trait;
use rand::TryRngCore;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
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
    /// The record it is about does not exist, or not on this site.
    #[error("no such record")]
    NotFound,
    /// It gave no such `after` for this query.
    #[error("not the end of a page")]
    NoPage,
    #[error("{0}")]
    Unavailable(String),
}

/// Secrets an admin has entered.
#[async_trait]
pub trait SecretStore: Send + Sync {
    async fn get(&self, space: Space<'_>, name: &str) -> Result<Option<Zeroizing<String>>, StoreError>;
}

/// Where a page of records begins: behind the record with this moment of creation and this id. Pages run in that order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// Epoch ms.
    pub created_at: i64,
    pub id: String,
}

/// Conditions on opportunités; all of them hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpportuniteFilter {
    pub section: Option<String>,
    pub status: Option<String>,
    pub entreprise: Option<String>,
    pub commercial: Option<String>,
    /// Epoch ms.
    pub created_since: Option<i64>,
}

/// Conditions on entreprises; all of them hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntrepriseFilter {
    pub siret: Option<String>,
    pub active: Option<bool>,
    /// Epoch ms.
    pub updated_since: Option<i64>,
}

/// Records of the CRM for `records-read`. Whatever is asked, only records of the space's site may come back (all of
/// them for the network as a whole). Ids come from guests: one that is none finds nothing.
#[async_trait]
pub trait RecordStore: Send + Sync {
    async fn opportunite(&self, space: Space<'_>, id: &str) -> Result<Option<Opportunite>, StoreError>;
    /// At most `limit`, by moment of creation and id.
    async fn opportunites(
        &self,
        space: Space<'_>,
        filter: &OpportuniteFilter,
        after: Option<&After>,
        limit: usize,
    ) -> Result<Vec<Opportunite>, StoreError>;
    async fn entreprise(&self, space: Space<'_>, id: &str) -> Result<Option<Entreprise>, StoreError>;
    /// At most `limit`, by moment of creation and id.
    async fn entreprises(
        &self,
        space: Space<'_>,
        filter: &EntrepriseFilter,
        after: Option<&After>,
        limit: usize,
    ) -> Result<Vec<Entreprise>, StoreError>;
}

/// What a plugin's notes take up on a site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    pub keys: u64,
    /// Of keys and values.
    pub bytes: u64,
}

impl Usage {
    /// Has it grown beyond what it may be? What was too much `before`, under a larger quota, may stay and shrink.
    pub fn breaks(self, quota: Quota, before: Usage) -> bool {
        self.keys > u64::from(quota.keys).max(before.keys) || self.bytes > quota.bytes.max(before.bytes)
    }
}

/// The jobs of a plugin on a site that have not ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    pub count: u32,
    /// Is one with the key asked for among them?
    pub twin: bool,
}

/// How much a plugin may keep on a site, as its manifest asked; zero for what it did not ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    pub keys: u32,
    pub bytes: u64,
    pub jobs: u32,
}

impl From<&Capabilities> for Quota {
    fn from(asked: &Capabilities) -> Self {
        let (keys, bytes) = asked.kv.map_or((0, 0), |kv| (kv.quota_keys, kv.quota_bytes));
        Quota { keys, bytes, jobs: asked.jobs.map_or(0, |jobs| jobs.quota_waiting) }
    }
}

/// A job a plugin gives itself, checked against the contract's bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewJob {
    pub kind: String,
    /// JSON.
    pub payload: String,
    pub run_after: Duration,
    pub dedupe_key: Option<String>,
    /// For [`CallContext::depth`](crate::CallContext::depth) when it runs.
    pub depth: u8,
    /// Correlation id of the call that enqueued it.
    pub call_id: String,
}

/// An event a plugin announces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewEvent {
    /// Whole, as hooks and notifiers hear it: `plugin.<plugin id>.<declared name>`.
    pub name: String,
    /// An opportunité of the site.
    pub opportunite: Option<String>,
    /// JSON.
    pub payload: String,
    /// For [`CallContext::depth`](crate::CallContext::depth) of whoever hears it.
    pub depth: u8,
    /// Correlation id of the call that announced it.
    pub call_id: String,
}

/// What a call has set down: it takes effect as one, when the call has answered without an error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effects {
    /// By key; `None` is a note that goes.
    pub notes: BTreeMap<String, Option<Vec<u8>>>,
    pub jobs: Vec<NewJob>,
    pub events: Vec<NewEvent>,
}

impl Effects {
    pub fn is_empty(&self) -> bool {
        self.notes.is_empty() && self.jobs.is_empty() && self.events.is_empty()
    }
}

/// Notes, jobs and events of plugins. Reads answer at once; what a call sets down comes in one piece when it is over,
/// so that a call that is killed at whatever instant leaves nothing half done.
#[async_trait]
pub trait Ledger: Send + Sync {
    async fn note(&self, space: Space<'_>, key: &str) -> Result<Option<Vec<u8>>, StoreError>;
    /// Keys with this prefix in byte order, after `after`, at most `limit`.
    async fn notes(
        &self,
        space: Space<'_>,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, StoreError>;
    async fn usage(&self, space: Space<'_>) -> Result<Usage, StoreError>;
    /// `key`: of the job that would be added.
    async fn waiting(&self, space: Space<'_>, key: Option<&str>) -> Result<Waiting, StoreError>;
    /// All of it or, with an error, nothing; durable when it returns. The quota was looked at when the guest asked and
    /// is kept here, in the write itself ([`StoreError::Full`]): calls run side by side. A job whose key waits already
    /// is left out. [`StoreError::NotFound`] when an opportunité is not one of this site.
    async fn apply(&self, space: Space<'_>, effects: &Effects, quota: Quota) -> Result<(), StoreError>;
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
    /// Why a call brought no answer, after [`Observer::call_ended`]. One line of some hundred bytes, and for a seat
    /// that fails without end only now and then.
    fn failed(&self, _report: &CallReport<'_>, _cause: &str) {}
    /// A capability was used without its grant.
    fn denied(&self, _who: Who<'_>, _capability: Capability) {}
    /// A line a plugin wrote, cut and escaped.
    fn log(&self, _who: Who<'_>, _call_id: &str, _level: Level, _message: &str) {}
    /// A line that was dropped because there were too many.
    fn log_dropped(&self, _who: Who<'_>) {}
    /// Only names declared in the manifest arrive here.
    fn figure(&self, _who: Who<'_>, _name: &str, _figure: Figure) {}
    /// Switched off, by this last failure.
    fn quarantined(&self, _who: Who<'_>, _pause: Pause, _failure: &PluginFailure) {}
    /// It had been switched off, was tried again, and did well.
    fn recovered(&self, _who: Who<'_>) {}
}

/// Keeps pure calls, to be replayed at a desk. On the path of every pure call: neither function may block.
pub trait Recorder: Send + Sync {
    /// Shall this call be kept?
    fn wants(&self, who: Who<'_>, function: &'static str) -> bool;
    /// A call that was answered. It holds whatever the plugin was told: treat it like the records themselves.
    fn keep(&self, recording: Recording);
}

/// Watches nothing.
#[derive(Debug, Default)]
pub struct NoObserver;

impl Observer for NoObserver {}
