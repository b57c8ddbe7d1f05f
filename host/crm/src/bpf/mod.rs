//! The « bilan pédagogique et financier »: what a training centre declares each year per legal entity (Code du travail,
//! art. L6352-11 and R6352-22; Cerfa 10443). It is computed from issued pieces, attendance and sessions. Nobody types a
//! figure that the CRM already holds; what it does not hold is named.

mod bilan;
pub mod cadres;
mod export;
mod read;

use utoipa_axum::{router::OpenApiRouter, routes};

use afpi_platform::state::App;

/// `/api/bpf`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(bilan::get))
        .routes(routes!(export::export))
        .routes(routes!(cadres::nomenclature))
}
