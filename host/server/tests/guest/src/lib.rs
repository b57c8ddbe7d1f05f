//! Plugins for the tests of the service. The feature selects one of them.

#[cfg(feature = "hook")]
mod hook;
#[cfg(feature = "workflow")]
mod workflow;
