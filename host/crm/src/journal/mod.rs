//! `/api/journal`: what was done, by whom, to what.

mod labels;
mod list;
mod names;

pub(crate) use labels::label;
pub(crate) use list::{COLUMNS, JOINS, JournalEntry, Row, shown};

use utoipa_axum::{router::OpenApiRouter, routes};

use afpi_platform::state::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list))
}
