//! What a document and its mails concern beside the opportunité that it belongs to: a reminder is about pieces of several.

use afpi_db::{Conn, sql};
use serde_json::Value;
use uuid::Uuid;

use super::NewSending;
use crate::facturation;
use afpi_core::error::Result;
use afpi_core::id::{DocumentId, LocalisationId, OpportuniteId, PieceId};
use afpi_platform::journal::{self, Activity, Author, Subject};

/// A document, and the opportunité with its site that it belongs to.
#[derive(Clone, Copy)]
pub struct Belongs {
    pub document: DocumentId,
    pub opportunite: OpportuniteId,
    pub site: LocalisationId,
}

/// The pieces that a reminder is about, with the step that each reaches; of any other document none.
pub async fn reminded(conn: &mut Conn, document: DocumentId) -> afpi_db::Result<Vec<(PieceId, i64)>> {
    let query = sql("SELECT piece_id, step FROM document_relances WHERE document_id = ? ORDER BY piece_id");
    query.bind(document).all(conn).await
}

/// The opportunités that a document concerns, with their sites: its own first.
pub async fn opportunites(conn: &mut Conn, of: Belongs) -> afpi_db::Result<Vec<(OpportuniteId, LocalisationId)>> {
    let others: Vec<(OpportuniteId, LocalisationId)> = sql(
        "SELECT DISTINCT p.opportunite_id, p.localisation_id FROM document_relances r JOIN pieces p ON p.id = r.piece_id \
         WHERE r.document_id = ? ORDER BY p.opportunite_id",
    )
    .bind(of.document)
    .all(conn)
    .await?;
    let mut all = vec![(of.opportunite, of.site)];
    for other in others {
        if !all.iter().any(|known| known.0 == other.0) {
            all.push(other);
        }
    }
    Ok(all)
}

/// Writes the lines of the journal that say that a mail was asked for and which reminders were marked with it, for each
/// opportunité that it concerns.
pub async fn queued(
    tx: &mut Conn,
    author: Author<'_>,
    of: Belongs,
    sending: Uuid,
    (title, new): (&str, &NewSending<'_>),
) -> Result<()> {
    let marked: Vec<(OpportuniteId, String, i64)> = sql(
        "SELECT p.opportunite_id, p.number, r.step FROM relances r JOIN pieces p ON p.id = r.piece_id WHERE r.sending_id = ? ORDER BY p.id",
    )
    .bind(sending)
    .all(tx)
    .await?;
    for (opportunite, site) in opportunites(tx, of).await? {
        let mut lines = vec![journal::field("documentMailed", Value::Null, super::told(title, &new.recipients))];
        let here = marked.iter().filter(|(id, ..)| *id == opportunite);
        lines.extend(here.map(|(_, number, step)| facturation::told_reminder(number, *step, new.now.day())));
        author.on(Subject::Opportunite(opportunite), Some(site)).record(tx, Activity::Edited, lines).await?;
    }
    Ok(())
}
