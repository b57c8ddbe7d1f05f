//! The plugin platform as the rest of the host sees it: what is installed, what is bound where, and the definitions
//! plugins give.

pub mod bus;
pub mod connecteurs;
pub mod events;
pub mod housekeeping;
pub mod jobs_api;
pub mod journal;
pub mod observer;
pub mod pieces;
pub mod plugins;
pub mod plugins_api;
pub mod secrets;
pub mod settings;
pub mod workers;
pub mod workflow;
