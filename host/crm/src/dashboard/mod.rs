//! `/api/dashboard`: figures of a period in the caller's scope, and the caller's inbox.

mod figures;
mod inbox;
mod wire;

use utoipa_axum::{router::OpenApiRouter, routes};

use afpi_platform::state::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(figures::dashboard)).routes(routes!(inbox::inbox))
}
