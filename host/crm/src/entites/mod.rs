//! `/api/entites-legales` and `/api/localisations`: what documents say of the legal entity that issues them and of the
//! site that they are about: identity, bank, signatory, look, contacts. Series of numbers are the workflow's.

mod dossier;
mod input;
mod logo;
mod read;
mod sites;
mod write;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use dossier::{DisabilityReferent, Dossier, Entite, Site, dossier, logo, typed};
pub use input::EntiteUpdate;
pub(crate) use write::{lost, sets};

use afpi_platform::state::App;

/// `/api/entites-legales`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read::list)).routes(routes!(read::get, write::patch)).routes(routes!(
        logo::show,
        logo::set,
        logo::remove
    ))
}

/// `/api/localisations`.
pub fn localisations() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(sites::list)).routes(routes!(sites::get, sites::patch))
}
