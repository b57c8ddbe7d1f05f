//! The records of a simulated instance, generated on demand from seed and number. Shapes follow the field sheet,
//! section 5.

pub mod companies;
pub mod people;
pub mod places;
pub mod references;

use serde_json::Value;

/// A record and its code (for containers with codes as keys).
pub type Record = (u64, Value);

/// A list that is generated while it is sent.
pub type Records = Box<dyn Iterator<Item = Record> + Send>;

/// A list small enough to exist as a whole.
pub fn fixed(records: Vec<Record>) -> Records {
    Box::new(records.into_iter())
}
