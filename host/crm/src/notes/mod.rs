//! `/api/notes`: what people write about a record: notes, calls and meetings. Who sees the record reads its notes; who may
//! attach files to such records writes some. Only the author changes the text. A note tells the people it mentions.

pub(crate) mod read;
mod write;

use utoipa_axum::{router::OpenApiRouter, routes};

use afpi_platform::state::App;

/// The most notes of a record.
const MOST: i64 = 1000;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read::list, write::create))
        .routes(routes!(read::people))
        .routes(routes!(write::patch, write::delete))
}
