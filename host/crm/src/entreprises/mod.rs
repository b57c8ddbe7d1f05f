//! `/api/entreprises`: companies and their contacts.

mod annuaire;
pub mod bulk;
mod create;
pub mod description;
mod doublons;
mod export;
pub mod fields;
pub mod fusion;
pub mod hooks;
mod input;
pub mod limits;
mod list;
mod patch;
mod read;
pub mod search;
pub mod settle;
mod store;
pub mod stored;
pub mod traits;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use create::duplicate;
pub use input::{AddressInput, ContactInput, EntrepriseCreate};
pub use limits::Kind;
pub use read::Entreprise;
pub use store::{NewEntreprise, insert};

use crate::access;
use afpi_platform::state::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(export::export))
        .routes(routes!(access::entreprise))
        .routes(routes!(read::get, patch::patch))
        .routes(routes!(read::opportunites))
        .routes(routes!(annuaire::search))
        .merge(doublons::routes())
        .merge(fusion::routes())
}
