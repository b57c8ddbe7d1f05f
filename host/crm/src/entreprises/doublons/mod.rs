//! Companies that may be the same: told while somebody types a new one, and listed in pairs for those who may merge. The
//! suspects come from memory (`afpi_search::Twins`), so neither compares each company with each.

mod ecarter;
mod list;
mod semblables;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use afpi_platform::state::App;

/// `/api/entreprises/…`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(semblables::semblables))
        .routes(routes!(list::list))
        .routes(routes!(ecarter::put, ecarter::delete))
}

/// What two companies have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = DoublonReason)]
pub enum Reason {
    Siret,
    Siren,
    /// The name, or nearly.
    Name,
    Phone,
    Email,
    /// The domain of the e-mail address, unless it is a public provider's.
    Domain,
    Postcode,
}

impl From<afpi_search::Reason> for Reason {
    fn from(reason: afpi_search::Reason) -> Reason {
        use afpi_search::Reason as R;
        match reason {
            R::Number => Reason::Siret,
            R::Group => Reason::Siren,
            R::Name => Reason::Name,
            R::Phone => Reason::Phone,
            R::Email => Reason::Email,
            R::Domain => Reason::Domain,
            R::Place => Reason::Postcode,
        }
    }
}

fn reasons(likeness: &afpi_search::Likeness) -> Vec<Reason> {
    likeness.reasons.iter().copied().map(Into::into).collect()
}
