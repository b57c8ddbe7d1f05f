//! `/api/opportunites/{id}/documents` and `/api/documents`: quotes, agreements, invoices. A site's plugins say which
//! documents there are and compose them from a dossier; `afpi-documents` renders them; the file is kept by its content. A
//! document never changes: making it again makes another one, and the earlier stays.

mod batches;
mod catalogue;
mod compose;
mod create;
mod describe;
mod download;
mod example;
mod issued;
mod list;
mod material;
mod preview;
mod render;
mod sendings;
mod signed;
mod store;
mod subject;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use batches::{BatchHandler, KIND as BATCH, of_relances, of_session, routes as batches};
pub use issued::IssuedHandler;
pub use render::RenderHandler;
pub use sendings::{KIND as SENDING, SendHandler};
pub use subject::About;

use afpi_platform::state::App;

/// The queue of the jobs that make documents.
pub const QUEUE: &str = crate::pieces::issued::QUEUE;
/// Renders one document.
pub const RENDER: &str = "document-render";

/// Below `/api/opportunites`.
pub fn of_opportunite() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list, create::create)).routes(routes!(preview::preview))
}

/// Below `/api/entites-legales`.
pub fn of_entite() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(example::list)).routes(routes!(example::preview))
}

/// `/api/documents`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::get))
        .routes(routes!(create::again))
        .routes(routes!(download::download))
        .routes(routes!(download::preview))
        .routes(routes!(download::invoice))
        .routes(routes!(sendings::list, sendings::create))
        .routes(routes!(signed::list, signed::create))
        .routes(routes!(signed::get))
        .routes(routes!(signed::download))
        .routes(routes!(signed::preview))
}
