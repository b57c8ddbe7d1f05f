//! The base of the host: texts in both languages, days, instants and amounts, ids, sort keys, the seven roles with their rights and
//! scopes, and the one error enum. Knows no HTTP and no plugin.

pub mod access;
pub mod clock;
pub mod collation;
pub mod email;
pub mod error;
pub mod id;
pub mod keys;
pub mod money;
pub mod network;
pub mod rights;
pub mod scope;
pub mod text;
