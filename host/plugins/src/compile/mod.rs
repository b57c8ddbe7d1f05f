//! From a plugin's bytes to runnable code: cheap checks, then compiling where it can do no harm, then a private cache.

mod budget;
mod cache;
mod child;

pub use budget::ComplexityBudget;
pub use child::{COMPILE_SUBCOMMAND, CompileLimits, compile_child_main};

use crate::failure::LoadError;
use crate::policy::Policy;
use cache::Cache;
use std::path::{Path, PathBuf};
use wasmtime::Engine;
use wasmtime::component::Component;

/// Where the compiler runs.
#[derive(Clone, Debug)]
pub enum Compiler {
    /// In a child process with its own memory and CPU limits: the executable must call [`compile_child_main`] when
    /// started with these arguments. Wasmtime promises nothing about what compiling costs, so this is the default choice.
    Child { exe: PathBuf, args: Vec<String> },
    /// In this process: for tests and for plugins that are part of the product.
    InProcess,
}

impl Compiler {
    /// This very executable with the hidden subcommand [`COMPILE_SUBCOMMAND`].
    pub fn this_exe() -> std::io::Result<Self> {
        Ok(Compiler::Child { exe: std::env::current_exe()?, args: vec![COMPILE_SUBCOMMAND.into()] })
    }
}

/// Compiles components, at most once each.
pub(crate) struct Forge {
    engine: Engine,
    compiler: Compiler,
    budget: ComplexityBudget,
    limits: CompileLimits,
    cache: Option<Cache>,
}

impl Forge {
    /// `cache`: a folder of this host's own; made if missing, closed to others.
    pub fn new(engine: Engine, compiler: Compiler, policy: &Policy, cache: Option<&Path>) -> std::io::Result<Self> {
        let cache = cache.map(|folder| Cache::open(folder, &engine)).transpose()?;
        Ok(Forge { engine, compiler, budget: policy.complexity.clone(), limits: policy.compile, cache })
    }

    /// Blocks: a millisecond from the cache, else as long as compiling takes.
    pub fn component(&self, wasm: &[u8], sha256: &[u8; 32]) -> Result<Component, LoadError> {
        if let Some(component) = self.cache.as_ref().and_then(|cache| cache.get(&self.engine, sha256)) {
            return Ok(component);
        }
        self.budget.check(wasm)?;
        let code = match &self.compiler {
            Compiler::InProcess => {
                self.engine.precompile_component(wasm).map_err(|error| LoadError::Compile(format!("{error:#}")))?
            }
            Compiler::Child { exe, args } => child::compile(exe, args, &self.limits, wasm)?,
        };
        // A full disk costs the next start some time, not this one the plugin.
        if let Some(Err(error)) = self.cache.as_ref().map(|cache| cache.put(sha256, &code)) {
            tracing::warn!(%error, "a compiled plugin could not be kept; the next start compiles it anew");
        }
        cache::deserialize(&self.engine, &code).map_err(|error| LoadError::Compile(format!("{error:#}")))
    }
}
