//! `POST /api/opportunites/{id}/documents` and `POST /api/documents/{id}/retry`: a plugin composes, a job renders.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::catalogue;
use super::compose::{self, Wanted};
use super::describe::{self, Beside, Document};
use super::material::Material;
use super::store::{self, NewDocument};
use super::subject::{self, Subjects};
use crate::opportunites::stored;
use afpi_core::error::{Error, ErrorKind, FieldProblem, Result, field, forbidden, invalid};
use afpi_core::id::{DocumentId, OpportuniteId};
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_http::input::{Body, Id};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Line;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{Activity, Change, Subject as JournalSubject, field as journal_field};
use afpi_platform::state::App;

/// Documents that are wanted.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewDocuments {
    /// One of the kinds of the opportunité's site, e.g. `convention`.
    #[validate(nested)]
    kind: Line<40>,
    /// One of the kind's languages. Default: its usual one.
    #[serde(default)]
    #[validate(nested)]
    language: Option<Line<2>>,
    /// One document for each.
    #[validate(nested)]
    subjects: Subjects,
}

/// The documents that are being made.
#[derive(Debug, Serialize, ToSchema)]
pub struct MadeDocuments {
    data: Vec<Document>,
}

/// Make documents. The answer comes before they are rendered: their `state` becomes `ready`. What is missing answers 422
/// with pointers into the dossier; then none of them is made.
#[utoipa::path(post, path = "/{id}/documents", operation_id = "createDocuments", tag = "documents", params(("id" = Uuid, Path)),
    request_body = NewDocuments,
    responses((status = 202, body = MadeDocuments), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 502, body = ProblemBody), (status = 503, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<OpportuniteId>,
    Body(input): Body<NewDocuments>,
) -> ApiResult<(StatusCode, Json<MadeDocuments>)> {
    caller.require(Action::OpportunitesAttach)?;
    let act = Act::begin(&app, &caller, request.as_str());
    let (opportunite, material) = {
        let mut conn = app.db.read().await?;
        let opportunite = stored::load(&mut conn, &caller.scope(), id).await?;
        let material = Material::load(&mut conn, &opportunite).await?;
        (opportunite, material)
    };
    let offered = catalogue::one(&app, opportunite.localisation_id, &act.context(), &input.kind).await?;
    if !offered.is_for(&caller) {
        return Err(forbidden().into());
    }
    let language = offered.language(input.language.as_deref())?;
    let possible = material.subjects(&offered);
    subject::known(&input.subjects, |asked| possible.iter().any(|(known, _)| known == asked))?;
    let mut new = Vec::with_capacity(input.subjects.len());
    let mut lacks: Vec<FieldProblem> = Vec::new();
    for &subject in input.subjects.iter() {
        let wanted = Wanted {
            offered: &offered,
            subject,
            session: None,
            language: &language,
            by: Some(caller.id),
            now: act.now,
            claims: &[],
        };
        match compose::compose(&act.context(), &opportunite, &material, wanted).await? {
            Ok(document) => new.push(document),
            Err(blockers) => {
                for blocker in blockers {
                    if !lacks.iter().any(|known| known.field == blocker.field && known.code == blocker.code) {
                        lacks.push(field(blocker.field, blocker.code, blocker.message));
                    }
                }
            }
        }
    }
    if !lacks.is_empty() {
        return Err(invalid(lacks).into());
    }
    let ids = afpi_db::retry(|| write(act, id, &new)).await?;
    app.jobs.wake();
    let mut conn = app.db.read().await?;
    let mut data = Vec::with_capacity(ids.len());
    for id in ids {
        let row = describe::row(&mut conn, id).await?;
        data.push(describe::one(row, true, std::slice::from_ref(&offered), &mut Beside::default()));
    }
    Ok((StatusCode::ACCEPTED, Json(MadeDocuments { data })))
}

/// Writes the rows, a line of the journal and the jobs, in one transaction.
async fn write(act: Act<'_>, id: OpportuniteId, new: &[NewDocument<'_>]) -> Result<Vec<DocumentId>> {
    let mut tx = act.app.db.begin().await?;
    let mut ids = Vec::with_capacity(new.len());
    let mut told = Vec::with_capacity(new.len());
    for document in new {
        ids.push(store::insert(&mut tx, document, act.now, act.correlation_id).await?);
        told.push(journal_field("document", None::<&str>, document.composed.title.as_str()));
    }
    let site = new.first().map(|document| document.site);
    Change::by(act.caller, act.correlation_id, JournalSubject::Opportunite(id), site)
        .record(&mut tx, Activity::Edited, told)
        .await?;
    idempotency::done(&mut tx, StatusCode::ACCEPTED, None).await?;
    tx.commit().await?;
    Ok(ids)
}

/// Try a failed document again, with what was composed for it.
#[utoipa::path(post, path = "/{id}/retry", operation_id = "retryDocument", tag = "documents", params(("id" = Uuid, Path)),
    responses((status = 202, body = MadeDocuments), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody)))]
pub(super) async fn again(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<DocumentId>,
) -> ApiResult<(StatusCode, Json<MadeDocuments>)> {
    caller.require(Action::OpportunitesAttach)?;
    let act = Act::begin(&app, &caller, request.as_str());
    let site = {
        let mut conn = app.db.read().await?;
        let row = describe::row(&mut conn, id).await?;
        stored::load(&mut conn, &caller.scope(), row.opportunite_id).await?.localisation_id
    };
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        if !store::renew(&mut tx, id).await? {
            let title = text("Ce document n'est pas en échec", "This document has not failed");
            return Err(Error::new(ErrorKind::Conflict, title));
        }
        store::enqueue(&mut tx, id, act.correlation_id).await?;
        idempotency::done(&mut tx, StatusCode::ACCEPTED, None).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    app.jobs.wake();
    let offered = catalogue::offered(&app, site, &act.context()).await;
    let mut conn = app.db.read().await?;
    let row = describe::row(&mut conn, id).await?;
    let mut beside = Beside::of(&mut conn, &[id]).await?;
    Ok((StatusCode::ACCEPTED, Json(MadeDocuments { data: vec![describe::one(row, true, &offered, &mut beside)] })))
}
