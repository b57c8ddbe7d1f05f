//! `/api/formateurs`: trainers, their free days and their bookings.

mod bookable;
pub mod description;
mod expiries;
mod input;
mod leaving;
mod list;
mod planning;
mod read;
pub mod search;
mod store;
mod write;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use bookable::{FormateurRef, choosable};
pub use input::{Certification, FormateurCreate, FormateurUpdate, Kind, Unavailability};
pub use read::{Formateur, load};
pub use store::{RESOURCE, find, insert};
pub use write::{add, edit, remove};

use crate::access;
use afpi_platform::state::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, write::create))
        .routes(routes!(bookable::bookable))
        .routes(routes!(access::formateur))
        .routes(routes!(read::get, write::patch))
        .routes(routes!(planning::planning))
}
