//! `GET /api/documents/{id}/content`, `…/preview` and `…/invoice`: the file of a document.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::describe;
use crate::content::{self, Binary};
use crate::opportunites::stored;
use afpi_core::error::{Result, not_found};
use afpi_core::id::DocumentId;
use afpi_http::input::Id;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// Download a document as PDF. One that is not ready answers 404.
#[utoipa::path(get, path = "/{id}/content", operation_id = "downloadDocument", tag = "documents", params(("id" = Uuid, Path)),
    responses((status = 200, body = Binary, content_type = "application/octet-stream"), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(super) async fn download(State(app): State<App>, caller: Caller, Id(id): Id<DocumentId>) -> ApiResult<Response> {
    let row = find(&app, &caller, id).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, content::attachment(&format!("{}.pdf", row.file_name))),
    ];
    Ok((headers, file(&app, &caller, row.sha256.as_deref()).await?).into_response())
}

/// Show a document in the browser.
#[utoipa::path(get, path = "/{id}/preview", operation_id = "previewDocument", tag = "documents", params(("id" = Uuid, Path)),
    responses((status = 200, body = Binary, content_type = "application/pdf"), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(super) async fn preview(State(app): State<App>, caller: Caller, Id(id): Id<DocumentId>) -> ApiResult<Response> {
    let row = find(&app, &caller, id).await?;
    let headers = [(header::CONTENT_TYPE, "application/pdf"), (header::CONTENT_DISPOSITION, "inline")];
    Ok((headers, file(&app, &caller, row.sha256.as_deref()).await?).into_response())
}

/// Download the electronic invoice (CII) that is also inside the PDF.
#[utoipa::path(get, path = "/{id}/invoice", operation_id = "downloadInvoice", tag = "documents", params(("id" = Uuid, Path)),
    responses((status = 200, body = Binary, content_type = "application/octet-stream"), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(super) async fn invoice(State(app): State<App>, caller: Caller, Id(id): Id<DocumentId>) -> ApiResult<Response> {
    let row = find(&app, &caller, id).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, content::attachment(&format!("{}.xml", row.file_name))),
    ];
    Ok((headers, file(&app, &caller, row.invoice_sha256.as_deref()).await?).into_response())
}

/// The document, whose opportunité the caller may read.
async fn find(app: &App, caller: &Caller, id: DocumentId) -> Result<describe::Row> {
    let mut conn = app.db.read().await?;
    let row = describe::row(&mut conn, id).await?;
    stored::load(&mut conn, &caller.scope(), row.opportunite_id).await?;
    Ok(row)
}

async fn file(app: &App, caller: &Caller, sha256: Option<&str>) -> Result<Response> {
    let sha256 = sha256.ok_or_else(not_found)?;
    content::send(app, caller, sha256).await
}
