//! `/api/produits`: the catalogue of training products, which quotes and sessions are filled in from. A product is of
//! the network or of one legal entity.

pub mod description;
mod input;
mod list;
mod read;
mod store;
mod write;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use input::{Modality, PriceUnit, ProduitCreate, ProduitUpdate};
pub use read::{Produit, load};
pub use store::{find, home, insert, normalised};
pub use write::{add, edit, remove};

use afpi_platform::state::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list, write::create)).routes(routes!(read::get, write::patch))
}
