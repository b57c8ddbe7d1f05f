//! Rows of batches.

use afpi_db::{Conn, DbError, Json, Value, sql};
use afpi_jobs::NewJob;
use serde_json::json;
use uuid::Uuid;

use super::{KIND, PlanItem};
use crate::documents::QUEUE;
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::id::{DocumentId, OpportuniteId, PieceId, SessionId, UserId};
use afpi_core::text::Text;

/// A batch to make.
pub struct NewBatch<'a> {
    /// Empty: reminders.
    pub kind: &'a str,
    pub session: Option<SessionId>,
    pub language: &'a str,
    pub items: &'a [PlanItem],
}

/// Writes the rows and enqueues the job.
pub async fn insert(tx: &mut Conn, new: &NewBatch<'_>, by: UserId, now: Instant, correlation_id: &str) -> Result<Uuid> {
    let id = Uuid::now_v7();
    let mut query = sql("INSERT INTO document_batches (id, kind, session_id, created_at, created_by) VALUES ");
    query.rows([[id.into(), new.kind.into(), new.session.into(), now.into(), by.into()]]);
    query.execute(tx).await?;
    let mut query = sql(
        "INSERT INTO document_batch_items (batch_id, position, opportunite_id, kind, subject_id, language, label, recipients, mail_subject, mail_body, state) VALUES ",
    );
    query.rows(new.items.iter().zip(0_i64..).map(|(item, position)| {
        [
            id.into(),
            position.into(),
            item.opportunite_id.into(),
            item.kind.as_str().into(),
            item.subject_id.into(),
            new.language.into(),
            item.label.as_str().into(),
            Value::json(&item.recipients),
            item.mail.as_ref().map(|mail| mail.subject.as_str()).into(),
            item.mail.as_ref().map(|mail| mail.body.as_str()).into(),
            "waiting".into(),
        ]
    }));
    query.execute(tx).await?;
    let reminded = new.items.iter().zip(0_i64..).flat_map(|(item, position)| {
        item.pieces.iter().map(move |piece| [id.into(), position.into(), piece.id.into(), piece.step.into()])
    });
    let reminded: Vec<[Value; 4]> = reminded.collect();
    if !reminded.is_empty() {
        let mut query = sql("INSERT INTO document_batch_relances (batch_id, position, piece_id, step) VALUES ");
        query.rows(reminded);
        query.execute(tx).await?;
    }
    let job = NewJob::new(QUEUE, KIND, json!({"batch": id})).correlation(correlation_id).max_attempts(8);
    afpi_jobs::enqueue(tx, &job).await.map_err(DbError::from)?;
    Ok(id)
}

afpi_db::row! {
    /// A document of a batch that is not made yet.
    #[derive(Debug, Clone)]
    pub struct Item {
        pub position: i64, pub opportunite_id: OpportuniteId, pub kind: String, pub subject_id: Uuid, pub language: String,
        pub recipients: Json<Vec<String>>, pub mail_subject: Option<String>, pub mail_body: Option<String>, pub session_id: Option<SessionId>, pub created_by: UserId,
    }
}

/// The documents of a batch that are not made yet, in order.
pub async fn waiting(conn: &mut Conn, batch: Uuid) -> afpi_db::Result<Vec<Item>> {
    sql(
        "SELECT i.position, i.opportunite_id, i.kind, i.subject_id, i.language, i.recipients, i.mail_subject, i.mail_body, b.session_id, b.created_by \
         FROM document_batch_items i JOIN document_batches b ON b.id = i.batch_id \
         WHERE i.batch_id = ? AND i.state = 'waiting' ORDER BY i.position",
    )
    .bind(batch)
    .all(conn)
    .await
}

/// The pieces that a letter of a batch is about, with the step that each reaches; of any other document none.
pub async fn reminds(conn: &mut Conn, batch: Uuid, position: i64) -> afpi_db::Result<Vec<(PieceId, i64)>> {
    sql("SELECT piece_id, step FROM document_batch_relances WHERE batch_id = ? AND position = ? ORDER BY piece_id")
        .bind(batch)
        .bind(position)
        .all(conn)
        .await
}

/// Takes a document of a batch for this transaction; whether it still waited.
pub async fn take(tx: &mut Conn, batch: Uuid, position: i64) -> afpi_db::Result<bool> {
    let query =
        sql("UPDATE document_batch_items SET state = 'made' WHERE batch_id = ? AND position = ? AND state = 'waiting'");
    Ok(query.bind(batch).bind(position).execute(tx).await? == 1)
}

/// Says what was made.
pub async fn made(
    tx: &mut Conn,
    batch: Uuid,
    position: i64,
    document: DocumentId,
    sending: Option<Uuid>,
) -> afpi_db::Result<()> {
    let query =
        sql("UPDATE document_batch_items SET document_id = ?, sending_id = ? WHERE batch_id = ? AND position = ?");
    query.bind(document).bind(sending).bind(batch).bind(position).execute(tx).await.map(drop)
}

/// Says why a document was not made.
pub async fn refuse(tx: &mut Conn, batch: Uuid, position: i64, why: &Text) -> afpi_db::Result<()> {
    let query =
        sql("UPDATE document_batch_items SET state = 'refused', problem = ? WHERE batch_id = ? AND position = ?");
    query.bind(Value::json(why)).bind(batch).bind(position).execute(tx).await.map(drop)
}
