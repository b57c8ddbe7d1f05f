//! `/api/documents/{id}/signed-copies`: what came back signed. A copy never changes: another one stands beside it.

use std::collections::HashMap;

use afpi_db::{Conn, DbError, sql};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::Validate;

use super::describe::{self, Document};
use super::material::Material;
use super::{catalogue, subject::About};
use crate::antivirus::FileState;
use crate::attachments::taken;
use crate::content::{self, Binary};
use crate::opportunites::stored;
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Error, ErrorKind, Result, field, invalid, not_found};
use afpi_core::id::{DocumentId, UploadId};
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_files::MediaType;
use afpi_http::input::{Body, Id, IdNamed};
use afpi_http::paging::All;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Line;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{Activity, Change, Subject as JournalSubject, field as journal_field};
use afpi_platform::state::App;
use afpi_platform::workflow::Definition;

/// A copy of a document that came back signed.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignedCopy {
    /// From 1.
    pub number: i64,
    /// The name of the file.
    pub name: String,
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// In hexadecimal digits.
    pub sha256: String,
    /// Can it be read?
    pub state: FileState,
    #[schema(value_type = String, format = Date)]
    pub signed_on: Day,
    pub signatory: String,
    pub added_at: Instant,
    /// Who added it.
    pub added_by: String,
}

/// A move of the workflow that a signed copy allows, and what its form says.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = DocumentAcceptance)]
pub struct Acceptance {
    pub transition: String,
    #[schema(value_type = Object)]
    pub input: Map<String, Value>,
}

/// A signed copy to keep.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSignedCopy {
    /// An upload of the caller that is not attached yet: a PDF or a picture.
    #[schema(value_type = Uuid)]
    upload_id: UploadId,
    /// Not later than today.
    #[schema(value_type = String, format = Date)]
    signed_on: Day,
    /// Who signed.
    #[validate(nested)]
    signatory: Line<200>,
}

afpi_db::row! {
    struct Row {
        document_id: DocumentId, number: i64, name: String, media_type: String, size: i64, sha256: String, scan: Option<String>, signed_on: Day,
        signatory: String, added_at: Instant, added_by: String,
    }
}

const SELECT: &str = "SELECT c.document_id, c.number, c.name, f.media_type, f.size, c.sha256, f.scan, c.signed_on, c.signatory, c.added_at, \
     u.name AS added_by FROM document_signed_copies c JOIN files f ON f.sha256 = c.sha256 JOIN users u ON u.id = c.added_by \
     WHERE c.document_id IN ";

/// The copies of these documents, the newest first.
async fn of(conn: &mut Conn, documents: &[DocumentId]) -> Result<Vec<Row>> {
    if documents.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = sql(SELECT);
    query.list(documents.iter().copied()).push(" ORDER BY c.number DESC");
    Ok(query.all(conn).await?)
}

/// The last copy of each of these documents that is not quarantined.
pub(super) async fn latest(conn: &mut Conn, documents: &[DocumentId]) -> Result<HashMap<DocumentId, SignedCopy>> {
    let mut latest = HashMap::new();
    for row in of(conn, documents).await? {
        if FileState::of(row.scan.as_deref()) == FileState::Quarantined {
            continue;
        }
        latest.entry(row.document_id).or_insert_with(|| show(row));
    }
    Ok(latest)
}

fn show(row: Row) -> SignedCopy {
    let Row { number, name, media_type, size, sha256, scan, signed_on, signatory, added_at, added_by, .. } = row;
    let state = FileState::of(scan.as_deref());
    SignedCopy { number, name, media_type, size, sha256, state, signed_on, signatory, added_at, added_by }
}

/// The move that the signed copy of this document allows: of the newest piece of its kind only.
pub(super) fn acceptance(document: &Document, material: &Material, definition: &Definition) -> Option<Acceptance> {
    let copy = document.signed_copy.as_ref()?;
    if document.about != About::Piece.word() {
        return None;
    }
    let kind = material.newest_piece(document.about_id)?;
    let form = definition.workflow.sections.iter().find_map(|section| section.declared.accepting(kind))?;
    let input =
        [(form.signed_on.clone(), copy.signed_on.to_string()), (form.signatory.clone(), copy.signatory.clone())];
    let input = input.into_iter().map(|(field, value)| (field, Value::String(value))).collect();
    Some(Acceptance { transition: form.transition.clone(), input })
}

/// List the signed copies of a document, the newest first.
#[utoipa::path(get, path = "/{id}/signed-copies", operation_id = "listSignedCopies", tag = "documents", params(("id" = Uuid, Path)),
    responses((status = 200, body = All<SignedCopy>), (status = 404, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<DocumentId>,
) -> ApiResult<Json<All<SignedCopy>>> {
    let mut conn = app.db.read().await?;
    let document = describe::row(&mut conn, id).await?;
    stored::load(&mut conn, &caller.scope(), document.opportunite_id).await?;
    Ok(Json(All { data: of(&mut conn, &[id]).await?.into_iter().map(show).collect() }))
}

/// Keep a signed copy of a document. Earlier copies stay. A document that nobody signs, or that is not ready, answers
/// 409.
#[utoipa::path(post, path = "/{id}/signed-copies", operation_id = "addSignedCopy", tag = "documents", params(("id" = Uuid, Path)),
    request_body = NewSignedCopy,
    responses((status = 201, body = SignedCopy), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<DocumentId>,
    Body(input): Body<NewSignedCopy>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::OpportunitesAttach)?;
    let act = Act::begin(&app, &caller, request.as_str());
    if input.signed_on > act.now.day() {
        let message = text("Pas après aujourd'hui.", "Not after today.");
        return Err(invalid(vec![field("/signedOn", "out-of-range", message)]).into());
    }
    let (site, document) = {
        let mut conn = app.db.read().await?;
        let row = describe::row(&mut conn, id).await?;
        (stored::load(&mut conn, &caller.scope(), row.opportunite_id).await?.localisation_id, row)
    };
    let offered = catalogue::offered(&app, site, &act.context()).await;
    if document.state != "ready" || !offered.iter().any(|one| one.kind.id == document.kind && one.kind.signed) {
        let title = text("Ce document ne se signe pas", "This document is not signed");
        return Err(Error::new(ErrorKind::Conflict, title).into());
    }
    let copy = afpi_db::retry(|| write(act, id, &input)).await?;
    let location = [(header::LOCATION, place(id, copy.number))];
    Ok((StatusCode::CREATED, AppendHeaders(location), Json(copy)))
}

