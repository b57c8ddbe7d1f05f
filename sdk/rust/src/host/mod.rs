//! The host's capabilities in Rust clothes: one module each, as in `wit/host/host.wit`. A plugin sees those of its kind
//! through its kind's module. A capability that was not granted answers `denied`, or the harmless value where a
//! function cannot fail.
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
pub mod random;
pub mod records;
pub mod secrets;

/// Where the wrappers go: to the host, or to the one that `testing` plays.
#[cfg(target_arch = "wasm32")]
pub(crate) use crate::bindings::base::afpi::host as side;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use crate::testing::side;
