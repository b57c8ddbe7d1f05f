//! Plugins in the API, from the tables, the manifests and the runtime's health records.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use afpi_plugins::manifest::{Kind, Manifest, Text as ManifestText};
use afpi_plugins::{HealthView, SeatView};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::schedules::PluginSchedule;
use afpi_core::clock::Instant;
use afpi_core::id::LocalisationId;
use afpi_core::text::{Text, text};
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::plugins::keys::Level;
use afpi_platform::settings::SecretSlot;

/// An installed plugin.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Plugin {
    pub id: String,
    pub name: Text,
    pub description: Text,
    pub kind: PluginKind,
    /// `active`; `staged` while it waits for a first consent; `removed` when it was removed but not purged.
    pub state: PluginState,
    /// The active version, otherwise the newest one.
    pub version: String,
    /// The version for a rollback.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub previous: Option<String>,
    /// Versions that wait for consent.
    pub staged: Vec<String>,
    /// Why it does not run although it is active, e.g. because its file is no longer trusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub trouble: Option<Text>,
    pub level: Level,
    /// The key that signed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub key: Option<KeyRef>,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Bytes of the file.
    pub size: i64,
    pub installed_at: Instant,
    pub capabilities: Vec<PluginCapability>,
    /// The sites in the caller's scope. A connector has one seat, for the network, under the nil id.
    pub sites: Vec<PluginSite>,
    pub stats: PluginStats,
}

/// An installed plugin with the data for its configuration.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PluginDetail {
    #[serde(flatten)]
    pub plugin: Plugin,
    /// JSON Schema of the settings on one site.
    #[schema(value_type = Object)]
    pub config_schema: Map<String, Value>,
    /// The secrets that it asks for. `set` when a site in scope has a value.
    pub secrets: Vec<SecretSlot>,
    /// Work that it does at set times.
    pub schedules: Vec<PluginSchedule>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PluginState {
    Active,
    Staged,
    Removed,
}

/// The short form of a key.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KeyRef {
    pub id: String,
    pub name: String,
    /// No longer trusted: plugins that it signed keep running, but cannot be activated again.
    pub revoked: bool,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PluginKind {
    Workflow,
    Objectives,
    Notifier,
    Connector,
    Hook,
    App,
}

/// A grant, in words.
#[derive(Debug, Serialize, ToSchema)]
pub struct PluginCapability {
    /// The capability's word, `records-query:<kind>` for each kind of record it queries, `schedule:<name>` for work at set
    /// times, a facet such as `data-migration`, `on-failure` or `limits`.
    pub id: String,
    pub sentence: Text,
    /// The addresses, secrets, fields, figures, times or limits it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub params: Vec<String>,
}

/// A plugin on a site.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PluginSite {
    pub localisation: LocalisationRef,
    pub enabled: bool,
    pub state: SeatState,
    /// Position among plugins of a kind: lower numbers come first, equal ones by id.
    pub order: i32,
    /// An administrator's setting for a missing answer of the hook here. It replaces the manifest's value.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub on_failure: Option<FailureMeans>,
    /// Since when it is off or in quarantine.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub since: Option<Instant>,
    /// The reason of the quarantine.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub error: Option<String>,
}

/// What happens to a change when its hook does not answer.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr, strum::EnumString,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum FailureMeans {
    /// The change is made.
    Open,
    /// The change is refused.
    Closed,
}

impl FailureMeans {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = PluginSiteState)]
pub enum SeatState {
    Active,
    Disabled,
    /// Switched off by the host after failures, or impossible to load.
    Quarantined,
}

/// Calls of the sites shown, over all running processes, each since its start.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PluginStats {
    pub calls: i64,
    /// Calls without an answer.
    pub errors: i64,
    /// Median of all calls, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub p50_micros: Option<i64>,
    /// 99th percentile of all calls, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub p99_micros: Option<i64>,
}

/// A row of `plugin_sites` with the site's name.
#[derive(Debug, Clone)]
pub(super) struct Seat {
    pub localisation: LocalisationRef,
    pub enabled: bool,
    pub changed_at: Instant,
    pub order: i32,
    pub on_failure: Option<FailureMeans>,
}

/// The seat of a connector.
pub(super) fn network() -> LocalisationRef {
    LocalisationRef { id: LocalisationId::NETWORK, code: "AFPI".into(), name: "Réseau AFPI".into() }
}

impl PluginKind {
    pub fn of(kind: Kind) -> PluginKind {
        match kind {
            Kind::Workflow => PluginKind::Workflow,
            Kind::Objectives => PluginKind::Objectives,
            Kind::Notifier => PluginKind::Notifier,
            Kind::Connector => PluginKind::Connector,
            Kind::Hook => PluginKind::Hook,
            Kind::App => PluginKind::App,
        }
    }
}

pub(super) fn label(label: &ManifestText) -> Text {
    text(&label.fr, &label.en)
}

pub(super) fn capabilities(manifest: &Manifest) -> Vec<PluginCapability> {
    let shown = manifest.demands().into_iter();
    shown.map(|d| PluginCapability { id: d.id, sentence: label(&d.sentence), params: d.params }).collect()
}

pub(super) fn instant(at: SystemTime) -> Instant {
    Instant(at.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis() as i64))
}

/// The plugin's state on a site. Without a view it could not be loaded, and [`Plugin::trouble`] gives the reason.
pub(super) fn site(seat: &Seat, view: Option<&SeatView>) -> PluginSite {
    let shown = |state, since, error| PluginSite {
        localisation: seat.localisation.clone(),
        enabled: seat.enabled,
        state,
        order: seat.order,
        on_failure: seat.on_failure,
        since,
        error,
    };
    let Some(view) = view else {
        return shown(SeatState::Quarantined, None, None);
    };
    if !seat.enabled {
        return shown(SeatState::Disabled, Some(seat.changed_at), None);
    }
    match (&view.health.quarantined, &view.health.last_error) {
        (Some(_), Some((at, error))) => shown(SeatState::Quarantined, Some(instant(*at)), Some(error.clone())),
        (Some(_), None) => shown(SeatState::Quarantined, None, None),
        (None, _) => shown(SeatState::Active, None, None),
    }
}

pub(super) fn stats(views: impl Iterator<Item = HealthView>) -> PluginStats {
    let micros = |d: Duration| i64::try_from(d.as_micros()).unwrap_or(i64::MAX);
    let mut all = HealthView::default();
    views.for_each(|view| all.absorb(view));
    PluginStats {
        calls: all.calls as i64,
        errors: all.errors as i64,
        p50_micros: all.durations.p50().map(micros),
        p99_micros: all.durations.p99().map(micros),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_of_all_calls() {
        let view = |calls, micros| HealthView {
            calls,
            errors: 1,
            durations: (0..calls).map(|_| Duration::from_micros(micros)).collect(),
            ..HealthView::default()
        };
        let stats = stats([view(10, 5_000), view(90, 30)].into_iter());
        assert_eq!((stats.calls, stats.errors), (100, 2));
        assert!(stats.p50_micros < Some(40) && stats.p99_micros > Some(4_000), "{stats:?}");
        assert_eq!(super::stats([].into_iter()).p50_micros, None);
    }

    #[test]
    fn a_plugin_that_is_not_loaded_never_looks_active() {
        let seat = Seat {
            localisation: network(),
            enabled: true,
            changed_at: Instant::from_millis(0),
            order: 0,
            on_failure: None,
        };
        assert_eq!(site(&seat, None).state, SeatState::Quarantined);
    }
}
