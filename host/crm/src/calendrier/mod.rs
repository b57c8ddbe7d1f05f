//! The calendar of a person for other programs (iCalendar, RFC 5545): tasks, meetings and, on request, sessions. Whoever
//! has its secret address reads it, so that a person can end it at any time.

mod events;
mod feed;
mod own;

use utoipa_axum::{router::OpenApiRouter, routes};

use afpi_platform::state::App;

/// `/api/auth/calendar`.
pub fn own_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(own::read, own::put, own::end))
}

/// `/api/calendriers`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(feed::read))
}
