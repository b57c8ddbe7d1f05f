//! What the runtime needs from its host, as small traits: notes, secrets, records, jobs, events, the network, the
//! clock, random numbers, and an observer.

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

/// The owner of notes or secrets: a plugin on a site. Both come from the binding, never from the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space<'a> {
    pub plugin: &'a str,
    /// The id of the localisation. Empty for the whole network.
    pub site: &'a str,
}

/// Why a store did not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The write would exceed the quota.
    #[error("quota reached")]
    Full,
    /// The record of the write does not exist on this site.
    #[error("no such record")]
    NotFound,
    /// The store has not returned this `after` for this query.
    #[error("not the end of a page")]
    NoPage,
    #[error("{0}")]
    Unavailable(String),
}

/// The secrets that administrators have entered.
#[async_trait]
pub trait SecretStore: Send + Sync {
    async fn get(&self, space: Space<'_>, name: &str) -> Result<Option<Zeroizing<String>>, StoreError>;
}

/// The position after which a page of records begins. Pages are ordered by the instant of creation and the id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// Epoch ms.
    pub created_at: i64,
    pub id: String,
}

/// Conditions on opportunités. All of them must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpportuniteFilter {
    pub section: Option<String>,
    pub status: Option<String>,
    pub entreprise: Option<String>,
    pub commercial: Option<String>,
    /// Epoch ms.
    pub created_since: Option<i64>,
}

/// Conditions on entreprises. All of them must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntrepriseFilter {
    pub siret: Option<String>,
    pub active: Option<bool>,
    /// Epoch ms.
    pub updated_since: Option<i64>,
}

/// Records of the CRM for `records-read`. Only records of the space's site may be returned, whatever is asked. For the
/// whole network, all records may be returned. Ids come from guests: an invalid id finds nothing.
#[async_trait]
pub trait RecordStore: Send + Sync {
    async fn opportunite(&self, space: Space<'_>, id: &str) -> Result<Option<Opportunite>, StoreError>;
    /// At most `limit` records, ordered by the instant of creation and the id.
    async fn opportunites(
        &self,
        space: Space<'_>,
        filter: &OpportuniteFilter,
        after: Option<&After>,
        limit: usize,
    ) -> Result<Vec<Opportunite>, StoreError>;
    async fn entreprise(&self, space: Space<'_>, id: &str) -> Result<Option<Entreprise>, StoreError>;
    /// At most `limit` records, ordered by the instant of creation and the id.
    async fn entreprises(
        &self,
        space: Space<'_>,
        filter: &EntrepriseFilter,
        after: Option<&After>,
        limit: usize,
    ) -> Result<Vec<Entreprise>, StoreError>;
}

/// The size of a plugin's notes on a site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    pub keys: u64,
    /// The bytes of keys and values.
    pub bytes: u64,
}

impl Usage {
    /// Whether the size exceeds the quota. A size that was above the quota `before` (because the quota was larger) may
    /// stay or shrink.
    pub fn breaks(self, quota: Quota, before: Usage) -> bool {
        self.keys > u64::from(quota.keys).max(before.keys) || self.bytes > quota.bytes.max(before.bytes)
    }
}

/// The jobs of a plugin on a site that have not ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    pub count: u32,
    /// Whether one of them has the key in question.
    pub twin: bool,
}

/// What a plugin may store on a site, as its manifest requests it. Zero for everything that it does not request.
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

/// A job that a plugin enqueues for itself. It has passed the checks of the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewJob {
    pub kind: String,
    /// JSON.
    pub payload: String,
    pub run_after: Duration,
    pub dedupe_key: Option<String>,
    /// The [`CallContext::depth`](crate::CallContext::depth) of its run.
    pub depth: u8,
    /// The correlation id of the call that enqueued it.
    pub call_id: String,
}

/// An event that a plugin announces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewEvent {
    /// The whole name that hooks and notifiers hear: `plugin.<plugin id>.<declared name>`.
    pub name: String,
    /// The id of an opportunité of the site.
    pub opportunite: Option<String>,
    /// JSON.
    pub payload: String,
    /// The [`CallContext::depth`](crate::CallContext::depth) of the calls that hear it.
    pub depth: u8,
    /// The correlation id of the call that announced it.
    pub call_id: String,
}

