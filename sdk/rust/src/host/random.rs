//! “Draws random numbers.”

/// `count` random bytes, at most 1024; fewer (none) when the capability was not granted.
pub fn bytes(count: u32) -> Vec<u8> {
    super::side::random::bytes(count)
}
