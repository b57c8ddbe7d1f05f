//! `GET /api/planning`: trainers and rooms with their half-days, for a board that plans over all of them at once.

mod board;
mod half_days;

use utoipa_axum::{router::OpenApiRouter, routes};

use afpi_platform::state::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(board::read))
}
