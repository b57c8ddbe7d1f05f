//! `/api/salles`: the rooms of a site, in which sessions are planned.

pub mod description;
mod input;
mod list;
mod planning;
mod read;
mod store;
mod write;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use input::SalleCreate;
pub use planning::RESOURCE;
pub use read::{Salle, choosable, names};
pub(crate) use store::normalised;
pub use store::{adopt, insert, resolve};

use crate::access;
use afpi_platform::state::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, write::create))
        .routes(routes!(access::salle))
        .routes(routes!(read::get, write::patch))
        .routes(routes!(planning::planning))
}
