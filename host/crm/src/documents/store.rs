//! Rows of documents.

use afpi_db::{Conn, DbError, sql};
use afpi_jobs::NewJob;
use afpi_plugins::contract::documents::Composition;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::catalogue::Offered;
use super::subject::Subject;
use super::{QUEUE, RENDER};
use afpi_core::clock::{Day, Instant};
use afpi_core::error::Result;
use afpi_core::id::{DocumentId, LocalisationId, OpportuniteId, PieceId, UserId};

/// What a plugin composed, as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Composed {
    pub template: String,
    /// JSON text.
    pub data: String,
    pub title: String,
    pub file_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<Mail>,
}

/// The mail that takes a document to somebody.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Mail {
    pub subject: String,
    pub body: String,
}

impl From<Composition> for Composed {
    fn from(composition: Composition) -> Composed {
        let Composition { template, data, title, file_name, invoice, mail } = composition;
        let mail = mail.map(|mail| Mail { subject: mail.subject, body: mail.body });
        Composed { template, data, title, file_name, invoice, mail }
    }
}

/// A document to be made.
pub struct NewDocument<'a> {
    pub opportunite: OpportuniteId,
    pub site: LocalisationId,
    pub offered: &'a Offered,
    pub subject: Subject,
    pub language: &'a str,
    pub dated: Day,
    pub composed: Composed,
    pub by: Option<UserId>,
    /// Of a reminder: the pieces it is about, with the step that each reaches.
    pub reminds: Vec<(PieceId, i64)>,
}

/// Writes the row and enqueues its rendering.
///
/// # Errors
/// [`DbError::Contention`] when somebody makes the same document at the same moment: run the transaction again.
pub async fn insert(tx: &mut Conn, new: &NewDocument<'_>, now: Instant, correlation_id: &str) -> Result<DocumentId> {
    let (id, kind, day) = (DocumentId::generate(), &new.offered.kind, new.subject.day_text());
    let number: i64 = sql("SELECT COALESCE(MAX(number), 0) FROM documents WHERE about_id = ? AND about_day = ? AND kind = ? AND language = ?")
        .bind(new.subject.id)
        .bind(&day)
        .bind(&kind.id)
        .bind(new.language)
        .scalar(tx)
        .await?;
    let mut query = sql(
        "INSERT INTO documents (id, opportunite_id, localisation_id, kind, section, about, about_id, about_day, number, language, dated, title, \
         file_name, archival, composition, plugin_id, plugin_version, state, created_at, created_by) VALUES ",
    );
    let plugin = new.offered.plugin.plugin();
    query.rows([[
        id.into(),
        new.opportunite.into(),
        new.site.into(),
        kind.id.as_str().into(),
        kind.section.as_str().into(),
        new.offered.about.word().into(),
        new.subject.id.into(),
        day.into(),
        (number + 1).into(),
        new.language.into(),
        new.dated.into(),
        new.composed.title.as_str().into(),
        new.composed.file_name.as_str().into(),
        kind.archival.into(),
        afpi_db::Value::json(&new.composed),
        plugin.id().into(),
        plugin.manifest().version.to_string().into(),
        "waiting".into(),
        now.into(),
        new.by.into(),
    ]]);
    match query.execute(tx).await {
        Err(DbError::Unique(message)) => return Err(DbError::Contention(message).into()),
        done => done?,
    };
    if !new.reminds.is_empty() {
        let mut query = sql("INSERT INTO document_relances (document_id, piece_id, step) VALUES ");
        query.rows(new.reminds.iter().map(|&(piece, step)| [id.into(), piece.into(), step.into()]));
        query.execute(tx).await?;
    }
    enqueue(tx, id, correlation_id).await?;
    Ok(id)
}

/// Enqueues the rendering of a document.
pub async fn enqueue(tx: &mut Conn, id: DocumentId, correlation_id: &str) -> Result<()> {
    let job = NewJob::new(QUEUE, RENDER, json!({"document": id})).correlation(correlation_id).max_attempts(8);
    afpi_jobs::enqueue(tx, &job).await.map_err(DbError::from)?;
    Ok(())
}

afpi_db::row! {
    /// A document that waits to be rendered.
    pub struct Waiting {
        pub opportunite_id: OpportuniteId, pub localisation_id: LocalisationId, pub kind: String, pub language: String, pub dated: Day,
        pub archival: bool, pub composition: afpi_db::Json<Composed>, pub plugin_id: String, pub plugin_version: String, pub state: String,
        pub created_by: Option<UserId>,
    }
}

/// A document with what it is made of. `None` when it is gone.
pub async fn waiting(conn: &mut Conn, id: DocumentId) -> afpi_db::Result<Option<Waiting>> {
    sql("SELECT opportunite_id, localisation_id, kind, language, dated, archival, composition, plugin_id, plugin_version, state, created_by \
         FROM documents WHERE id = ?")
    .bind(id)
    .optional(conn)
    .await
}

/// Says why a document could not be made.
pub async fn fail(tx: &mut Conn, id: DocumentId, problem: &str) -> afpi_db::Result<()> {
    let query = sql("UPDATE documents SET state = 'failed', problem = ? WHERE id = ? AND state <> 'ready'");
    query.bind(problem).bind(id).execute(tx).await.map(drop)
}

/// Makes a failed document wait again; whether it had failed.
pub async fn renew(tx: &mut Conn, id: DocumentId) -> afpi_db::Result<bool> {
    let query = sql("UPDATE documents SET state = 'waiting', problem = NULL WHERE id = ? AND state = 'failed'");
    Ok(query.bind(id).execute(tx).await? == 1)
}
