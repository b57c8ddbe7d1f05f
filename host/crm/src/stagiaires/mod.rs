//! `/api/stagiaires`: the people who are trained for an opportunité. Their special needs are shown only to who may edit
//! them, and never in lists, files, events or to plugins.

mod create;
pub mod description;
mod dossier;
mod duplicates;
mod input;
mod list;
mod paste;
mod read;
pub mod rights;
mod store;
mod write;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use dossier::{Attendance, Stagiaire, dossier, dossier_of_session};
pub use input::{StagiaireCreate, Status};
pub use paste::day as written_day;
pub use store::insert;

use afpi_platform::state::App;

/// Below `/api/opportunites`.
pub fn of_opportunite() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::of_opportunite, create::create))
        .routes(routes!(create::bulk))
        .routes(routes!(create::preview))
}

/// `/api/stagiaires`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list)).routes(routes!(list::export)).routes(routes!(
        read::get,
        write::patch,
        write::delete
    ))
}