fn place(document: DocumentId, number: i64) -> String {
    format!("/api/documents/{document}/signed-copies/{number}")
}

/// Writes the row and a line of the journal, in one transaction.
async fn write(act: Act<'_>, id: DocumentId, input: &NewSignedCopy) -> Result<SignedCopy> {
    let mut tx = act.app.db.begin().await?;
    let document = describe::row(&mut tx, id).await?;
    let opportunite = stored::load(&mut tx, &act.caller.scope(), document.opportunite_id).await?;
    let upload = taken(&mut tx, act.caller, input.upload_id).await?;
    if !MediaType::of(&upload.media_type).is_some_and(|media| media.preview) {
        let message = text("Un PDF ou une image.", "A PDF or a picture.");
        return Err(invalid(vec![field("/uploadId", "media-type", message)]));
    }
    let last: i64 = sql("SELECT COALESCE(MAX(number), 0) FROM document_signed_copies WHERE document_id = ?")
        .bind(id)
        .scalar(&mut tx)
        .await?;
    let mut query = sql(
        "INSERT INTO document_signed_copies (document_id, number, sha256, name, signed_on, signatory, added_at, added_by) VALUES ",
    );
    query.rows([[
        id.into(),
        (last + 1).into(),
        upload.sha256.as_str().into(),
        upload.name.as_str().into(),
        input.signed_on.into(),
        input.signatory.as_str().into(),
        act.now.into(),
        act.caller.id.into(),
    ]]);
    match query.execute(&mut tx).await {
        Err(DbError::Unique(message)) => return Err(DbError::Contention(message).into()),
        done => done?,
    };
    let told = format!("{} ({}, {})", document.title, input.signatory.as_str(), input.signed_on);
    let subject = JournalSubject::Opportunite(document.opportunite_id);
    Change::by(act.caller, act.correlation_id, subject, Some(opportunite.localisation_id))
        .record(&mut tx, Activity::Edited, vec![journal_field("signedCopy", Value::Null, told)])
        .await?;
    let copy = of(&mut tx, &[id]).await?.into_iter().next().map(show).ok_or_else(not_found)?;
    idempotency::done(&mut tx, StatusCode::CREATED, Some(place(id, copy.number))).await?;
    tx.commit().await?;
    Ok(copy)
}

/// Read the description of a signed copy.
#[utoipa::path(get, path = "/{id}/signed-copies/{number}", operation_id = "getSignedCopy", tag = "documents",
    params(("id" = Uuid, Path), ("number" = String, Path)),
    responses((status = 200, body = SignedCopy), (status = 404, body = ProblemBody)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    IdNamed(id, number): IdNamed<DocumentId>,
) -> ApiResult<Json<SignedCopy>> {
    Ok(Json(show(find(&app, &caller, id, &number).await?)))
}

/// Download a signed copy.
#[utoipa::path(get, path = "/{id}/signed-copies/{number}/content", operation_id = "downloadSignedCopy", tag = "documents",
    params(("id" = Uuid, Path), ("number" = String, Path)),
    responses((status = 200, body = Binary, content_type = "application/octet-stream"), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(super) async fn download(
    State(app): State<App>,
    caller: Caller,
    IdNamed(id, number): IdNamed<DocumentId>,
) -> ApiResult<Response> {
    let copy = find(&app, &caller, id, &number).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, content::attachment(&copy.name)),
    ];
    Ok((headers, content::send(&app, &caller, &copy.sha256).await?).into_response())
}

/// Show a signed copy in the browser.
#[utoipa::path(get, path = "/{id}/signed-copies/{number}/preview", operation_id = "previewSignedCopy", tag = "documents",
    params(("id" = Uuid, Path), ("number" = String, Path)),
    responses((status = 200, content((Binary = "application/pdf"), (Binary = "image/png"), (Binary = "image/jpeg"),
        (Binary = "image/webp"), (Binary = "image/gif"))), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
pub(super) async fn preview(
    State(app): State<App>,
    caller: Caller,
    IdNamed(id, number): IdNamed<DocumentId>,
) -> ApiResult<Response> {
    let copy = find(&app, &caller, id, &number).await?;
    let headers = [(header::CONTENT_TYPE, copy.media_type.clone()), (header::CONTENT_DISPOSITION, "inline".to_owned())];
    Ok((headers, content::send(&app, &caller, &copy.sha256).await?).into_response())
}

/// The copy of a document whose opportunité the caller may read.
async fn find(app: &App, caller: &Caller, id: DocumentId, number: &str) -> Result<Row> {
    let mut conn = app.db.read().await?;
    let document = describe::row(&mut conn, id).await?;
    stored::load(&mut conn, &caller.scope(), document.opportunite_id).await?;
    let copies = of(&mut conn, &[id]).await?;
    copies.into_iter().find(|copy| copy.number.to_string() == number).ok_or_else(not_found)
}
