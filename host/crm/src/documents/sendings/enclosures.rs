//! Documents that go with the document of a mail: with a reminder, copies of its invoices.

use std::collections::HashMap;

use afpi_db::{Conn, sql};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::letter::LARGEST;
use afpi_core::error::{Result, field, invalid};
use afpi_core::id::{DocumentId, PieceId};
use afpi_core::scope::Scope;
use afpi_core::text::text;

/// What a letter leaves of the largest mail to its enclosures, in bytes.
const ROOM: i64 = LARGEST - (1 << 20);

/// A document that goes with another one.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = DocumentEnclosure)]
pub struct Enclosure {
    #[schema(value_type = Uuid)]
    pub id: DocumentId,
    pub title: String,
    /// Bytes.
    pub size: i64,
}

/// Copies of these pieces in scope, in their order: of each the last archived document. As many as one mail takes.
pub async fn copies(conn: &mut Conn, scope: &Scope, pieces: &[PieceId]) -> Result<Vec<Enclosure>> {
    if pieces.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = scope.opportunites(
        "d.about_id, d.id, d.title, f.size",
        "JOIN documents d ON d.opportunite_id = o.id JOIN files f ON f.sha256 = d.sha256",
    );
    query.push(" AND d.state = 'ready' AND d.about = 'piece' AND d.archival = ?").arg(true);
    query.push(" AND d.about_id IN ").list(pieces.iter().map(|piece| piece.uuid())).push(" ORDER BY d.id");
    let rows: Vec<(Uuid, DocumentId, String, i64)> = query.all(conn).await?;
    let newest: HashMap<Uuid, Enclosure> =
        rows.into_iter().map(|(piece, id, title, size)| (piece, Enclosure { id, title, size })).collect();
    let mut room = ROOM;
    let found = pieces.iter().filter_map(|piece| newest.get(&piece.uuid()).cloned());
    Ok(found
        .take_while(|copy| {
            room -= copy.size;
            room >= 0
        })
        .collect())
}

/// The chosen documents, in scope and made.
///
/// # Errors
/// 422 with a pointer to the first that is not.
pub async fn chosen(conn: &mut Conn, scope: &Scope, ids: &[DocumentId]) -> Result<Vec<Enclosure>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = scope.opportunites(
        "d.id, d.title, f.size",
        "JOIN documents d ON d.opportunite_id = o.id JOIN files f ON f.sha256 = d.sha256",
    );
    query.push(" AND d.state = 'ready' AND d.id IN ").list(ids.iter().copied());
    let rows: Vec<(DocumentId, String, i64)> = query.all(conn).await?;
    let known: HashMap<DocumentId, Enclosure> =
        rows.into_iter().map(|(id, title, size)| (id, Enclosure { id, title, size })).collect();
    let one = |(at, id): (usize, &DocumentId)| {
        known.get(id).cloned().ok_or_else(|| {
            let message = text("Ce document ne peut pas être joint.", "This document cannot be enclosed.");
            invalid(vec![field(format!("/enclosures/{at}"), "unknown", message)])
        })
    };
    ids.iter().enumerate().map(one).collect()
}

/// Writes the enclosures of a mail.
pub async fn insert(tx: &mut Conn, sending: Uuid, enclosures: &[DocumentId]) -> afpi_db::Result<()> {
    if enclosures.is_empty() {
        return Ok(());
    }
    let mut query = sql("INSERT INTO document_sending_enclosures (sending_id, position, document_id) VALUES ");
    query.rows((1_i64..).zip(enclosures).map(|(position, &id)| [sending.into(), position.into(), id.into()]));
    query.execute(tx).await.map(drop)
}

/// The titles of what goes with each of these mails.
pub async fn titles(conn: &mut Conn, sendings: &[Uuid]) -> afpi_db::Result<HashMap<Uuid, Vec<String>>> {
    let mut titles: HashMap<Uuid, Vec<String>> = HashMap::new();
    if sendings.is_empty() {
        return Ok(titles);
    }
    let mut query = sql(
        "SELECT e.sending_id, d.title FROM document_sending_enclosures e JOIN documents d ON d.id = e.document_id \
         WHERE e.sending_id IN ",
    );
    query.list(sendings.iter().copied()).push(" ORDER BY e.sending_id, e.position");
    for (sending, title) in query.all::<(Uuid, String)>(conn).await? {
        titles.entry(sending).or_default().push(title);
    }
    Ok(titles)
}

/// The files that go with a mail: names without extension, and contents.
pub async fn files(conn: &mut Conn, sending: Uuid) -> afpi_db::Result<Vec<(String, String)>> {
    sql("SELECT d.file_name, d.sha256 FROM document_sending_enclosures e JOIN documents d ON d.id = e.document_id \
         WHERE e.sending_id = ? AND d.sha256 IS NOT NULL ORDER BY e.position")
    .bind(sending)
    .all(conn)
    .await
}
