//! `/api/conservation`: how long personal data is kept (GDPR, article 5(1)(e)). The rules are data, in `regles.toml`. A
//! rule that is switched on erases by itself what is due, every hour and in small portions; otherwise the page tells how
//! much is due, and a person erases it.
//!
//! Erasing takes the record and what hangs on it. Texts elsewhere stay, for the same name may stand there for a
//! newer record: [`super::effacement`] looks for them when a person asks.

mod apply;
mod due;
mod regles;
mod settings;

use afpi_core::error::{Result, not_found};
use afpi_platform::state::App;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use apply::keep;
use regles::Regle;

/// `/api/conservation`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(settings::list))
        .routes(routes!(settings::put))
        .routes(routes!(due::list))
        .routes(routes!(apply::post))
}

/// 404 for an unknown rule.
fn regle(id: &str) -> Result<&'static Regle> {
    regles::data().regle.iter().find(|regle| regle.id == id).ok_or_else(not_found)
}
