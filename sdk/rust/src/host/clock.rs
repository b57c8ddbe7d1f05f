//! “Knows what time it is.”
//!
//! ```
//! use afpi_sdk::notifier::clock;
//!
//! let in_an_hour = clock::now() + 3_600_000;
//! # assert_eq!(in_an_hour, 3_600_000);
//! ```

use crate::types::Instant;

/// Now, in whole milliseconds since 1970 UTC; 0 without the grant. See the example [above](self).
pub fn now() -> Instant {
    super::side::clock::now()
}
