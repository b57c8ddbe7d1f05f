//! `/api/users`: who works with the CRM, in which role and at which localisations.

pub mod admin;
mod create;
mod list;
mod patch;
mod read;
mod store;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use read::User;
pub use store::{NewUser, insert, read_role};

pub use crate::crm::opportunites::item::UserRef;
use crate::state::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(list::commerciaux))
        .routes(routes!(read::get, patch::patch))
}
