//! `/api/taches`: what people have to do, about a record or on its own. A task belongs to one person; that person and who
//! gave it change it. Who sees a record sees its tasks. On the day it is due the owner is reminded.

pub(crate) mod read;
mod remind;
mod write;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use read::Which;
pub use remind::remind;

use afpi_platform::state::App;

/// The most open tasks of a person, and of a record.
const MOST: u32 = 500;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read::list, write::create)).routes(routes!(write::patch, write::delete))
}
