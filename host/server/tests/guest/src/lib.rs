//! Guests for the tests of the service; the feature chooses which.

#[cfg(feature = "hook")]
mod hook;
#[cfg(feature = "workflow")]
mod workflow;
