//! Finds what a court or a funder would reject: records that contradict each other. Pure: facts in, findings out.
//!
//! [`facts`] reads the records, [`papers`] the documents of an opportunité, [`world`] answers what rules ask of them, and
//! each file of [`rules`] judges. A rule that does not know for certain finds nothing.

pub mod audit;
pub mod facts;
pub mod finding;
mod papers;
pub mod rules;
mod settings;
mod words;
mod world;

pub use audit::Audit;
pub use settings::Settings;
