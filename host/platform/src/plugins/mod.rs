//! The plugin platform of a process. The tables define what is installed and where it is bound. The runtime's registry
//! copies them. Each action on a plugin has its own file.

mod bundled;
pub mod consent;
pub mod facts;
pub mod failures;
pub mod hooks;
mod image;
pub mod inspect;
pub mod jobs;
pub mod keys;
pub mod labels;
pub mod listen;
pub mod logs;
mod lookalike;
pub mod quarantine;
pub mod recorder;
mod remove;
pub mod schedules;
pub mod seats;
pub mod site_words;
pub mod snapshots;
pub mod store;
mod switch;
mod templates;
pub mod versions;

pub use failures::{both, context, failure, fields, plugin_failed, unloadable};
use hooks::Overrides;
pub use image::seat_name;
use logs::Logs;
use quarantine::Quarantines;
use recorder::CallRecorder;
use snapshots::Snapshots;
use store::PluginStore;
pub use switch::Switched;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use afpi_db::{Db, sql};
use afpi_documents::Engine;
use afpi_jobs::Relay;
use afpi_plugins::manifest::Kind;
use afpi_plugins::ports::{RecordQueries, RecordStore, SecretStore};
use afpi_plugins::{Compiler, Registry, Runtime, RuntimeOptions, WorkflowPlugin};
use arc_swap::ArcSwap;

use crate::config::Config;
use crate::observer::Watch;
use crate::ops::metrics::Metrics;
use crate::workflow::Definition;
use afpi_core::error::{Result, unavailable};
use afpi_core::id::LocalisationId;
use afpi_core::text::{Text, text};

/// The plugin platform of this process.
pub struct Plugins {
    db: Db,
    runtime: Arc<Runtime>,
    /// Are unsigned plugins and reloading allowed?
    dev: bool,
    /// Definitions by site, each with the seat that gave it. Asked for once per binding, never mixed with another
    /// version.
    definitions: Mutex<HashMap<LocalisationId, (WorkflowPlugin, Arc<Definition>)>>,
    /// Declarations that plugins failed to give in this process.
    silent: facts::Silent,
    read: facts::Read,
    /// Files whose labels this process has stored.
    labelled: Mutex<HashSet<[u8; 32]>>,
    logs: Arc<Logs>,
    snapshots: Snapshots,
    /// The unpacked templates of plugins that write documents.
    templates: templates::Templates,
    engine: Engine,
    quarantines: Quarantines,
    metrics: Arc<Metrics>,
    recordings: Arc<CallRecorder>,
    /// Administrators' settings for failing hooks.
    overrides: ArcSwap<Overrides>,
    /// Why active plugins could not be loaded here, by id.
    troubles: ArcSwap<HashMap<String, Text>>,
    /// The tables' revision that the registry shows.
    seen: tokio::sync::Mutex<i64>,
}

/// Where plugins are compiled.
pub enum Compile {
    /// In a child process of this binary, with limits.
    Child(PathBuf),
    /// In this process: for tests.
    Here,
}

/// The platform's dependencies.
pub struct Needs {
    pub secrets: Arc<dyn SecretStore>,
    /// Reads the records that plugins may read.
    pub records: Arc<dyn RecordStore>,
    /// Finds the records that plugins query.
    pub queries: Arc<dyn RecordQueries>,
    /// Brings the plugins' jobs and events to the workers.
    pub relay: Arc<Relay>,
    pub metrics: Arc<Metrics>,
    /// Tries the templates of a new plugin.
    pub engine: Engine,
}

