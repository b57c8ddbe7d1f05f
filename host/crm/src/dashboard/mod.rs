//! `/api/dashboard`: figures of a period in the caller's scope, and the caller's inbox.

mod export;
mod figures;
mod funnel;
mod inbox;
mod shares;
mod wire;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use inbox::waiting_for;

use afpi_platform::state::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(figures::dashboard))
        .routes(routes!(export::export))
        .routes(routes!(inbox::inbox))
}
