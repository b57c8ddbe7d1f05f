//! The electronic invoice: EN 16931 with the French rules, from a typed model to the bytes that a platform takes.
//!
//! Pure: values in, bytes out. It knows neither the database nor the application. A plugin hands a [`model::Invoice`]
//! over as JSON.

pub mod model;
