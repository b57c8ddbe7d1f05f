//! A loaded plugin: its manifest and its compiled, linked code. It can be seated on sites.

use crate::facets::Facets;
use crate::failure::LoadError;
use crate::state::CallState;
use afpi_plugin_manifest::{Kind, Manifest};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use wasmtime::component::{Component, Instance, InstancePre, Linker};
use wasmtime::{Engine, Store};

/// One version of one plugin. It never changes. Seats and running calls share it.
pub struct Plugin {
    manifest: Manifest,
    sha256: [u8; 32],
    size: usize,
    templates: Option<Arc<[u8]>>,
    pub(crate) code: Arc<Code>,
    /// The most memory that an instance of this plugin had or asked for on any site, in bytes.
    most_memory: AtomicU64,
}

/// A linked and checked component. It is cheap to instantiate, and all its seats share it.
pub(crate) struct Code {
    pre: InstancePre<CallState>,
    pub facets: Facets,
    /// The plugin imports nothing that has effects, waits or tells it the time.
    is_pure: bool,
    /// Whether its calls may wait and let other calls run. Calls that decide or calculate run at once, without fiber
    /// and await.
    pub waits: bool,
}

impl Code {
    pub async fn instantiate(&self, store: &mut Store<CallState>) -> wasmtime::Result<Instance> {
        if self.waits { self.pre.instantiate_async(store).await } else { self.pre.instantiate(store) }
    }
}

impl Plugin {
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    pub fn id(&self) -> &str {
        &self.manifest.id
    }

    /// The digest of the whole file, including the manifest.
    pub fn sha256(&self) -> &[u8; 32] {
        &self.sha256
    }

    /// The size of the file in bytes.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The archive of its templates, if it writes documents.
    pub fn templates(&self) -> Option<&Arc<[u8]>> {
        self.templates.as_ref()
    }

    /// Whether the plugin's answers depend only on its arguments. This follows from its imports, whatever its kind is.
    pub fn is_pure(&self) -> bool {
        self.code.is_pure
    }

    pub(crate) fn new(manifest: Manifest, sha256: [u8; 32], file: &[u8], code: Code) -> Result<Self, LoadError> {
        let templates = afpi_plugin_manifest::templates(file)?.map(Arc::from);
        if templates.is_none() && manifest.documents.is_some() {
            return Err(LoadError::Contract("it declares `documents` and carries no templates".into()));
        }
        let (code, most_memory) = (Arc::new(code), AtomicU64::new(0));
        Ok(Plugin { manifest, sha256, size: file.len(), templates, code, most_memory })
    }

    pub(crate) fn most_memory(&self) -> u64 {
        self.most_memory.load(Relaxed)
    }

    /// Stores the memory that an instance had or asked for.
    pub(crate) fn wanted(&self, bytes: usize) {
        // A new maximum is rare, so this usually only reads.
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

/// The host's side of the contract: one linker with only what every plugin has, and one with everything. They do not
/// change after the start.
pub(crate) struct Linkers {
    pure: Linker<CallState>,
    acting: Linker<CallState>,
}

impl Linkers {
    pub fn new(engine: &Engine) -> wasmtime::Result<Self> {
        let mut pure = Linker::new(engine);
        crate::capabilities::link_always(&mut pure)?;
        let mut acting = Linker::new(engine);
        crate::capabilities::link_always(&mut acting)?;
        crate::capabilities::link_granted(&mut acting)?;
        Ok(Linkers { pure, acting })
    }

    /// Links a component as the plugin of its manifest. The error names what does not match.
    pub fn link(&self, manifest: &Manifest, component: &Component) -> Result<Code, LoadError> {
        refuse_foreign_imports(manifest.kind, component)?;
        let is_pure = imports(component).all(|name| is_given(&name));
        let linker = if is_pure { &self.pure } else { &self.acting };
        let contract = |error: wasmtime::Error| LoadError::Contract(format!("{error:#}"));
        let pre = linker.instantiate_pre(component).map_err(contract)?;
        let facets = Facets::probe(manifest, &pre)?;
        Ok(Code { pre, facets, is_pure, waits: !manifest.kind.grantable().is_empty() })
    }
}

fn imports(component: &Component) -> impl Iterator<Item = String> {
    component
        .component_type()
        .imports(component.engine())
        .map(|(name, _)| name.to_owned())
        .collect::<Vec<_>>()
        .into_iter()
}

/// The name of an interface without its version.
fn unversioned(name: &str) -> &str {
    name.split('@').next().unwrap_or(name)
}

/// Whether every plugin has this import.
fn is_given(import: &str) -> bool {
    let name = unversioned(import);
    matches!(name, "afpi:host/log" | "afpi:host/context" | "afpi:host/config") || name.starts_with("afpi:types/")
}

/// Refuses imports that the kind cannot have. The linker would find them too, but only one at a time and in its own
/// terms. An author wants to see all of them at once.
fn refuse_foreign_imports(kind: Kind, component: &Component) -> Result<(), LoadError> {
    let grantable = |name: &str| {
        let capability = unversioned(name).strip_prefix("afpi:host/");
        capability.is_some_and(|word| kind.grantable().iter().any(|capability| capability.as_str() == word))
    };
    let names: Vec<String> = imports(component).filter(|name| !is_given(name) && !grantable(name)).collect();
    if names.is_empty() { Ok(()) } else { Err(LoadError::ForbiddenImport { kind: kind.as_str(), names }) }
}
