//! `/api/anomalies`: what auditors (`afpi:plugin/auditor`) find in the records of a site. A site is audited once a day and
//! shortly after a change; the journal says that something has changed. Findings are kept: one that is not found again
//! is gone, and one that somebody accepted with a reason stays so. People see those of the sites and files in their scope.

mod acceptation;
mod audit;
mod controles;
mod due;
mod keep;
mod list;
mod read;
mod records;
mod regles;

use utoipa_axum::{router::OpenApiRouter, routes};

use afpi_platform::state::App;

pub use audit::AuditHandler;
pub use due::look;
pub use list::{Kind, Which};

/// The kind of the job that audits a site. It runs in the lane of plugins.
pub const KIND: &str = "coherence";

/// How often it is looked for sites to audit.
pub const PERIOD: std::time::Duration = std::time::Duration::from_secs(20);

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(regles::list))
        .routes(routes!(controles::create))
        .routes(routes!(acceptation::put, acceptation::delete))
}
