//! `/api/opportunites`: the relay. The workflow plugin decides. The host applies its decisions in one transaction, with
//! history, facts, bookings and an event for the jobs. The host knows no section or status by name.

mod apply;
mod bookings;
mod create;
mod decision;
pub mod description;
mod documents;
mod export;
pub mod handover;
pub mod handover_rest;
pub mod historique;
mod hooks;
mod input;
pub mod item;
mod kanban;
mod list;
mod moves;
pub mod numbers;
mod patch;
mod perte;
mod pick;
mod places;
pub(crate) mod read;
pub mod rebook;
pub mod search;
pub mod sent_back;
mod span;
pub mod stored;
pub mod waiting;
mod workflow;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use bookings::{adopt_rooms, free_lost};
pub use create::{NewOpportunite, start};
pub use input::{Kind, LostReason, Origine, Outcome};
pub use kanban::GroupBy;
pub use list::{ListFilter, Waiting};
pub use moves::{DecidedMove, decide, edit, take};
pub use pick::Pick;
pub use search::renamed;
pub use span::Span;

use crate::access;
use afpi_platform::state::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(kanban::kanban))
        .routes(routes!(export::export))
        .routes(routes!(access::opportunite))
        .routes(routes!(read::get, patch::patch))
        .routes(routes!(moves::put_section))
        .routes(routes!(moves::transition))
        .routes(routes!(historique::historique))
}

/// `/api/workflow`.
pub fn workflow_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(workflow::get))
}
