//! Changes many records at once: one engine of change-sets, and its sources.

pub mod connecteurs;
pub mod engine;
pub mod imports;

use std::sync::Arc;

use engine::source::Sources;

/// All sources of the program.
pub fn sources() -> Sources {
    Sources::new(vec![Arc::new(connecteurs::Connector), Arc::new(imports::File)])
}
