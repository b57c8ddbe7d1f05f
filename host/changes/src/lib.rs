//! What changes many records at once: connectors and their runs.

pub mod connecteurs;
