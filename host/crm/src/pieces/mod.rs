//! Pieces: issued documents, and payments. A workflow numbers and words a piece. The host freezes it in the transaction
//! of the decision and checks every later decision against it. Only another piece corrects a piece (CGI, ann. II, art.
//! 242 nonies A: an issued invoice is never altered).

mod adopt;
mod attended;
mod freeze;
pub mod issued;
mod payer;
mod read;
mod store;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use adopt::adopt;
pub use freeze::{Decided, freeze};
pub use payer::Payer;
pub use read::{PieceWithContent, Pieces, all, of_record, some};

use afpi_platform::state::App;

/// Below `/api/opportunites`.
pub fn of_opportunite() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read::list))
}

/// `/api/pieces`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read::get))
}
