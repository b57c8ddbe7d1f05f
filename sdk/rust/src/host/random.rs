//! “Draws random numbers.”
//!
//! ```
//! use afpi_sdk::connector::random;
//!
//! let nonce: String = random::bytes(8).iter().map(|byte| format!("{byte:02x}")).collect();
//! # assert_eq!(nonce.len(), 16);
//! ```

/// `count` random bytes from the system's generator, at most 1024; none without the grant. See the example
/// [above](self).
pub fn bytes(count: u32) -> Vec<u8> {
    super::side::random::bytes(count)
}
