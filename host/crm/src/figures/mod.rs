//! Figures over the facts of a scope: the calls to objectives plugins, and their answers as JSON. The plugins hold the
//! formulas. This module collects and flattens facts, and combines the answers of several plugins and settings.

pub mod business;
pub mod facts;
mod join;
pub mod lens;
pub mod memory;
pub mod period;
pub mod view;
pub mod wire;
