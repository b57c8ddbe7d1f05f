//! The records of a fake instance, made on demand from seed and number. Shapes follow the field sheet, section 5.

pub mod companies;
pub mod people;
pub mod places;
pub mod references;

use serde_json::Value;

/// A record and the code it goes by (for containers that are keyed by code).
pub type Record = (u64, Value);

/// A list made while it is sent.
pub type Records = Box<dyn Iterator<Item = Record> + Send>;

/// A list that is small enough to exist.
pub fn fixed(records: Vec<Record>) -> Records {
    Box::new(records.into_iter())
}
