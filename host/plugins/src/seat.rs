//! A plugin that is seated on a site: its settings, its grants there and its health.

use crate::capabilities::http_client::Origin;
use crate::contract::hook::Subscription;
use crate::health::Health;
use crate::plugin::Plugin;
use crate::policy::Policy;
use crate::ports::Who;
use afpi_plugin_manifest::{Capabilities, Capability};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use strum::VariantArray as _;

/// Where a plugin runs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Site {
    /// The id of the localisation. Empty for the whole network.
    pub id: Arc<str>,
    /// The code, e.g. `AFPI-02`. Empty for the whole network.
    pub code: Arc<str>,
}

impl Site {
    pub fn new(id: impl Into<Arc<str>>, code: impl Into<Arc<str>>) -> Self {
        Site { id: id.into(), code: code.into() }
    }

    /// The whole network. Connectors have their seat there.
    pub fn network() -> Self {
        Site::new("", "")
    }
}

/// The grants of an administrator. Serialises as the list of capability names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grants(BTreeSet<Capability>);

impl Grants {
    pub fn none() -> Self {
        Grants::default()
    }

    /// Everything that a manifest requests.
    pub fn all_of(wanted: &Capabilities) -> Self {
        Capability::VARIANTS.iter().copied().filter(|capability| wanted.wants(*capability)).collect()
    }

    pub fn contains(&self, capability: Capability) -> bool {
        self.0.contains(&capability)
    }

    pub fn iter(&self) -> impl Iterator<Item = Capability> + '_ {
        self.0.iter().copied()
    }
}

impl FromIterator<Capability> for Grants {
    fn from_iter<I: IntoIterator<Item = Capability>>(capabilities: I) -> Self {
        Grants(capabilities.into_iter().collect())
    }
}

/// The binding of a plugin to a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// A JSON object that was checked against the plugin's schema.
    pub config: Arc<str>,
    pub grants: Grants,
    pub enabled: bool,
    /// The position among plugins of a kind. Lower numbers come first, and equal ones are ordered by id.
    pub order: i32,
}

impl Default for Binding {
    /// The settings `{}`, no grant, enabled. This is enough for a pure plugin.
    fn default() -> Self {
        Binding { config: "{}".into(), grants: Grants::none(), enabled: true, order: 0 }
    }
}

pub(crate) struct Seat {
    pub plugin: Arc<Plugin>,
    pub site: Site,
    pub config: Arc<str>,
    /// The capabilities that are both granted and requested.
    pub grants: Grants,
    /// The allowed addresses of the HTTP capability.
    pub origins: Vec<Origin>,
    pub health: Arc<Health>,
    /// A hook's subscriptions, after the hook was asked.
    pub subscriptions: OnceLock<Arc<[Subscription]>>,
    log: DefaultDirectRateLimiter,
    failures: DefaultDirectRateLimiter,
    events: DefaultDirectRateLimiter,
}

impl Seat {
    pub fn new(plugin: Arc<Plugin>, site: Site, binding: &Binding, health: Arc<Health>, policy: &Policy) -> Self {
        let wanted = &plugin.manifest().capabilities;
        let grants = binding.grants.iter().filter(|capability| wanted.wants(*capability)).collect();
        let declared = wanted.http.as_ref().map_or(&[][..], |http| &http.hosts);
        Seat {
            origins: Origin::all(declared, &binding.config),
            subscriptions: OnceLock::new(),
            log: limiter(policy.log_burst, policy.log_per_second),
            failures: limiter(policy.failure_burst, policy.failure_per_second),
            events: limiter(policy.event_burst, policy.event_per_second),
            config: binding.config.clone(),
            grants,
            site,
            health,
            plugin,
        }
    }

    pub fn who(&self) -> Who<'_> {
        Who {
            plugin: self.plugin.id(),
            version: &self.plugin.manifest().version,
            site: &self.site.id,
            site_code: &self.site.code,
        }
    }

    /// Whether one more line may be logged.
    pub fn may_log(&self) -> bool {
        self.log.check().is_ok()
    }

    /// Whether one more failed call may be logged.
    pub fn may_tell(&self) -> bool {
        self.failures.check().is_ok()
    }

    /// `None` if one more event may be announced, otherwise the time to wait.
    pub fn announce(&self) -> Option<Duration> {
        self.events.check().err().map(|wait| wait.wait_time_from(DefaultClock::default().now()))
    }
}

/// A limiter that allows `burst` at once and `per_second` over time.
fn limiter(burst: u32, per_second: u32) -> DefaultDirectRateLimiter {
    let at_least_one = |n: u32| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
    RateLimiter::direct(Quota::per_second(at_least_one(per_second)).allow_burst(at_least_one(burst)))
}