/// The effects of a call. They are applied together after the call has answered without an error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effects {
    /// The notes by key. `None` deletes a note.
    pub notes: BTreeMap<String, Option<Vec<u8>>>,
    pub jobs: Vec<NewJob>,
    pub events: Vec<NewEvent>,
}

impl Effects {
    pub fn is_empty(&self) -> bool {
        self.notes.is_empty() && self.jobs.is_empty() && self.events.is_empty()
    }
}

/// The notes, jobs and events of plugins. Reads answer at once. The effects of a call are applied together after it has
/// ended. So a call that is killed at any instant leaves nothing half done.
#[async_trait]
pub trait Ledger: Send + Sync {
    async fn note(&self, space: Space<'_>, key: &str) -> Result<Option<Vec<u8>>, StoreError>;
    /// The keys with this prefix, in byte order, after `after`, at most `limit`.
    async fn notes(
        &self,
        space: Space<'_>,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, StoreError>;
    async fn usage(&self, space: Space<'_>) -> Result<Usage, StoreError>;
    /// `key` is the key of the job that would be added.
    async fn waiting(&self, space: Space<'_>, key: Option<&str>) -> Result<Waiting, StoreError>;
    /// Applies all effects or, with an error, none. They are durable when this returns. The quota was checked when the
    /// guest asked, and this write enforces it ([`StoreError::Full`]), because calls run in parallel. A job is left out
    /// if a waiting job has its key. [`StoreError::NotFound`] means that an opportunité does not belong to this site.
    async fn apply(&self, space: Space<'_>, effects: &Effects, quota: Quota) -> Result<(), StoreError>;
}

/// Resolves host names to addresses. The runtime filters the addresses and connects to no others.
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

/// The clock and the random numbers for plugins with these grants.
pub trait Ambience: Send + Sync {
    /// Milliseconds since 1970 (UTC).
    fn now(&self) -> i64;
    /// Fills `bytes` with random bytes.
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

/// Who acted: the labels of every metric and log line.
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
    /// The name in `wit/`, e.g. `decide`.
    pub function: &'static str,
    pub call_id: &'a str,
    pub outcome: Outcome,
    pub duration: Duration,
}

/// A figure that a plugin publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    Add(u64),
    Set(i64),
}

/// Observes plugins, for metrics, logs and alerts. Every call uses it, so it must not block.
pub trait Observer: Send + Sync {
    fn call_ended(&self, _report: &CallReport<'_>) {}
    /// Why a call has no answer. It comes after [`Observer::call_ended`]. The cause is one line of some hundred bytes.
    /// For a seat that fails all the time, only some failures are reported.
    fn failed(&self, _report: &CallReport<'_>, _cause: &str) {}
    /// A capability was used without its grant.
    fn denied(&self, _who: Who<'_>, _capability: Capability) {}
    /// A line that a plugin has logged, cut and escaped.
    fn log(&self, _who: Who<'_>, _call_id: &str, _level: Level, _message: &str) {}
    /// A line was dropped because there were too many.
    fn log_dropped(&self, _who: Who<'_>) {}
    /// Only names declared in the manifest arrive here.
    fn figure(&self, _who: Who<'_>, _name: &str, _figure: Figure) {}
    /// The plugin was switched off after this failure.
    fn quarantined(&self, _who: Who<'_>, _pause: Pause, _failure: &PluginFailure) {}
    /// The plugin was switched off, and a new call has succeeded.
    fn recovered(&self, _who: Who<'_>) {}
}

/// Stores pure calls, so that authors can replay them. Every pure call uses it, so neither function may block.
pub trait Recorder: Send + Sync {
    /// Whether this call should be stored.
    fn wants(&self, who: Who<'_>, function: &'static str) -> bool;
    /// Stores a call that was answered. It contains everything that the plugin was told. Protect it like the records
    /// themselves.
    fn keep(&self, recording: Recording);
}

/// An observer that does nothing.
#[derive(Debug, Default)]
pub struct NoObserver;

impl Observer for NoObserver {}
