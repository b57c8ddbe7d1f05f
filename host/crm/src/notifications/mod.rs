//! `/api/notifications`: messages to people, their preferences, and the delivery of events. Notifier plugins decide who
//! should be told what; this module holds people, preferences and delivery.

pub mod digest;
mod list;
pub mod mail;
pub(crate) mod notice;
pub mod notify;
pub(crate) mod people;
mod preferences;
mod quiet;
mod read;
mod stream;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use afpi_core::clock::Instant;
use afpi_core::text::{Text, text};
use afpi_platform::state::App;

/// A message to a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    pub id: Uuid,
    pub kind: String,
    pub title: Text,
    pub body: Text,
    /// Path in the web app.
    pub link: String,
    pub created_at: Instant,
    pub read_at: Option<Instant>,
}

afpi_db::row! {
    struct NotificationRow {
        id: Uuid, kind: String, title_fr: String, title_en: String, body_fr: String, body_en: String, link: String,
        created_at: Instant, read_at: Option<Instant>,
    }
}

/// Of table `notifications n`.
const COLUMNS: &str = "n.id, n.kind, n.title_fr, n.title_en, n.body_fr, n.body_en, n.link, n.created_at, n.read_at";

fn show(row: NotificationRow) -> Notification {
    Notification {
        id: row.id,
        kind: row.kind,
        title: text(row.title_fr, row.title_en),
        body: text(row.body_fr, row.body_en),
        link: row.link,
        created_at: row.created_at,
        read_at: row.read_at,
    }
}

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(list::unread_count))
        .routes(routes!(stream::stream))
        .routes(routes!(preferences::get, preferences::put))
        .routes(routes!(quiet::get, quiet::put))
        .routes(routes!(digest::get, digest::put))
        .routes(routes!(read::read_all))
        .routes(routes!(read::read))
}
