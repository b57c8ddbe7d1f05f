//! Figures over the facts of a scope: what objectives plugins are asked, and their answers on the wire. The formulas
//! are the plugins'; here facts are gathered and flattened, and what several plugins and settings say is brought
//! together.

pub mod business;
pub mod facts;
mod join;
pub mod lens;
pub mod period;
pub mod view;
pub mod wire;
