//! The host's capabilities for Rust: one module each, as in `wit/host/host.wit`. A plugin uses those of its kind
//! through its kind's module. Without its grant a capability answers `denied`, or a harmless value where a function
//! cannot fail.
//!
//! On a developer's own machine the same functions ask [`crate::testing`] instead of a host.

pub mod clock;
pub mod config;
pub mod context;
pub mod events;
pub mod http;
pub mod jobs;
pub mod kv;
pub mod log;
pub mod metrics;
pub mod query;
pub mod random;
pub mod records;
pub mod secrets;

/// The target of the wrappers: the host, or `testing`, which replaces it.
#[cfg(target_arch = "wasm32")]
pub(crate) use crate::bindings::base::afpi::host as side;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use crate::testing::side;
