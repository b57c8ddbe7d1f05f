//! “Draws random numbers.”
//!
//! ```
//! use afpi_sdk::connector::random;
//!
//! let nonce: String = random::bytes(8).iter().map(|byte| format!("{byte:02x}")).collect();
//! # assert_eq!(nonce.len(), 16);
//! ```

/// `count` random bytes, at most 1024; fewer (none) when the capability was not granted.
pub fn bytes(count: u32) -> Vec<u8> {
    super::side::random::bytes(count)
}
