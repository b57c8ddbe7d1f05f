//! “Keeps notes of its own.” Small values per plugin and site: keys up to 256 bytes, values up to 64 KiB, 10 000 keys.
//!
//! ```
//! use afpi_sdk::notifier::{Result, kv};
//!
//! /// True the first time it is asked about a key.
//! fn first_time(key: &str) -> Result<bool> {
//!     let seen = kv::get_json::<bool>(key)?.unwrap_or(false);
//!     kv::set_json(key, &true)?;
//!     Ok(!seen)
//! }
//! # assert!(first_time("a").unwrap() && !first_time("a").unwrap());
//! ```

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::types::Result;

/// The value under `key`, if there is one.
///
/// # Errors
/// `denied` without the grant, `unavailable` when the host's store is away; the same for every function here.
pub fn get(key: &str) -> Result<Option<Vec<u8>>> {
    super::side::kv::get(key)
}

/// Writes `value` under `key`.
///
/// # Errors
/// As [`get`]; `invalid` when key, value or the number of keys is over its limit.
pub fn set(key: &str, value: &[u8]) -> Result<()> {
    super::side::kv::set(key, value)
}

/// Forgets `key`; fine when it was not there.
///
/// # Errors
/// As [`get`].
pub fn delete(key: &str) -> Result<()> {
    super::side::kv::delete(key)
}

/// Up to 500 keys beginning with `prefix`, in order, after `after`.
///
/// # Errors
/// As [`get`].
pub fn keys(prefix: &str, after: Option<&str>) -> Result<Vec<String>> {
    super::side::kv::keys(prefix, after)
}

/// The value under `key`, read as JSON.
///
/// # Errors
/// As [`get`]; `other` when it is not the JSON of a `T`.
pub fn get_json<T: DeserializeOwned>(key: &str) -> Result<Option<T>> {
    get(key)?.map(|bytes| serde_json::from_slice(&bytes).map_err(Into::into)).transpose()
}

/// Writes `value` under `key` as JSON.
///
/// # Errors
/// As [`set`].
pub fn set_json<T: Serialize>(key: &str, value: &T) -> Result<()> {
    set(key, &serde_json::to_vec(value)?)
}
