//! Figures over the facts of a scope: what the objectives plugin is asked, and its answers on the wire. The formulas are
//! the plugin's; here facts are gathered and flattened.

pub mod business;
pub mod facts;
pub mod lens;
pub mod period;
pub mod wire;
