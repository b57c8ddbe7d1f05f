//! The HTTP side of what administrators look after: plugins and jobs.

pub mod jobs;
pub mod plugins;