impl Plugins {
    pub fn new(db: Db, config: &Config, compile: Compile, needs: Needs) -> anyhow::Result<Plugins> {
        let mut options =
            RuntimeOptions::new(Arc::new(PluginStore { db: db.clone(), relay: needs.relay }), needs.secrets);
        // However many plugins wait for records and notes, three quarters of the connections stay for the host.
        options.policy.store_parallel = db.stats().max.div_ceil(4) as usize;
        options.policy.memory_total = config.plugin_memory;
        options.cache = Some(config.data_dir.join("plugin-cache"));
        options.records = needs.records;
        options.queries = needs.queries;
        let recordings = CallRecorder::start(db.clone());
        options.recorder = Some(recordings.clone());
        let (reporter, quarantines) = Quarantines::new();
        let logs = Arc::new(Logs::default());
        options.observer =
            Arc::new(Watch { metrics: needs.metrics.clone(), logs: logs.clone(), quarantines: reporter });
        options.compiler = match compile {
            Compile::Child(exe) => Compiler::Child { exe, args: vec![afpi_plugins::COMPILE_SUBCOMMAND.into()] },
            Compile::Here => Compiler::InProcess,
        };
        let runtime = Arc::new(Runtime::new(options)?);
        Ok(Plugins {
            db,
            runtime,
            dev: config.plugin_dev,
            definitions: Mutex::default(),
            silent: facts::Silent::default(),
            read: facts::Read::default(),
            labelled: Mutex::default(),
            logs,
            snapshots: Snapshots::default(),
            templates: templates::Templates::default(),
            engine: needs.engine,
            quarantines,
            metrics: needs.metrics,
            recordings,
            overrides: ArcSwap::default(),
            troubles: ArcSwap::default(),
            seen: tokio::sync::Mutex::new(-1),
        })
    }

    pub fn registry(&self) -> &Arc<Registry> {
        self.runtime.registry()
    }

    /// The last lines of every plugin in this process.
    pub fn logs(&self) -> &Logs {
        &self.logs
    }

    /// Why an active plugin could not be loaded by this process.
    pub fn trouble(&self, id: &str) -> Option<Text> {
        self.troubles.load().get(id).cloned()
    }

    /// Is the developer flag on?
    pub fn dev(&self) -> bool {
        self.dev
    }

    /// The site's workflow, and the definition of exactly this version with exactly these settings.
    pub async fn workflow(&self, site: LocalisationId) -> Result<(WorkflowPlugin, Arc<Definition>)> {
        let plugin = self.registry().workflow(&site.to_string()).ok_or_else(|| {
            unavailable("plugins")
                .detail(text("Aucun processus n'est activé sur ce site.", "No workflow is enabled on this site."))
        })?;
        let known = self
            .definitions
            .lock()
            .ok()
            .and_then(|d| d.get(&site).filter(|(from, _)| from.same(&plugin)).map(|(_, d)| d.clone()));
        if let Some(known) = known {
            return Ok((plugin, known));
        }
        let definition = Arc::new(self.definition_of(&plugin).await?);
        self.keep_labels(&plugin, &definition).await;
        if let Ok(mut definitions) = self.definitions.lock() {
            definitions.insert(site, (plugin.clone(), definition.clone()));
        }
        Ok((plugin, definition))
    }

    /// Stores labels for later. A failure is ignored; the next process to start tries again.
    async fn keep_labels(&self, plugin: &WorkflowPlugin, definition: &Definition) {
        let fresh = self.labelled.lock().is_ok_and(|mut labelled| labelled.insert(*plugin.plugin().sha256()));
        if fresh && let Err(error) = labels::keep(&self.db, &definition.workflow).await {
            tracing::warn!(plugin.id = plugin.plugin().id(), error.cause = %error, "labels could not be kept");
        }
    }

    /// The definition for showing a record; `None` while the site has no workflow.
    pub async fn definition(&self, site: LocalisationId) -> Option<Arc<Definition>> {
        match self.workflow(site).await {
            Ok((_, definition)) => Some(definition),
            Err(_) => None,
        }
    }

    /// The code of a site that has plugins, for metric labels.
    pub fn site_code(&self, site: LocalisationId) -> String {
        let plugin = self.registry().workflow(&site.to_string());
        plugin.map(|p| p.site().code.to_string()).unwrap_or_default()
    }

    /// Which active plugins are loaded. Everything counts as missing while the database is away.
    pub async fn loaded(&self) -> Loaded {
        let active = async {
            sql("SELECT id, kind FROM plugins WHERE version <> ''")
                .all::<(String, String)>(&mut self.db.read().await?)
                .await
        };
        let Ok(mut missing) = active.await else { return Loaded::default() };
        missing.retain(|(id, _)| self.registry().plugin(id).is_none());
        Loaded { workflow: missing.iter().all(|(_, kind)| kind != Kind::Workflow.as_str()), all: missing.is_empty() }
    }
}

/// See [`Plugins::loaded`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Loaded {
    /// Is every active workflow loaded?
    pub workflow: bool,
    /// Is every active plugin loaded?
    pub all: bool,
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
