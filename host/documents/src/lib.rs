//! Makes documents: PDFs that are archived and sent, and pages for previews.
//!
//! A document is a template of a [`Package`] and data. The program `afpi-typeset` (in `engine/`) sets it with typst. It
//! is a process of its own with limits of time, memory and output, and it sees no files and no network. So a template
//! that loops, bursts or crashes only fails its own job. [`Engine`] keeps some of these processes ready.

pub mod protocol;

#[cfg(feature = "pool")]
mod child;
#[cfg(feature = "pool")]
mod engine;
#[cfg(feature = "pool")]
mod job;
#[cfg(feature = "package")]
mod package;
#[cfg(feature = "pool")]
mod queue;

#[cfg(feature = "pool")]
pub use engine::{Config, Engine, Figures, Observer, PROGRAM};
#[cfg(feature = "pool")]
pub use job::{Attachment, Error, Job, Output, Rendered};
#[cfg(feature = "package")]
pub use package::{Package, PackageError};
pub use protocol::{Diagnostic, Relationship};
