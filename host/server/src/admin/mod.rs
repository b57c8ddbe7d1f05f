//! The HTTP side of administration: plugins and jobs.

pub mod jobs;
pub mod plugins;
