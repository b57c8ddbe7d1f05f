//! Mails about what happens as one a day or a week, `/api/notifications/digest`. What a person chose to know at once has a
//! mail of its own; everything else waits for the digest, which also names what waits for the person.

mod choice;
mod due;
mod letter;

pub use choice::{get, put};
// The routes need what the macros made beside them.
#[doc(hidden)]
pub use choice::{__path_get, __path_put};
pub use due::send_due;
pub use letter::{DigestHandler, KIND};

/// In `notifications.digest`: it waits for a digest.
pub(super) const WAITING: &str = "-";
