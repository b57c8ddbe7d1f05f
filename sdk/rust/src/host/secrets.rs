//! “Uses secrets an administrator has entered.” A plugin never sees a secret: it names it in
//! [`secret_header`](super::http::Request::secret_header), and the host fills it in.
//!
//! ```
//! use afpi_sdk::notifier::{Error, Result, secrets};
//!
//! fn ready() -> Result<()> {
//!     if secrets::has("token") { Ok(()) } else { Err(Error::conflict("Le jeton manque.", "The token is missing.")) }
//! }
//! # assert!(ready().is_err());
//! # afpi_sdk::testing::set_secret("token");
//! # assert!(ready().is_ok());
//! ```

/// Has an administrator entered this secret on this site? False without the grant. See the example [above](self).
pub fn has(name: &str) -> bool {
    super::side::secrets::has(name)
}
