//! Rows of sendings.

use std::collections::HashMap;

use afpi_db::{Conn, DbError, Json, Value, dialect, sql};
use afpi_jobs::NewJob;
use serde_json::json;
use uuid::Uuid;

use super::{KIND, Sending, enclosures};
use crate::mailer::Cause;
use crate::notifications::mail::QUEUE;
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::id::{DocumentId, LocalisationId, OpportuniteId, UserId};

/// Attempts before a sending has failed: over two days, see [`super::letter::pause`].
const ATTEMPTS: u32 = 8;

/// A mail that is to be sent.
pub struct NewSending<'a> {
    pub recipients: Vec<String>,
    pub copied: bool,
    pub subject: &'a str,
    pub body: &'a str,
    pub by: UserId,
    pub now: Instant,
    /// Documents that go with it.
    pub enclosures: Vec<DocumentId>,
}

/// Writes the row. Its job is enqueued now, or in the transaction in which the document becomes ready: the row of the
/// document is locked, so neither of them misses the other.
pub async fn insert(tx: &mut Conn, document: DocumentId, new: &NewSending<'_>, correlation_id: &str) -> Result<Uuid> {
    let mut query = sql("SELECT state FROM documents WHERE id = ?").bind(document);
    query.push(dialect::for_update(tx.backend()));
    let state: String = query.scalar(tx).await?;
    let id = Uuid::now_v7();
    let mut query = sql(
        "INSERT INTO document_sendings (id, document_id, recipients, copied, subject, body, state, created_at, created_by) VALUES ",
    );
    query.rows([[
        id.into(),
        document.into(),
        Value::json(&new.recipients),
        new.copied.into(),
        new.subject.into(),
        new.body.into(),
        "waiting".into(),
        new.now.into(),
        new.by.into(),
    ]]);
    query.execute(tx).await?;
    enclosures::insert(tx, id, &new.enclosures).await?;
    if state == "ready" {
        enqueue(tx, id, correlation_id).await?;
    }
    Ok(id)
}

/// Enqueues the mails that wait for a document that has just become ready.
pub async fn release(tx: &mut Conn, document: DocumentId, correlation_id: &str) -> Result<()> {
    let query = sql("SELECT id FROM document_sendings WHERE document_id = ? AND state = 'waiting' ORDER BY id");
    let mut query = query.bind(document);
    query.push(dialect::for_update(tx.backend()));
    for (id,) in query.all::<(Uuid,)>(tx).await? {
        enqueue(tx, id, correlation_id).await?;
    }
    Ok(())
}

async fn enqueue(tx: &mut Conn, sending: Uuid, correlation_id: &str) -> Result<()> {
    let job = NewJob::new(QUEUE, KIND, json!({"sending": sending})).correlation(correlation_id).max_attempts(ATTEMPTS);
    afpi_jobs::enqueue(tx, &job).await.map_err(DbError::from)?;
    Ok(())
}

afpi_db::row! {
    struct Row {
        id: Uuid, document_id: DocumentId, recipients: Json<Vec<String>>, copied: bool, subject: String, body: String, state: String,
        problem: Option<String>, next_at: Option<Instant>, created_at: Instant, sender: String, sent_at: Option<Instant>,
    }
}

/// The sendings of these documents, the newest first.
pub async fn of(conn: &mut Conn, documents: &[DocumentId]) -> afpi_db::Result<Vec<(DocumentId, Sending)>> {
    if documents.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = sql(
        "SELECT s.id, s.document_id, s.recipients, s.copied, s.subject, s.body, s.state, s.problem, s.next_at, s.created_at, \
         u.name AS sender, s.sent_at FROM document_sendings s JOIN users u ON u.id = s.created_by WHERE s.document_id IN ",
    );
    query.list(documents.iter().copied()).push(" ORDER BY s.id DESC");
    let rows: Vec<Row> = query.all(conn).await?;
    let mut titles = enclosures::titles(conn, &rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    let show = |row: Row| {
        let enclosures = titles.remove(&row.id).unwrap_or_default();
        (row.document_id, show(row, enclosures))
    };
    Ok(rows.into_iter().map(show).collect())
}

/// The last sending of each of these documents.
pub async fn latest(conn: &mut Conn, documents: &[DocumentId]) -> Result<HashMap<DocumentId, Sending>> {
    let mut latest = HashMap::new();
    for (document, sending) in of(conn, documents).await? {
        latest.entry(document).or_insert(sending);
    }
    Ok(latest)
}

fn show(row: Row, enclosures: Vec<String>) -> Sending {
    Sending {
        id: row.id,
        enclosures,
        to: row.recipients.0,
        copy: row.copied,
        subject: row.subject,
        body: row.body,
        problem: row.problem.as_deref().map(super::words),
        state: row.state,
        next_at: row.next_at,
        created_at: row.created_at,
        sender: row.sender,
        sent_at: row.sent_at,
    }
}

afpi_db::row! {
    /// A mail that waits, with what it needs.
    pub struct Waiting {
        pub recipients: Json<Vec<String>>, pub copied: bool, pub subject: String, pub body: String, pub created_by: UserId,
        pub document_id: DocumentId, pub title: String, pub file_name: String, pub sha256: Option<String>,
        pub opportunite_id: OpportuniteId, pub localisation_id: LocalisationId, pub sender: String, pub sender_email: String,
        pub site: String, pub site_email: Option<String>,
    }
}

/// `None` when it does not wait any more.
pub async fn waiting(conn: &mut Conn, id: Uuid) -> afpi_db::Result<Option<Waiting>> {
    sql(
        "SELECT s.recipients, s.copied, s.subject, s.body, s.created_by, d.id AS document_id, d.title, d.file_name, d.sha256, \
         d.opportunite_id, d.localisation_id, u.name AS sender, u.email AS sender_email, l.name AS site, l.email AS site_email \
         FROM document_sendings s JOIN documents d ON d.id = s.document_id JOIN users u ON u.id = s.created_by \
         JOIN localisations l ON l.id = d.localisation_id WHERE s.id = ? AND s.state IN ('waiting', 'retrying')",
    )
    .bind(id)
    .optional(conn)
    .await
}

/// What became of a mail.
#[derive(Debug, Clone, Copy)]
pub enum Outcome {
    Sent,
    /// No mail server is set up: it is a file.
    Filed,
    Failed(Cause),
    /// It is tried again at this instant.
    Retrying(Cause, Instant),
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Outcome::Sent => "sent",
            Outcome::Filed => "filed",
            Outcome::Failed(_) => "failed",
            Outcome::Retrying(..) => "retrying",
        }
    }
}

/// Writes what became of a mail; whether it still waited.
pub async fn settle(tx: &mut Conn, id: Uuid, outcome: Outcome, now: Instant) -> afpi_db::Result<bool> {
    let (problem, next) = match outcome {
        Outcome::Sent | Outcome::Filed => (None, None),
        Outcome::Failed(cause) => (Some(<&str>::from(cause)), None),
        Outcome::Retrying(cause, next) => (Some(<&str>::from(cause)), Some(next)),
    };
    let sent = problem.is_none().then_some(now);
    let query = sql(
        "UPDATE document_sendings SET state = ?, problem = ?, next_at = ?, sent_at = ? WHERE id = ? AND state IN ('waiting', 'retrying')",
    );
    let query = query.bind(outcome.word()).bind(problem).bind(next).bind(sent).bind(id);
    Ok(query.execute(tx).await? == 1)
}
