//! From the bytes of a plugin to runnable code: cheap checks, compilation in a separate process, and a private cache.

mod budget;
mod cache;
mod child;
mod functions;

pub use budget::ComplexityBudget;
pub use child::{COMPILE_SUBCOMMAND, CompileLimits, compile_child_main};

use crate::failure::LoadError;
use crate::policy::Policy;
use cache::{Cache, Shelf};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use wasmtime::Engine;
use wasmtime::component::Component;

/// Where the compiler runs.
#[derive(Clone, Debug)]
pub enum Compiler {
    /// In a child process with its own limits of memory and CPU. The executable must call [`compile_child_main`] if it
    /// is started with these arguments. This is the default, because wasmtime does not limit the cost of compiling.
    Child { exe: PathBuf, args: Vec<String> },
    /// In this process. This is for tests and for plugins that are part of the product.
    InProcess,
}

impl Compiler {
    /// The executable of this process with the hidden subcommand [`COMPILE_SUBCOMMAND`].
    pub fn this_exe() -> std::io::Result<Self> {
        Ok(Compiler::Child { exe: std::env::current_exe()?, args: vec![COMPILE_SUBCOMMAND.into()] })
    }
}

/// The effort for compiling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// The result is fast code. The compiler has a low priority, so that requests come first.
    Full,
    /// For an author who waits after saving. It needs three quarters of the work, makes somewhat slower code, and has
    /// normal priority. It reuses the functions that were compiled like this for the same plugin.
    Quick,
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
    /// `cache` is a private folder of this host. It is created if it is missing.
    pub fn new(engine: Engine, compiler: Compiler, policy: &Policy, cache: Option<&Path>) -> std::io::Result<Self> {
        let cache = cache.map(|folder| Cache::open(folder, &engine)).transpose()?;
        Ok(Forge { engine, compiler, budget: policy.complexity.clone(), limits: policy.compile, cache })
    }

    /// `plugin` is the id in the file's manifest. The function blocks: for a millisecond with the cache, otherwise for
    /// the time of the compilation.
    pub fn component(
        &self,
        plugin: &str,
        wasm: &[u8],
        sha256: &[u8; 32],
        effort: Effort,
    ) -> Result<Component, LoadError> {
        if let Some(component) = self.cache.as_ref().and_then(|cache| cache.component(&self.engine, sha256)) {
            return Ok(component);
        }
        self.budget.check(wasm)?;
        let code = match &self.compiler {
            Compiler::InProcess => {
                self.engine.precompile_component(wasm).map_err(|error| LoadError::Compile(format!("{error:#}")))?
            }
            Compiler::Child { exe, args } => self.in_child(exe, args, plugin, wasm, effort)?,
        };
        self.keep(Shelf::Code, sha256, &code);
        cache::deserialize(&self.engine, &code).map_err(|error| LoadError::Compile(format!("{error:#}")))
    }

    fn in_child(
        &self,
        exe: &Path,
        args: &[String],
        plugin: &str,
        wasm: &[u8],
        effort: Effort,
    ) -> Result<Vec<u8>, LoadError> {
        let name = Sha256::digest(plugin).into();
        let cache = self.cache.as_ref().filter(|_| effort == Effort::Quick);
        let before = cache.and_then(|cache| cache.get(Shelf::Functions, &name)).unwrap_or_default();
        let made = child::compile(exe, args, &self.limits, effort, &before, wasm)?;
        if effort == Effort::Quick && !made.functions.is_empty() {
            self.keep(Shelf::Functions, &name, &made.functions);
        }
        Ok(made.code)
    }

    /// Stores data in the cache. A full disk only costs compile time at the next start.
    fn keep(&self, shelf: Shelf, name: &[u8; 32], content: &[u8]) {
        if let Some(Err(error)) = self.cache.as_ref().map(|cache| cache.put(shelf, name, content)) {
            tracing::warn!(%error, "a compiled plugin could not be kept; the next start compiles it anew");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{compiling, config};

    #[test]
    fn code_that_was_compiled_quickly_runs_in_the_same_engine() {
        let component = wat::parse_str(
            r#"(component
                (core module $m (func (export "double") (param i32) (result i32) (i32.shl (local.get 0) (i32.const 1))))
                (core instance $i (instantiate $m))
                (func (export "double") (param "n" u32) (result u32) (canon lift (core func $i "double"))))"#,
        )
        .unwrap();
        let quick = Engine::new(&compiling(Effort::Quick)).unwrap();
        let code = quick.precompile_component(&component).unwrap();
        let engine = Engine::new(&config()).unwrap();
        let component = cache::deserialize(&engine, &code).unwrap();
        let mut store = wasmtime::Store::new(&engine, ());
        store.set_epoch_deadline(1);
        let instance = wasmtime::component::Linker::new(&engine).instantiate(&mut store, &component).unwrap();
        let double = instance.get_typed_func::<(u32,), (u32,)>(&mut store, "double").unwrap();
        assert_eq!(double.call(&mut store, (21,)).unwrap(), (42,));
    }
}
