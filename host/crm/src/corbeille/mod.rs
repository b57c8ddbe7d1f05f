//! The bin. A record that somebody deletes leaves its tables with all that belongs to it, and a row of `corbeille` has
//! what brings it back: no list, search, figure, export or picker needs to know of deleted records, and restoring is the
//! identity. After `AFPI_BIN_DAYS` it goes for good. What the law wants kept never gets here (`blockers.rs`).

mod blockers;
mod gone;
mod list;
mod parts;
mod purge;
mod put;
mod restore;

use afpi_core::error::not_found;
use afpi_core::rights::Action;
use afpi_http::problem::Problem;
use afpi_platform::feed::Changed;
use afpi_platform::journal::Subject;
use afpi_platform::state::App;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

pub use gone::gone;
pub use parts::{Part, parts};
pub use purge::purge;

/// `/api/corbeille`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list)).routes(routes!(put::put)).routes(routes!(restore::restore))
}

/// The kinds of records that the bin takes, as in paths and in `record_kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumString, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[schema(as = CorbeilleKind)]
pub enum Kind {
    Opportunites,
    Entreprises,
}

impl Kind {
    fn word(self) -> &'static str {
        self.into()
    }

    /// The right to change such a record: whoever bins or restores it has it too.
    fn writing(self) -> Action {
        match self {
            Kind::Opportunites => Action::OpportunitesEdit,
            Kind::Entreprises => Action::EntreprisesWrite,
        }
    }

    fn changed(self) -> Changed {
        match self {
            Kind::Opportunites => Changed::Opportunite,
            Kind::Entreprises => Changed::Entreprise,
        }
    }

    fn subject(self, id: Uuid) -> Subject {
        match self {
            Kind::Opportunites => Subject::Opportunite(id.into()),
            Kind::Entreprises => Subject::Entreprise(id.into()),
        }
    }
}

/// Kind and id in a path. An unknown kind and an invalid id answer 404.
struct OfKind(Kind, Uuid);

impl<S: Send + Sync> FromRequestParts<S> for OfKind {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path((kind, id)) =
            Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| not_found())?;
        Ok(OfKind(kind.parse().map_err(|_| not_found())?, Uuid::parse_str(&id).map_err(|_| not_found())?))
    }
}
