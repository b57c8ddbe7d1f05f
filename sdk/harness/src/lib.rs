//! The author's tools that need the engine: the test harness, the full check of a packed plugin, replay, and the
//! comparison of versions. They use no database and no HTTP server.

mod calls;
mod check;
pub mod cli;
mod difference;
pub mod recordings;
mod serve;
mod session;
mod web;
mod world;

pub use check::{check, signature};
pub use serve::serve;
pub use session::Session;
