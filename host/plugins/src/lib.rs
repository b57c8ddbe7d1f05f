//! The plugin runtime. It loads sandboxed WebAssembly components and guards their calls. It knows no HTTP servers, no
//! SQL and no jobs.
//!
//! A plugin is one packed file. [`Runtime::load`] checks and compiles it, [`Registry::put`] installs it,
//! [`Registry::bind`] seats it on a site with its settings and grants, and typed handles such as [`WorkflowPlugin`]
//! call it. [`Policy`] contains the limits of plugins, [`PluginFailure`] contains the ways in which a call can fail,
//! and [`ports`] contains what the runtime needs from its host.
//!
//! ```text
//! load: manifest → budget check → compiled in a child process, cached → linked, its declared exports found
//! call: admission (quarantine, places) → warm or fresh instance → deadline, memory, host-call and data limits → verdict
//! ```

mod bindings;
mod bound;
mod calls;
mod capabilities;
mod compile;
pub mod contract;
mod durations;
mod engine;
mod facets;
mod failure;
mod health;
mod limiter;
mod machine;
pub mod outside;
mod plugin;
mod policy;
pub mod ports;
mod registry;
mod replay;
mod runtime;
mod seat;
mod state;
#[cfg(feature = "testing")]
pub mod testing;
mod words;

pub use afpi_plugin_manifest as manifest;
pub use afpi_text::Locale;
pub use calls::{
    AuditorPlugin, ConnectorPlugin, DataMigration, DocumentsPlugin, HookPlugin, JobHandler, JobOutcome, Lifecycle,
    LookupPlugin, MOST_MIGRATED, NotifierPlugin, ObjectivesPlugin, Pass, Verdict, WorkflowPlugin,
};
pub use capabilities::json;
pub use compile::{COMPILE_SUBCOMMAND, CompileLimits, Compiler, ComplexityBudget, Effort, compile_child_main};
pub use durations::Durations;
pub use failure::{LoadError, Outcome, PluginFailure};
pub use health::{HealthView, Pause};
pub use machine::quarter_of_memory;
pub use plugin::Plugin;
pub use policy::{HttpPolicy, Policy, Quarantine};
pub use registry::{Registry, RegistryError, SeatView, Unseated};
pub use replay::{Recording, ReplayError};
pub use runtime::{Runtime, RuntimeOptions, SetupError};
pub use seat::{Binding, Grants, Site};
pub use state::CallContext;
