//! `/api/preuves`: the dossier de preuve of an opportunité or a session. What is there is read live from documents,
//! files, attendance and checklists. An archive contains the files and a manifest with their hashes;
//! `scripts/verify-dossier.py` checks it without this program.

mod dossier;
mod export;
mod facts;
mod job;
mod plan;
pub mod referentiel;
mod store;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use afpi_core::error::not_found;
use afpi_http::problem::Problem;
use afpi_platform::state::App;

pub use job::ArchiveHandler;
pub use store::expire;

/// The kind of the job that writes the archives of one request. It runs in the lane of documents.
pub const ARCHIVE: &str = "preuves-archive";

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(export::create))
        .routes(routes!(export::get))
        .routes(routes!(export::contents))
        .routes(routes!(export::content))
        .routes(routes!(dossier::get))
}

/// What a dossier is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumString, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[schema(as = PreuveKind)]
pub enum Kind {
    Opportunites,
    Sessions,
}

impl Kind {
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// Kind and id in a path. An unknown kind and an invalid id answer 404.
pub struct OfTraining(pub Kind, pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for OfTraining {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path((kind, id)) =
            Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| not_found())?;
        let kind = kind.parse().map_err(|_| not_found())?;
        Ok(OfTraining(kind, Uuid::parse_str(&id).map_err(|_| not_found())?))
    }
}
