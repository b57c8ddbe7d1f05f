//! A piece was issued: the documents that show it are made by themselves.

use std::sync::Arc;

use afpi_db::sql;
use afpi_jobs::{Handler, JobContext, JobError};
use async_trait::async_trait;

use super::catalogue;
use super::compose::{self, Wanted};
use super::material::Material;
use super::store;
use super::subject::{About, Subject};
use crate::opportunites::stored;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result};
use afpi_core::id::{OpportuniteId, PieceId};
use afpi_core::scope::Scope;
use afpi_core::text::Locale;
use afpi_platform::plugins::context;
use afpi_platform::state::App;

/// Runs jobs of kind [`crate::pieces::issued::KIND`].
pub struct IssuedHandler(App);

impl IssuedHandler {
    pub fn new(app: App) -> Arc<IssuedHandler> {
        Arc::new(IssuedHandler(app))
    }
}

#[async_trait]
impl Handler for IssuedHandler {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        let piece = job.payload["piece"].as_str().and_then(|id| id.parse().ok());
        let piece: PieceId = piece.ok_or_else(|| JobError::fail("no piece named"))?;
        let id = job.id.to_string();
        let correlation = job.correlation_id.as_deref().unwrap_or(&id);
        match make(&self.0, piece, correlation).await {
            Ok(()) => Ok(()),
            Err(error) => Err(JobError::retry(error.kind().code())),
        }
    }
}

/// Composes and enqueues every document that shows this piece. Running twice makes none twice.
async fn make(app: &App, piece: PieceId, correlation_id: &str) -> Result<()> {
    let now = Instant::now();
    let (opportunite, material) = {
        let mut conn = app.db.read().await?;
        let found = sql("SELECT opportunite_id FROM pieces WHERE id = ?").bind(piece);
        let Some((id,)) = found.optional::<(OpportuniteId,)>(&mut conn).await? else { return Ok(()) };
        let opportunite = stored::load(&mut conn, &Scope::All, id).await?;
        let material = Material::load(&mut conn, &opportunite).await?;
        (opportunite, material)
    };
    let context = context(Locale::Fr, correlation_id);
    let subject = Subject { id: piece.uuid(), day: None };
    for offered in catalogue::offered(app, opportunite.localisation_id, &context).await {
        // What is not kept for years, e.g. a reminder, is made when somebody wants it.
        let shows = offered.about == About::Piece
            && offered.kind.archival
            && material.subjects(&offered).iter().any(|(s, _)| *s == subject);
        if !shows {
            continue;
        }
        let language = offered.kind.languages[0].clone();
        let wanted =
            Wanted { offered: &offered, subject, session: None, language: &language, by: None, now, claims: &[] };
        let new = match compose::compose(&context, &opportunite, &material, wanted).await? {
            Ok(new) => new,
            Err(lacks) => {
                // People see in the list what it lacks, and make it when it is there.
                let lack = lacks.first().map_or("", |lack| &lack.field);
                tracing::warn!(piece = %piece, document.kind = offered.kind.id, lack, "a document lacks something");
                continue;
            }
        };
        afpi_db::retry(|| async {
            let mut tx = app.db.begin().await?;
            let there = sql("SELECT COUNT(*) FROM documents WHERE about_id = ? AND kind = ?");
            let there: i64 = there.bind(piece).bind(&offered.kind.id).scalar(&mut tx).await?;
            if there == 0 {
                store::insert(&mut tx, &new, now, correlation_id).await?;
                tx.commit().await?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    }
    app.jobs.wake();
    Ok(())
}
