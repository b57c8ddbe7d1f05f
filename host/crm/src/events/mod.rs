//! From an event of the CRM to the plugins that hear of it.

pub mod fan_out;
pub mod hooks;
