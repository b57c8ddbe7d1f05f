//! `/api/plugins` and `/api/plugin-keys`: the installed plugins, their capabilities in plain sentences, their health,
//! and their settings site by site; upload, activation, rollback and removal of files. One file per verb.

mod config;
mod health;
mod icon;
mod install;
mod keys;
mod read;
mod recording;
mod remove;
mod schedules;
mod sites;
mod versions;
mod wire;

pub use keys::key_routes;

use utoipa_axum::{router::OpenApiRouter, routes};

use afpi_core::error::{Result, not_found};
use afpi_core::id::LocalisationId;
use afpi_core::rights::Action;
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read::list, install::install))
        .routes(routes!(read::get, remove::remove))
        .routes(routes!(versions::list))
        .routes(routes!(versions::activate))
        .routes(routes!(versions::discard))
        .routes(routes!(versions::rollback))
        .routes(routes!(icon::get))
        .routes(routes!(health::get))
        .routes(routes!(health::release))
        .routes(routes!(recording::list))
        .routes(routes!(recording::calls))
        .routes(routes!(recording::stop))
        .routes(routes!(recording::start, recording::get, recording::delete))
        .routes(routes!(sites::set))
        .routes(routes!(schedules::set))
        .routes(routes!(config::get, config::put))
}

/// May this caller set up plugins on this site? The network, where connectors have their seat, is left to the
/// connectors' own endpoints. A site outside the caller's scope answers 404.
fn may_configure(caller: &Caller, site: LocalisationId) -> Result<()> {
    caller.require(Action::PluginsConfigure)?;
    if site.is_network() {
        return caller.require(Action::ConnecteursManage);
    }
    if caller.scope().covers_site(site) { Ok(()) } else { Err(not_found()) }
}
