//! “Keeps notes of its own.” Small values per plugin and site: keys of 1 to 256 bytes, values up to 64 KiB, and in all
//! what the manifest's quota allows (1 000 keys and 1 MiB unless it says otherwise, at most 10 000 and 64 MiB).
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

/// The value of `key`, if there is one.
///
/// ```
/// use afpi_sdk::connector::kv;
/// kv::set("cursor", b"2026-11-22").unwrap();
/// assert_eq!(kv::get("cursor").unwrap().as_deref(), Some(&b"2026-11-22"[..]));
/// kv::delete("cursor").unwrap();
/// assert_eq!(kv::get("cursor").unwrap(), None);
/// ```
///
/// # Errors
/// `denied` without the grant, `invalid` for a key that is empty or too long, `unavailable` when the host's store is
/// away; the same for every function here.
pub fn get(key: &str) -> Result<Option<Vec<u8>>> {
    super::side::kv::get(key)
}

/// Stores `value` under `key` and replaces an older value; see [`get`].
///
/// # Errors
/// As [`get`]; `invalid` for a value that is too long, `conflict` when the quota of keys or bytes is used up.
pub fn set(key: &str, value: &[u8]) -> Result<()> {
    super::side::kv::set(key, value)
}

/// Deletes `key`; no error when it does not exist. See [`get`].
///
/// # Errors
/// As [`get`].
pub fn delete(key: &str) -> Result<()> {
    super::side::kv::delete(key)
}

/// Up to 500 keys beginning with `prefix`, in order, after `after`.
///
/// ```
/// use afpi_sdk::notifier::{Result, kv};
///
/// fn forget_all(prefix: &str) -> Result<()> {
///     while let Some(key) = kv::keys(prefix, None)?.first() {
///         kv::delete(key)?;
///     }
///     Ok(())
/// }
/// # for key in ["a/1", "a/2", "b"] { kv::set(key, b"").unwrap(); }
/// # forget_all("a/").unwrap();
/// # assert_eq!(kv::keys("", Some("a/1")).unwrap(), ["b"]);
/// ```
///
/// # Errors
/// As [`get`].
pub fn keys(prefix: &str, after: Option<&str>) -> Result<Vec<String>> {
    super::side::kv::keys(prefix, after)
}

/// The value under `key`, read as JSON; the example stands [above](self).
///
/// # Errors
/// As [`get`]; `other` when it is not the JSON of a `T`.
pub fn get_json<T: DeserializeOwned>(key: &str) -> Result<Option<T>> {
    get(key)?.map(|bytes| serde_json::from_slice(&bytes).map_err(Into::into)).transpose()
}

/// Writes `value` under `key` as JSON; the example stands [above](self).
///
/// # Errors
/// As [`set`]; `other` when it has no JSON.
pub fn set_json<T: Serialize>(key: &str, value: &T) -> Result<()> {
    set(key, &serde_json::to_vec(value)?)
}
