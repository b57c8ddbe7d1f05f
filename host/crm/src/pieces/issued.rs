//! A job for each piece that is issued. The documents that show pieces handle it; this module knows none of them.

use afpi_db::{Conn, DbError};
use afpi_jobs::NewJob;
use serde_json::json;

use afpi_core::id::PieceId;

/// The queue of the jobs that make documents.
pub const QUEUE: &str = "documents";
/// The kind of job. Its payload: `{"piece": <id>}`.
pub const KIND: &str = "document-issued";

/// Enqueues the job, in the transaction that issues the piece.
pub async fn tell(tx: &mut Conn, piece: PieceId) -> afpi_db::Result<()> {
    let job = NewJob::new(QUEUE, KIND, json!({"piece": piece})).max_attempts(8);
    afpi_jobs::enqueue(tx, &job).await.map(drop).map_err(DbError::from)
}
