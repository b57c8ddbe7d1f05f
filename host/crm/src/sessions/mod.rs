//! `/api/sessions`: training sessions of a site. Their half-days come from the plannings of opportunités ([`follow`]), or
//! from a person who plans a session before it has opportunités ([`planning`]). What plannings lack stands here: title,
//! programme, times, capacity, trainees and attendance.

mod adopt;
pub mod attendance;
pub mod description;
mod dossier;
mod follow;
pub mod half_days;
pub mod hours;
mod input;
mod list;
mod places;
mod planning;
mod read;
mod risk;
mod store;
mod write;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use adopt::adopt;
pub(crate) use attendance::csv as attendance_csv;
pub use dossier::{HalfDay, Session, Trainer, dossier, dossier_of};
pub use follow::{Followed, LOST, follow};
pub use half_days::{Half, clock};
pub use input::Status;
pub use list::between;
pub use read::Item;
pub use read::taking_part;
pub use risk::{AtRisk, at_risk};
pub use store::enrol;

use afpi_platform::state::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, write::create))
        .routes(routes!(list::export))
        .routes(routes!(read::get, write::patch))
        .routes(routes!(write::put_stagiaires))
        .routes(routes!(planning::put))
        .routes(routes!(attendance::grid, attendance::mark))
        .routes(routes!(attendance::export))
}
