//! Brings events of the CRM to the plugins that listen.

pub mod fan_out;
pub mod hooks;
