//! Connectors end to end: the real plugin, a simulated instance over a socket, the jobs and the API.

#[path = "../support/mod.rs"]
mod support;

mod bench;
mod conflicts;
mod rights;
mod runs;
mod settings;
mod trouble;
