//! Backups of a whole installation: all tables, and the files that they name, as they were at one moment.
//!
//! A backup is the same whichever engine it was made on, and is restored on either. Backups share a place (a folder, a
//! bucket, a ZIP file), where each file lies once. Everything there is compressed, and sealed with a passphrase where
//! one is given. This crate knows the tables `files` and `installation`; all others it treats alike. It knows no HTTP
//! and no record.
//!
//! | object | what |
//! |---|---|
//! | `vault.json` | whose backups these are, and the key to them, sealed with the passphrase |
//! | `backups/<id>.manifest` | what a backup has, with counts and hashes; written last: without it there is no backup |
//! | `backups/<id>.table.<name>` | the rows of a table, a JSON array per line |
//! | `backups/<id>.files` | the files, a JSON object per line |
//! | `files/<2 digits>/<name>` | the content of a file |
//! | `incoming/<word>` | an object that is being written |

mod archive;
mod copy;
mod error;
mod keep;
mod manifest;
mod read;
mod restore;
mod rows;
mod seal;
mod vault;
mod write;

pub use archive::{Archive, ZipArchive};
pub use copy::copy;
pub use error::{BackupError, Result};
pub use keep::{keep, sweep};
pub use manifest::{FilesEntry, Lost, Manifest, TableEntry};
pub use read::{find, verify};
pub use restore::{Target, restore};
pub use vault::Vault;
pub use write::{Source, backup, installation};
