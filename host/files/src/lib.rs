//! Files that people upload. A file is kept under the SHA-256 of its content, is written once, and is streamed both
//! ways in bounded memory. This crate knows no table, no HTTP and no record: who may read a file, and what refers to
//! it, is decided where the tables are.

mod archive;
#[cfg(feature = "s3")]
mod bucket;
mod clamd;
mod folder;
pub mod media;
mod name;
mod place;
mod receive;
mod store;

pub use archive::{Content, Entry};
pub use clamd::{Clamd, Silent, Verdict};
pub use folder::Folder;
pub use media::{ARCHIVE, Family, MediaType};
pub use name::{MAX_NAME, tidy};
pub use place::{Lost, Object, Place, Writer};
pub use receive::{Received, Refusal};
pub use store::{Files, Key, place};

/// The largest file of any kind, in bytes. Each kind has its own limit ([`Family::limit`]).
pub const MAX_FILE: u64 = 50 << 20;
