//! The installed plugins and their seats. Reads take no lock. Every change replaces the whole table, so that a call
//! sees the same version from its beginning to its end.

use crate::bound::{Bound, Shared};
use crate::calls::{
    AuditorPlugin, ConnectorPlugin, DocumentsPlugin, HookPlugin, JobHandler, Lifecycle, LookupPlugin, NotifierPlugin,
    ObjectivesPlugin, WorkflowPlugin,
};
use crate::facets::{self, Facet};
use crate::health::{Health, HealthView, Pause};
use crate::plugin::Plugin;
use crate::seat::{Binding, Seat, Site};
use afpi_plugin_manifest::{Kind, Version};
use arc_swap::ArcSwap;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// The table of plugins and seats.
pub struct Registry {
    pub(crate) shared: Arc<Shared>,
    table: ArcSwap<Table>,
    /// Lets changes run one after the other.
    changing: Mutex<()>,
}

#[derive(Clone, Default)]
struct Table {
    plugins: BTreeMap<String, Arc<Plugin>>,
    /// By site id, then by plugin id. Plugins of the same kind are asked in this order.
    seats: HashMap<Arc<str>, BTreeMap<String, Seated>>,
}

/// A plugin on a site.
#[derive(Clone)]
struct Seated {
    binding: Binding,
    bound: Arc<Bound>,
}

/// Why a change was refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum RegistryError {
    #[error("there is no plugin `{0}`")]
    UnknownPlugin(String),
    /// A new version must have the same kind.
    #[error("`{0}` is installed as another kind of plugin")]
    KindChanged(String),
}

/// A plugin without a seat, by the declaration that its kind has.
pub enum Unseated {
    Workflow(WorkflowPlugin),
    Objectives(ObjectivesPlugin),
    Notifier(NotifierPlugin),
    Hook(HookPlugin),
    /// A connector or an app. Its only declaration is its settings.
    Silent,
}

/// A plugin's health on one site.
#[derive(Clone, Debug)]
pub struct SeatView {
    pub plugin: String,
    pub version: Version,
    pub site: Site,
    pub enabled: bool,
    pub health: HealthView,
    /// The current number of warm instances.
    pub idle_instances: usize,
}

