//! “Knows what time it is.”

use crate::types::Instant;

/// Now, in whole milliseconds since 1970 UTC.
pub fn now() -> Instant {
    super::side::clock::now()
}
