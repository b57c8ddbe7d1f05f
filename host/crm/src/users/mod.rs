//! `/api/users`: the people who use the CRM, their roles and their localisations.

mod absence;
mod access;
pub mod admin;
mod create;
pub mod description;
mod input;
mod invite;
mod leaving;
pub mod letters;
mod list;
mod patch;
mod read;
mod second_factor;
mod store;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use create::{Sites, may_manage, needs_site, unknown_role};
pub use read::User;
pub(crate) use store::replace_sites;
pub use store::{NewUser, insert, read_role};

use afpi_core::id::UserId;
use afpi_core::rights::Role;
use afpi_platform::state::App;

/// The short form of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UserRef {
    #[schema(value_type = Uuid)]
    pub id: UserId,
    pub name: String,
    pub role: Role,
}

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(list::commerciaux))
        .routes(routes!(read::get, patch::patch))
        .routes(routes!(access::get))
        .routes(routes!(invite::post))
        .routes(routes!(second_factor::reset))
        .routes(routes!(absence::of_user, absence::put_of_user, absence::end_of_user))
}

/// `/api/auth/absence`.
pub fn own_absence() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(absence::own, absence::put_own, absence::end_own))
}