impl Registry {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Registry { shared, table: ArcSwap::default(), changing: Mutex::default() }
    }

    /// Installs a plugin, or another version of it. Its seats switch at once and keep their settings. They get a new
    /// health record and new instances. Running calls end on the version with which they began.
    pub fn put(&self, plugin: Arc<Plugin>) -> Result<(), RegistryError> {
        self.change(|table| {
            if let Some(old) = table.plugins.get(plugin.id())
                && old.manifest().kind != plugin.manifest().kind
            {
                return Err(RegistryError::KindChanged(plugin.id().to_owned()));
            }
            for seats in table.seats.values_mut() {
                if let Some(seated) = seats.get_mut(plugin.id()) {
                    let site = seated.bound.seat.site.clone();
                    *seated = self.seat(plugin.clone(), site, seated.binding.clone(), Arc::default());
                }
            }
            table.plugins.insert(plugin.id().to_owned(), plugin.clone());
            Ok(())
        })
    }

    /// Installs this version with exactly these seats, in one change: new code never runs with old settings. Seats with
    /// the same version and binding keep their instances and their quarantine. Changed settings end a quarantine.
    /// Another version starts with a new health record.
    pub fn install(&self, plugin: Arc<Plugin>, seats: Vec<(Site, Binding)>) -> Result<(), RegistryError> {
        self.change(|table| {
            let old = table.plugins.insert(plugin.id().to_owned(), plugin.clone());
            let same_code = old.as_ref().is_some_and(|old| Arc::ptr_eq(old, &plugin));
            if old.is_some_and(|old| old.manifest().kind != plugin.manifest().kind) {
                return Err(RegistryError::KindChanged(plugin.id().to_owned()));
            }
            let mut before: HashMap<Arc<str>, Seated> = HashMap::new();
            for (site, seated) in &mut table.seats {
                before.extend(seated.remove(plugin.id()).map(|seated| (site.clone(), seated)));
            }
            for (site, binding) in seats {
                let old = before.remove(&site.id).filter(|_| same_code);
                let seated = match old {
                    Some(old) if old.binding == binding => old,
                    Some(old) => {
                        let health = old.bound.seat.health.clone();
                        health.pardon();
                        self.seat(plugin.clone(), site.clone(), binding, health)
                    }
                    None => self.seat(plugin.clone(), site.clone(), binding, Arc::default()),
                };
                table.seats.entry(site.id).or_default().insert(plugin.id().to_owned(), seated);
            }
            Ok(())
        })
    }

    /// Removes a plugin and all its seats.
    pub fn remove(&self, plugin: &str) -> Result<(), RegistryError> {
        self.change(|table| {
            for seats in table.seats.values_mut() {
                seats.remove(plugin);
            }
            table.plugins.remove(plugin).map(drop).ok_or_else(|| RegistryError::UnknownPlugin(plugin.to_owned()))
        })
    }

    /// Seats a plugin on a site, or changes its settings there. Its health record continues, and a quarantine ends.
    pub fn bind(&self, site: Site, plugin: &str, binding: Binding) -> Result<(), RegistryError> {
        self.change(|table| {
            let Some(plugin) = table.plugins.get(plugin) else {
                return Err(RegistryError::UnknownPlugin(plugin.to_owned()));
            };
            let seats = table.seats.entry(site.id.clone()).or_default();
            let health = seats.get(plugin.id()).map(|old| old.bound.seat.health.clone()).unwrap_or_default();
            health.pardon();
            seats.insert(plugin.id().to_owned(), self.seat(plugin.clone(), site.clone(), binding.clone(), health));
            Ok(())
        })
    }

    /// Removes a plugin from a site.
    pub fn unbind(&self, site: &str, plugin: &str) {
        let _always_fine = self.change(|table| {
            if let Some(seats) = table.seats.get_mut(site) {
                seats.remove(plugin);
            }
            Ok(())
        });
    }

    pub fn plugin(&self, id: &str) -> Option<Arc<Plugin>> {
        self.table.load().plugins.get(id).cloned()
    }

    /// All installed plugins, ordered by id.
    pub fn plugins(&self) -> Vec<Arc<Plugin>> {
        self.table.load().plugins.values().cloned().collect()
    }

    /// The workflow of a site. If several are enabled, it is the first by order, then by id.
    pub fn workflow(&self, site: &str) -> Option<WorkflowPlugin> {
        self.first::<facets::Workflow, _>(site, WorkflowPlugin)
    }

    /// All enabled objectives plugins of a site, by order, then by id.
    pub fn objectives(&self, site: &str) -> Vec<ObjectivesPlugin> {
        self.enabled::<facets::Objectives, _>(site, ObjectivesPlugin)
    }

    /// All enabled notifiers of a site, by order, then by id.
    pub fn notifiers(&self, site: &str) -> Vec<NotifierPlugin> {
        self.enabled::<facets::Notifier, _>(site, NotifierPlugin)
    }

    /// The enabled hooks of a site in the order in which they are asked: by their binding's order, then by id.
    pub fn hooks(&self, site: &str) -> Vec<HookPlugin> {
        self.enabled::<facets::Hook, _>(site, HookPlugin)
    }

    /// The enabled plugins of a site that write documents, by order, then by id.
    pub fn documents(&self, site: &str) -> Vec<DocumentsPlugin> {
        self.enabled::<facets::Documents, _>(site, DocumentsPlugin)
    }

    /// The enabled plugins that audit a site, by order, then by id.
    pub fn auditors(&self, site: &str) -> Vec<AuditorPlugin> {
        self.enabled::<facets::Auditor, _>(site, AuditorPlugin)
    }

    /// The enabled plugins that look companies up for a site: its own by order, then by id, and after them those of the
    /// network.
    pub fn lookups(&self, site: &str) -> Vec<LookupPlugin> {
        let own = self.enabled::<facets::Lookup, _>(site, LookupPlugin);
        own.into_iter().chain(self.enabled::<facets::Lookup, _>("", LookupPlugin)).collect()
    }

    /// The job handler of a plugin, if it is enabled on a site (empty for the network).
    pub fn job_handler(&self, site: &str, plugin: &str) -> Option<JobHandler> {
        self.one::<facets::JobHandler>(site, plugin).map(JobHandler)
    }

    /// A connector, if it is seated for the whole network ([`Site::network`]) and enabled there.
    pub fn connector(&self, plugin: &str) -> Option<ConnectorPlugin> {
        self.one::<facets::Connector>("", plugin).map(ConnectorPlugin)
    }

    /// The lifecycle of a plugin, with or without a seat.
    pub fn lifecycle(&self, plugin: &str) -> Option<Lifecycle> {
        Some(Lifecycle { plugin: self.plugin(plugin)?, shared: self.shared.clone() })
    }

    /// The lifecycle of a plugin that is not installed.
    pub fn lifecycle_of(&self, plugin: Arc<Plugin>) -> Lifecycle {
        Lifecycle { plugin, shared: self.shared.clone() }
    }

    /// A plugin, installed or not, with settings that it does not have yet. The host uses it to ask for the
    /// declarations.
    pub fn unseated(&self, plugin: Arc<Plugin>, binding: &Binding) -> Unseated {
        let kind = plugin.manifest().kind;
        let bound = self.seat(plugin, Site::network(), binding.clone(), Arc::default()).bound;
        match kind {
            Kind::Workflow => Unseated::Workflow(WorkflowPlugin(bound)),
            Kind::Objectives => Unseated::Objectives(ObjectivesPlugin(bound)),
            Kind::Notifier => Unseated::Notifier(NotifierPlugin(bound)),
            Kind::Hook => Unseated::Hook(HookPlugin(bound)),
            Kind::Connector | Kind::App => Unseated::Silent,
        }
    }

    /// A plugin's binding on a site.
    pub fn binding(&self, site: &str, plugin: &str) -> Option<Binding> {
        Some(self.table.load().seats.get(site)?.get(plugin)?.binding.clone())
    }

    /// Every seat, ordered by plugin id and site code.
    pub fn seats(&self) -> Vec<SeatView> {
        let table = self.table.load();
        let mut views: Vec<SeatView> =
            table.seats.values().flat_map(|seats| seats.values()).map(Seated::view).collect();
        views.sort_by(|a, b| (&a.plugin, &a.site.code).cmp(&(&b.plugin, &b.site.code)));
        views
    }

    /// A plugin's health on a site.
    pub fn health(&self, site: &str, plugin: &str) -> Option<SeatView> {
        Some(self.table.load().seats.get(site)?.get(plugin)?.view())
    }

    /// Switches a plugin off on a site for a while, because another process of this host or an earlier one found a
    /// problem. After that, the next call tries it again.
    pub fn quarantine(&self, site: &str, plugin: &str, pause: Pause) {
        if let Some(seated) = self.table.load().seats.get(site).and_then(|seats| seats.get(plugin)) {
            seated.bound.seat.health.hold(pause);
        }
    }

    /// Ends a quarantine. Returns whether the seat exists.
    pub fn release(&self, site: &str, plugin: &str) -> bool {
        let table = self.table.load();
        let seated = table.seats.get(site).and_then(|seats| seats.get(plugin));
        seated.inspect(|seated| seated.bound.seat.health.pardon()).is_some()
    }

    /// Drops instances that have been unused for a while.
    pub(crate) fn sweep(&self) {
        for seated in self.table.load().seats.values().flat_map(|seats| seats.values()) {
            seated.bound.sweep();
        }
    }

    /// Drops warm instances until this many bytes are free or no instance is left. The longest idle ones come first.
    pub(crate) fn make_room(&self, bytes: u64) {
        let table = self.table.load();
        let seats = || table.seats.values().flat_map(|seats| seats.values());
        let mut freed = 0;
        while freed < bytes {
            let oldest = seats().filter_map(|seated| Some((seated.bound.oldest_idle()?, seated)));
            let Some((since, seated)) = oldest.min_by_key(|(since, _)| *since) else { return };
            // Another thread may have taken the instance. Then the loop tries the next one.
            freed += seated.bound.let_go(since).unwrap_or_default() as u64;
        }
    }

    /// The number of bytes that all instances hold, and the limit.
    pub fn memory(&self) -> (u64, u64) {
        self.shared.memory.view()
    }

    fn change<T>(&self, edit: impl FnOnce(&mut Table) -> Result<T, RegistryError>) -> Result<T, RegistryError> {
        let _one_at_a_time = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut table = Table::clone(&self.table.load());
        let done = edit(&mut table)?;
        self.table.store(Arc::new(table));
        Ok(done)
    }

    fn seat(&self, plugin: Arc<Plugin>, site: Site, binding: Binding, health: Arc<Health>) -> Seated {
        let shared = &self.shared;
        let seat = Arc::new(Seat::new(plugin, site, &binding, health, &shared.policy));
        Seated { binding, bound: Arc::new(Bound::new(seat, shared.clone())) }
    }

    /// A plugin that is enabled on a site and has this interface.
    fn one<F: Facet>(&self, site: &str, plugin: &str) -> Option<Arc<Bound>> {
        let table = self.table.load();
        let seated = table.seats.get(site)?.get(plugin).filter(|seated| seated.is_up::<F>())?;
        Some(seated.bound.clone())
    }

    /// The enabled seats of plugins with this interface, by their binding's order, then by id.
    fn enabled<F: Facet, H>(&self, site: &str, handle: impl Fn(Arc<Bound>) -> H) -> Vec<H> {
        let table = self.table.load();
        let seats = table.seats.get(site).into_iter().flat_map(|seats| seats.values());
        let mut found: Vec<&Seated> = seats.filter(|seated| seated.is_up::<F>()).collect();
        found.sort_by_key(|seated| seated.binding.order);
        found.into_iter().map(|seated| handle(seated.bound.clone())).collect()
    }

    /// The first of these seats. Every request calls this, so it builds no list.
    fn first<F: Facet, H>(&self, site: &str, handle: impl Fn(Arc<Bound>) -> H) -> Option<H> {
        let table = self.table.load();
        let seats = table.seats.get(site)?.values();
        let first = seats.filter(|seated| seated.is_up::<F>()).min_by_key(|seated| seated.binding.order)?;
        Some(handle(first.bound.clone()))
    }
}

impl Seated {
    /// Whether the seat is switched on and has this interface.
    fn is_up<F: Facet>(&self) -> bool {
        self.binding.enabled && self.bound.has::<F>()
    }

    fn view(&self) -> SeatView {
        let seat = &self.bound.seat;
        SeatView {
            plugin: seat.plugin.id().to_owned(),
            version: seat.plugin.manifest().version.clone(),
            site: seat.site.clone(),
            enabled: self.binding.enabled,
            health: seat.health.view(),
            idle_instances: self.bound.idle_instances(),
        }
    }
}
