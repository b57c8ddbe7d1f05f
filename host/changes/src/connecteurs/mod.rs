//! `/api/connecteurs`: connectors to other systems, their settings and schedules, and runs that import records from
//! there.
//!
//! A run first *fetches*: the plugin reports records, and each one is compared with the known records and staged as a
//! change. Changes are *applied* only when every list has come to its end. They are applied in batches that keep the
//! old values, so that the run can be *undone*. [`crate::engine`] does this work. [`source`] makes a plugin's pass a
//! source for it. The other files of this folder are the HTTP side. Only the plugin knows the other system.

mod actions;
mod changes;
mod config;
mod conflicts;
mod effects;
mod list;
mod owners;
mod runs;
mod schedule;
mod source;

pub use source::{Connector, of};

use std::sync::Arc;

use afpi_plugins::Plugin;
use afpi_plugins::manifest::Kind;
use utoipa_axum::{router::OpenApiRouter, routes};

use afpi_core::error::{Result, not_found};
use afpi_core::rights::Action;
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(config::get, config::put))
        .routes(routes!(config::check))
        .routes(routes!(actions::sync))
        .routes(routes!(runs::list))
        .routes(routes!(runs::get))
        .routes(routes!(runs::log))
        .routes(routes!(changes::list))
        .routes(routes!(actions::apply))
        .routes(routes!(actions::undo))
        .routes(routes!(actions::cancel))
        .routes(routes!(conflicts::settle))
}

/// The connector of this name, for those who may manage connectors.
fn connector(app: &App, caller: &Caller, id: &str) -> Result<Arc<Plugin>> {
    caller.require(Action::ConnecteursManage)?;
    app.plugins.registry().plugin(id).filter(|plugin| plugin.manifest().kind == Kind::Connector).ok_or_else(not_found)
}
