//! Connects the parts: one engine, one ticker, one registry, and the loading of plugin files.

use crate::bound::Shared;
use crate::capabilities::http_client::HttpGate;
use crate::compile::{Compiler, Effort, Forge};
use crate::engine;
use crate::failure::LoadError;
use crate::limiter::MemoryBudget;
use crate::plugin::{Linkers, Plugin};
use crate::policy::Policy;
use crate::ports::{
    Ambience, Ledger, NameResolver, NoObserver, Observer, RecordQueries, RecordStore, Recorder, SecretStore,
    SystemAmbience, SystemResolver, SystemTransport, Transport, Unavailable,
};
use crate::registry::Registry;
use crate::state::Ports;
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock, Weak};
use tokio::sync::Semaphore;

/// The options of a runtime.
pub struct RuntimeOptions {
    pub compiler: Compiler,
    /// A private folder of this host for compiled code. Without it, every start compiles again.
    pub cache: Option<PathBuf>,
    pub ledger: Arc<dyn Ledger>,
    pub secrets: Arc<dyn SecretStore>,
    pub records: Arc<dyn RecordStore>,
    pub queries: Arc<dyn RecordQueries>,
    pub observer: Arc<dyn Observer>,
    /// Records pure calls for [`Runtime::replay`].
    pub recorder: Option<Arc<dyn Recorder>>,
    pub resolver: Arc<dyn NameResolver>,
    /// Replaces the system's HTTP client and the resolver. The transport answers requests itself.
    pub transport: Option<Arc<dyn Transport>>,
    pub ambience: Arc<dyn Ambience>,
    pub policy: Policy,
}

impl RuntimeOptions {
    /// Defaults for all options that have one: compilation in this process, no cache, no observer, the system's
    /// resolver and no records.
    pub fn new(ledger: Arc<dyn Ledger>, secrets: Arc<dyn SecretStore>) -> Self {
        RuntimeOptions {
            compiler: Compiler::InProcess,
            cache: None,
            ledger,
            secrets,
            records: Arc::new(Unavailable),
            queries: Arc::new(Unavailable),
            observer: Arc::new(NoObserver),
            recorder: None,
            resolver: Arc::new(SystemResolver),
            transport: None,
            ambience: Arc::new(SystemAmbience),
            policy: Policy::default(),
        }
    }
}

/// Why the runtime could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error("the WebAssembly engine cannot start: {0}")]
    Engine(String),
    #[error("the store of compiled plugins: {0}")]
    Io(#[from] std::io::Error),
}

/// The plugin runtime. There is one per process.
pub struct Runtime {
    forge: Forge,
    linkers: Linkers,
    policy: Policy,
    registry: Arc<Registry>,
}

impl Runtime {
    pub fn new(options: RuntimeOptions) -> Result<Self, SetupError> {
        let failed = |error: wasmtime::Error| SetupError::Engine(format!("{error:#}"));
        let engine = engine::build().map_err(failed)?;
        let RuntimeOptions { compiler, cache, policy, resolver, transport, .. } = options;
        let RuntimeOptions { ledger, secrets, records, queries, observer, recorder, ambience, .. } = options;
        let forge = Forge::new(engine.clone(), compiler, &policy, cache.as_deref())?;
        let linkers = Linkers::new(&engine).map_err(failed)?;
        let transport = transport.unwrap_or_else(|| Arc::new(SystemTransport::new(&policy.http, resolver)));
        let http = HttpGate::new(policy.http.clone(), transport);
        // The registry contains the warm instances. It is created after the parts that its seats share.
        let seats: Arc<OnceLock<Weak<Registry>>> = Arc::default();
        let warm = seats.clone();
        let memory = MemoryBudget::new(policy.memory_total, move |bytes| {
            if let Some(registry) = warm.get().and_then(Weak::upgrade) {
                registry.make_room(bytes);
            }
        });
        let shared = Arc::new(Shared {
            memory,
            ports: Arc::new(Ports {
                ledger,
                secrets,
                records,
                queries,
                observer,
                recorder,
                ambience,
                http,
                turns: Semaphore::new(policy.store_parallel),
            }),
            pure_places: Semaphore::new(policy.pure_parallel),
            waiting_places: Semaphore::new(policy.waiting_parallel),
            engine: engine.clone(),
            policy: policy.clone(),
        });
        let registry = Arc::new(Registry::new(shared));
        let _only_once = seats.set(Arc::downgrade(&registry));
        let sweeping = Arc::downgrade(&registry);
        engine::start_ticker(&engine, move || {
            if let Some(registry) = sweeping.upgrade() {
                registry.sweep();
            }
        })?;
        Ok(Runtime { forge, linkers, policy, registry })
    }

    /// Loads a packed plugin: manifest, checks, compiled code and contract. It does not run the plugin and does not
    /// install it ([`Registry::put`]). It blocks for about a millisecond with the cache, and for up to a minute if it
    /// must compile. Call it from a blocking task.
    pub fn load(&self, file: &[u8]) -> Result<Arc<Plugin>, LoadError> {
        self.load_with(file, Effort::Full)
    }

    /// Like [`Runtime::load`], with this effort for the compilation.
    pub fn load_with(&self, file: &[u8], effort: Effort) -> Result<Arc<Plugin>, LoadError> {
        self.policy.complexity.check_size(file.len())?;
        let manifest = afpi_plugin_manifest::extract(file)?;
        let sha256: [u8; 32] = Sha256::digest(file).into();
        let component = self.forge.component(&manifest.id, file, &sha256, effort)?;
        let code = self.linkers.link(&manifest, &component)?;
        Ok(Arc::new(Plugin::new(manifest, sha256, file, code)?))
    }

    pub fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }
}
