//! Plugins for the tests of the service. The feature selects one of them.

/// That of the runtime's tests.
#[cfg(feature = "auditor")]
#[path = "../../../../plugins/tests/guests/src/auditor.rs"]
mod auditor;
#[cfg(feature = "hook")]
mod hook;
/// That of the runtime's tests.
#[cfg(feature = "lookup")]
#[path = "../../../../plugins/tests/guests/src/lookup.rs"]
mod lookup;
#[cfg(feature = "workflow")]
mod workflow;
