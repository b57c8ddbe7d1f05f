//! `/api/uploads` and `/api/attachments`: files of opportunités, companies, contacts, trainers and sessions. A person
//! uploads a file, and then attaches it to a record. Who sees the record sees its files; who may change it may attach, rename,
//! replace and remove them. The content is in `afpi_files`; a file that nothing refers to is collected later.

pub mod collect;
mod describe;
mod download;
mod export;
pub(crate) mod holder;
pub mod picture;
mod read;
mod store;
mod upload;
mod verify;
mod write;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use collect::collect;
pub use describe::all;
pub use holder::Kind;
pub use store::{expiring, filed};
pub(crate) use upload::take_in;
pub use verify::verify;
pub(crate) use write::{add, release, take as taken};

use afpi_platform::state::App;

/// The most files of one record, and the most versions of one file.
const MOST: i64 = 500;
const MOST_VERSIONS: i64 = 100;

/// `/api/uploads`.
pub fn uploads() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(upload::upload))
}

/// `/api/attachments`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read::list, write::create))
        .routes(routes!(export::export))
        .routes(routes!(read::get, write::patch, write::delete))
        .routes(routes!(write::replace))
        .routes(routes!(download::download))
        .routes(routes!(download::preview))
}
