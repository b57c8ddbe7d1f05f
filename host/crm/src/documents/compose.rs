//! Composes a document, or says what it lacks: one way for what people ask for, what is issued, and batches.

use afpi_plugins::CallContext;
use serde_json::Value;

use super::catalogue::Offered;
use super::material::{Asked, Material};
use super::store::NewDocument;
use super::subject::Subject;
use crate::opportunites::read::Blocker;
use crate::opportunites::stored::StoredOpportunite;
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::id::{SessionId, UserId};
use afpi_platform::plugins::failure;
use afpi_platform::plugins::failures::both;

/// A document that somebody wants, or that is made by itself.
#[derive(Clone, Copy)]
pub struct Wanted<'a, 'c> {
    pub offered: &'a Offered,
    pub subject: Subject,
    /// About a trainee: the session that it is about, if not his first one.
    pub session: Option<SessionId>,
    pub language: &'a str,
    pub by: Option<UserId>,
    pub now: Instant,
    /// Of a reminder: the pieces that the letter is about. Empty: its subject alone.
    pub claims: &'c [Value],
}

/// What is missing before a document can be made.
pub async fn missing(context: &CallContext, material: &Material, wanted: Wanted<'_, '_>) -> Result<Vec<Blocker>> {
    let Wanted { offered, subject, session, language, now, claims, .. } = wanted;
    let asked = Asked { offered, subject: Some(subject), session, language, draft: false, now, claims };
    let missing = offered.plugin.missing(context, &material.request(&asked)).await.map_err(failure)?;
    Ok(missing.into_iter().map(|p| Blocker { field: p.field, code: p.code, message: both(p.message) }).collect())
}

/// The document, or what it lacks. Hold no connection: plugins are asked.
pub async fn compose<'a>(
    context: &CallContext,
    opportunite: &StoredOpportunite,
    material: &Material,
    wanted: Wanted<'a, '_>,
) -> Result<Result<NewDocument<'a>, Vec<Blocker>>> {
    let lacks = missing(context, material, wanted).await?;
    if !lacks.is_empty() {
        return Ok(Err(lacks));
    }
    let Wanted { offered, subject, session, language, by, now, claims } = wanted;
    let asked = Asked { offered, subject: Some(subject), session, language, draft: false, now, claims };
    let composed = offered.plugin.compose(context, &material.request(&asked)).await.map_err(failure)?;
    Ok(Ok(NewDocument {
        opportunite: opportunite.id,
        site: opportunite.localisation_id,
        offered,
        subject,
        language,
        dated: material.dated(&asked),
        composed: composed.into(),
        by,
        reminds: offered.reminds(subject),
    }))
}
