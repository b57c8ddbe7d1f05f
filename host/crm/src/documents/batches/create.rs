//! `POST /api/sessions/{id}/document-batch`: makes what somebody chose of a plan.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::{Batch, PlanItem, plan, read, store};
use crate::documents::subject::Subjects;
use afpi_core::error::{Error, Result, field, invalid};
use afpi_core::id::SessionId;
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_http::input::{Body, Id};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Line;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::state::App;

/// The documents of a session's trainees to make and send.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewSessionBatch {
    /// One of the plan's kinds.
    #[validate(nested)]
    kind: Line<40>,
    /// One of the kind's languages. Default: its usual one.
    #[serde(default)]
    #[validate(nested)]
    language: Option<Line<2>>,
    /// The chosen trainees of the plan, at least one.
    #[validate(nested)]
    subjects: Subjects,
}

/// Make and send the documents of a session's trainees. The answer comes before they are made: read the batch to see
/// what became of each. What is missing is refused one by one.
#[utoipa::path(post, path = "/{id}/document-batch", operation_id = "sendSessionDocuments", tag = "documents",
    params(("id" = Uuid, Path)), request_body = NewSessionBatch,
    responses((status = 202, body = Batch), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub(super) async fn of_session(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<SessionId>,
    Body(input): Body<NewSessionBatch>,
) -> ApiResult<(StatusCode, Json<Batch>)> {
    caller.require(Action::OpportunitesAttach)?;
    let act = Act::begin(&app, &caller, request.as_str());
    let (kinds, planned) = plan::session(act, id, Some(&input.kind)).await?;
    let Some(kind) = kinds.into_iter().find(|kind| kind.id == *input.kind) else {
        let message = text("Ce document ne se fait pas ici.", "This document is not made here.");
        return Err(invalid(vec![field("/kind", "unknown", message)]).into());
    };
    let asked = input.language.as_deref().unwrap_or(&kind.languages[0]);
    if !kind.languages.iter().any(|known| known == asked) {
        let message =
            text("Ce document n'existe pas dans cette langue.", "There is no such document in this language.");
        return Err(invalid(vec![field("/language", "unknown", message)]).into());
    }
    let chosen = choose(planned, &input.subjects)?;
    let new = store::NewBatch { kind: &kind.id, session: Some(id), language: asked, items: &chosen };
    Ok((StatusCode::ACCEPTED, Json(write(act, &new).await?)))
}

/// The chosen documents of a plan.
fn choose(planned: Vec<PlanItem>, subjects: &Subjects) -> Result<Vec<PlanItem>> {
    if subjects.is_empty() {
        let message = text("Choisissez au moins un document.", "Choose at least one document.");
        return Err(invalid(vec![field("/subjects", "required", message)]));
    }
    let unknown = |subject: &crate::documents::subject::Subject| {
        subject.day.is_some() || !planned.iter().any(|item| item.subject_id == subject.id)
    };
    if let Some(at) = subjects.iter().position(unknown) {
        let message = text("Ce document n'est pas prévu ici.", "This document is not planned here.");
        return Err(invalid(vec![field(format!("/subjects/{at}"), "unknown", message)]));
    }
    Ok(planned.into_iter().filter(|item| subjects.iter().any(|subject| subject.id == item.subject_id)).collect())
}

/// Writes the rows and the job, in one transaction.
pub async fn write(act: Act<'_>, new: &store::NewBatch<'_>) -> Result<Batch> {
    let id = afpi_db::retry(|| async {
        let mut tx = act.app.db.begin().await?;
        let id: Uuid = store::insert(&mut tx, new, act.caller.id, act.now, act.correlation_id).await?;
        let place = format!("/api/document-batches/{id}");
        idempotency::done(&mut tx, StatusCode::ACCEPTED, Some(place)).await?;
        tx.commit().await?;
        Ok::<_, Error>(id)
    })
    .await?;
    act.app.jobs.wake();
    read::one(&mut act.app.db.read().await?, act.caller.id, id).await
}
