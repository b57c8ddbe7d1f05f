//! `GET /api/document-batches/{id}`: what became of a batch.

use afpi_db::{Conn, Json as Stored, sql};
use axum::Json;
use axum::extract::State;
use uuid::Uuid;

use super::{Batch, BatchItem, ItemState};
use crate::documents::{describe, sendings};
use afpi_core::clock::Instant;
use afpi_core::error::{Result, not_found};
use afpi_core::id::{DocumentBatchId, DocumentId, OpportuniteId, UserId};
use afpi_core::text::Text;
use afpi_http::input::Id;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// Read a batch of the caller's.
#[utoipa::path(get, path = "/{id}", operation_id = "getDocumentBatch", tag = "documents", params(("id" = Uuid, Path)),
    responses((status = 200, body = Batch), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn get(State(app): State<App>, caller: Caller, Id(id): Id<DocumentBatchId>) -> ApiResult<Json<Batch>> {
    Ok(Json(one(&mut app.db.read().await?, caller.id, id.uuid()).await?))
}

afpi_db::row! {
    struct Row {
        label: String, opportunite_id: OpportuniteId, document_id: Option<DocumentId>, recipients: Stored<Vec<String>>, state: String,
        problem: Option<Stored<Text>>, document_state: Option<String>, document_problem: Option<String>, sending_state: Option<String>,
        sending_problem: Option<String>,
    }
}

/// A batch of this person; 404 when there is none.
pub async fn one(conn: &mut Conn, person: UserId, id: Uuid) -> Result<Batch> {
    let query = sql("SELECT kind, created_at FROM document_batches WHERE id = ? AND created_by = ?");
    let found: Option<(String, Instant)> = query.bind(id).bind(person).optional(conn).await?;
    let (kind, created_at) = found.ok_or_else(not_found)?;
    let rows: Vec<Row> = sql(
        "SELECT i.label, i.opportunite_id, i.document_id, i.recipients, i.state, i.problem, d.state AS document_state, \
         d.problem AS document_problem, s.state AS sending_state, s.problem AS sending_problem FROM document_batch_items i \
         LEFT JOIN documents d ON d.id = i.document_id LEFT JOIN document_sendings s ON s.id = i.sending_id \
         WHERE i.batch_id = ? ORDER BY i.position",
    )
    .bind(id)
    .all(conn)
    .await?;
    Ok(Batch { id, kind, created_at, data: rows.into_iter().map(show).collect() })
}

fn show(row: Row) -> BatchItem {
    let of_mail = row.sending_problem.as_deref().map(sendings::words);
    let (state, problem) = match (row.state.as_str(), row.document_state.as_deref(), row.sending_state.as_deref()) {
        ("waiting", ..) => (ItemState::Waiting, None),
        ("refused", ..) => (ItemState::Refused, row.problem.map(|Stored(problem)| problem)),
        (_, Some("failed"), _) => (ItemState::Refused, row.document_problem.as_deref().map(describe::words)),
        (_, Some("waiting"), _) => (ItemState::Making, None),
        (_, _, None) => (ItemState::Made, None),
        (_, _, Some("sent")) => (ItemState::Sent, None),
        (_, _, Some("filed")) => (ItemState::Filed, None),
        (_, _, Some("failed")) => (ItemState::Failed, of_mail),
        (_, _, Some("retrying")) => (ItemState::Retrying, of_mail),
        _ => (ItemState::Sending, None),
    };
    let (label, opportunite_id, document_id) = (row.label, row.opportunite_id, row.document_id);
    BatchItem { label, opportunite_id, document_id, recipients: row.recipients.0, state, problem }
}
