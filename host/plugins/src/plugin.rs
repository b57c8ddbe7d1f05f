//! A loaded plugin: its manifest and its compiled, linked code, ready to be seated on sites.

use crate::failure::LoadError;
use crate::state::CallState;
use crate::world::{Connector, Hook, Linked, Notifier, Objectives, Workflow};
use afpi_plugin_manifest::{Kind, Manifest};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use wasmtime::Engine;
use wasmtime::component::{Component, InstancePre, Linker};

/// One version of one plugin. Immutable. Seats and running calls share it.
pub struct Plugin {
    manifest: Manifest,
    sha256: [u8; 32],
    size: usize,
    pub(crate) code: Code,
    /// The most memory that an instance of it held or asked for on any site, in bytes.
    most_memory: AtomicU64,
}

/// Linked code by kind.
pub(crate) enum Code {
    Workflow(Arc<Linked<Workflow>>),
    Objectives(Arc<Linked<Objectives>>),
    Notifier(Arc<Linked<Notifier>>),
    Connector(Arc<Linked<Connector>>),
    Hook(Arc<Linked<Hook>>),
}

impl Code {
    fn handles_jobs(&self) -> bool {
        match self {
            Code::Workflow(_) | Code::Objectives(_) => false,
            Code::Notifier(linked) => linked.handles_jobs(),
            Code::Connector(linked) => linked.handles_jobs(),
            Code::Hook(linked) => linked.handles_jobs(),
        }
    }
}

impl Plugin {
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    pub fn id(&self) -> &str {
        &self.manifest.id
    }

    /// Of the whole file, including the manifest.
    pub fn sha256(&self) -> &[u8; 32] {
        &self.sha256
    }

    /// Bytes of the file.
    pub fn size(&self) -> usize {
        self.size
    }

    pub(crate) fn new(manifest: Manifest, sha256: [u8; 32], size: usize, code: Code) -> Self {
        Plugin { manifest, sha256, size, code, most_memory: AtomicU64::new(0) }
    }

    pub(crate) fn most_memory(&self) -> u64 {
        self.most_memory.load(Relaxed)
    }

    /// Remembers what an instance held or asked for.
    pub(crate) fn wanted(&self, bytes: usize) {
        // Rarely more than before, so mostly a read.
        if self.most_memory.load(Relaxed) < bytes as u64 {
            self.most_memory.fetch_max(bytes as u64, Relaxed);
        }
    }
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Plugin({} {})", self.manifest.id, self.manifest.version)
    }
}

/// The host's side of the contract, once for pure kinds and once for kinds that may wait. Constant after the start.
pub(crate) struct Linkers {
    pure: Linker<CallState>,
    waiting: Linker<CallState>,
}

impl Linkers {
    pub fn new(engine: &Engine) -> wasmtime::Result<Self> {
        let mut pure = Linker::new(engine);
        crate::capabilities::link_always(&mut pure)?;
        let mut waiting = Linker::new(engine);
        crate::capabilities::link_always(&mut waiting)?;
        crate::capabilities::link_granted(&mut waiting)?;
        Ok(Linkers { pure, waiting })
    }

    /// Links a component as the plugin of its manifest, or names what does not match.
    pub fn link(&self, manifest: &Manifest, component: &Component) -> Result<Code, LoadError> {
        let code = self.link_kind(manifest.kind, component)?;
        if manifest.capabilities.jobs.is_some() && !code.handles_jobs() {
            return Err(LoadError::Contract("it asks for `jobs` and does not export `afpi:plugin/job-handler`".into()));
        }
        Ok(code)
    }

    fn link_kind(&self, kind: Kind, component: &Component) -> Result<Code, LoadError> {
        let pre = |linker: &Linker<CallState>| -> Result<InstancePre<CallState>, LoadError> {
            refuse_foreign_imports(kind, component)?;
            linker.instantiate_pre(component).map_err(contract)
        };
        Ok(match kind {
            Kind::Workflow => Code::Workflow(Linked::new(pre(&self.pure)?).map_err(contract)?),
            Kind::Objectives => Code::Objectives(Linked::new(pre(&self.pure)?).map_err(contract)?),
            Kind::Notifier => Code::Notifier(Linked::new(pre(&self.waiting)?).map_err(contract)?),
            Kind::Connector => Code::Connector(Linked::new(pre(&self.waiting)?).map_err(contract)?),
            Kind::Hook => Code::Hook(Linked::new(pre(&self.waiting)?).map_err(contract)?),
        })
    }
}

fn contract(error: wasmtime::Error) -> LoadError {
    LoadError::Contract(format!("{error:#}"))
}

/// The linker would also find these, but one at a time and in its own terms. An author wants to see all of them at
/// once.
fn refuse_foreign_imports(kind: Kind, component: &Component) -> Result<(), LoadError> {
    let offered = |name: &str| {
        let Some(interface) = name.split('@').next() else { return false };
        match interface.strip_prefix("afpi:host/") {
            Some("log" | "context" | "config") => true,
            Some(other) => kind.grantable().iter().any(|capability| capability.as_str() == other),
            None => interface == "afpi:types/types",
        }
    };
    let names: Vec<String> = component
        .component_type()
        .imports(component.engine())
        .map(|(name, _)| name.to_owned())
        .filter(|name| !offered(name))
        .collect();
    if names.is_empty() { Ok(()) } else { Err(LoadError::ForbiddenImport { kind: kind.as_str(), names }) }
}
