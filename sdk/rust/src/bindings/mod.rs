//! The contract of `wit/` as Rust. `make docs` generates it from `worlds.wit` with `wit-bindgen`. It is committed, so
//! that nobody compiles the generator to compile a plugin. The sibling modules build the convenient API on top of it.
//! Code outside this crate does not need this module.
//!
//! `base` holds what every plugin shares (the types, the host's interfaces and the lifecycle exports); one more module
//! per kind and per facet adds its exports. Together they make up the worlds of `wit/plugin/worlds.wit`: imports that a
//! plugin does not use vanish when the component is packed, so a pure plugin stays pure.
//!
//! The types serialise under their Rust names, like the host's own: in this form tests pass them to the harness.

/// The shared types, the host's interfaces, and the exports of every plugin.
#[rustfmt::skip]
pub mod base;

/// The exports of a workflow besides the lifecycle.
#[rustfmt::skip]
pub mod workflow;

/// The exports of an objectives plugin besides the lifecycle.
#[rustfmt::skip]
pub mod objectives;

/// The exports of a notifier besides the lifecycle.
#[rustfmt::skip]
pub mod notifier;

/// The exports of a connector besides the lifecycle.
#[rustfmt::skip]
pub mod connector;

/// The exports of a hook besides the lifecycle.
#[rustfmt::skip]
pub mod hook;

/// An additional export of plugins that ask for `jobs`.
#[rustfmt::skip]
pub mod job_handler;

/// What a workflow exports as well when it carries documents from one of its versions to another.
#[rustfmt::skip]
pub mod data_migration;

/// What a plugin exports as well when it writes documents.
#[rustfmt::skip]
pub mod documents;

/// What a plugin exports as well when it looks companies up.
#[rustfmt::skip]
pub mod lookup;

/// What a plugin exports as well when it audits a site.
#[rustfmt::skip]
pub mod auditor;
