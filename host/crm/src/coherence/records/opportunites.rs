//! Opportunités: section documents, issued pieces, and the documents that were made.

use std::collections::{BTreeSet, HashMap, HashSet};

use afpi_db::{Conn, Json, sql};
use afpi_plugins::contract::query::Entry;
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{IDS, entry};
use crate::opportunites::stored::{self, StoredOpportunite};
use crate::pieces;
use afpi_core::clock::{Day, Instant};
use afpi_core::error::Result;
use afpi_core::id::{DocumentId, LocalisationId, OpportuniteId, PieceId, SessionId};
use afpi_core::scope::Scope;

#[derive(Serialize)]
struct Data<'a> {
    numero: &'a str,
    title: &'a str,
    kind: &'a str,
    section: &'a str,
    status: &'a str,
    /// The section documents of the workflow, by section.
    data: Map<String, Value>,
    sessions: Vec<SessionId>,
    /// As they were frozen, in the order of issue.
    pieces: Vec<Value>,
    documents: Vec<Document>,
}

/// The latest of its kind and subject.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    id: DocumentId,
    kind: String,
    about: String,
    about_id: Uuid,
    #[serde(skip_serializing_if = "String::is_empty")]
    about_day: String,
    number: i64,
    dated: Day,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    made_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signed_on: Option<Day>,
    /// What stands in it, as its plugin composed it.
    content: Value,
}

afpi_db::row! {
    struct DocumentRow {
        id: DocumentId, opportunite_id: OpportuniteId, kind: String, about: String, about_id: Uuid, about_day: String, number: i64,
        dated: Day, title: String, made_at: Option<Instant>, composition: Json<Value>,
    }
}

/// The opportunités of this site that were changed since, and those of these sessions.
pub async fn of(conn: &mut Conn, site: LocalisationId, since: Day, sessions: &[SessionId]) -> Result<Vec<Entry>> {
    let mut query = Scope::All.opportunites("o.id", "");
    query.push(" AND o.localisation_id = ?").arg(site).push(" AND o.updated_at >= ?").arg(since.start());
    let changed = query.all::<(OpportuniteId,)>(conn).await?;
    let mut ids: BTreeSet<OpportuniteId> = changed.into_iter().map(|(id,)| id).collect();
    for some in sessions.chunks(IDS) {
        let mut query = sql("SELECT DISTINCT opportunite_id FROM session_opportunites WHERE session_id IN ");
        query.list(some.iter().copied());
        ids.extend(query.all::<(OpportuniteId,)>(conn).await?.into_iter().map(|(id,)| id));
    }
    let ids: Vec<OpportuniteId> = ids.into_iter().collect();
    let mut all = Vec::with_capacity(ids.len());
    for some in ids.chunks(IDS) {
        all.extend(read(conn, site, some).await?);
    }
    Ok(all)
}

async fn read(conn: &mut Conn, site: LocalisationId, ids: &[OpportuniteId]) -> Result<Vec<Entry>> {
    let mut query = stored::select(&Scope::All);
    query.push(" AND o.localisation_id = ?").arg(site).push(" AND o.id IN ").list(ids.iter().copied());
    query.push(" ORDER BY o.id");
    let files: Vec<StoredOpportunite> = query.all(conn).await?;
    let mut sessions: HashMap<OpportuniteId, Vec<SessionId>> = HashMap::new();
    let mut query = sql("SELECT opportunite_id, session_id FROM session_opportunites WHERE opportunite_id IN ");
    query.list(ids.iter().copied()).push(" ORDER BY session_id");
    for (file, session) in query.all::<(OpportuniteId, SessionId)>(conn).await? {
        sessions.entry(file).or_default().push(session);
    }
    let mut query = sql("SELECT opportunite_id, id FROM pieces WHERE opportunite_id IN ");
    query.list(ids.iter().copied());
    let of: HashMap<PieceId, OpportuniteId> =
        query.all::<(OpportuniteId, PieceId)>(conn).await?.into_iter().map(|(file, piece)| (piece, file)).collect();
    let mut issued: HashMap<OpportuniteId, Vec<(PieceId, Value)>> = HashMap::new();
    let pieces: Vec<PieceId> = of.keys().copied().collect();
    for piece in pieces::some(conn, &pieces).await? {
        let mut shown = piece.dossier();
        if let Some(corrected) = piece.corrects() {
            shown["corrects"] = corrected.to_string().into();
        }
        issued.entry(of[&piece.id()]).or_default().push((piece.id(), shown));
    }
    let mut documents = documents(conn, ids).await?;
    let show = |file: StoredOpportunite| {
        let mut pieces = issued.remove(&file.id).unwrap_or_default();
        pieces.sort_by_key(|(id, _)| *id);
        let data = Data {
            numero: &file.numero,
            title: &file.title,
            kind: &file.kind,
            section: &file.section,
            status: &file.status,
            data: file.documents()?,
            sessions: sessions.remove(&file.id).unwrap_or_default(),
            pieces: pieces.into_iter().map(|(_, piece)| piece).collect(),
            documents: documents.remove(&file.id).unwrap_or_default(),
        };
        entry("opportunite", file.id.uuid(), site, file.numero.clone(), (file.version, file.updated_at), &data)
    };
    files.into_iter().map(show).collect()
}

async fn documents(conn: &mut Conn, of: &[OpportuniteId]) -> Result<HashMap<OpportuniteId, Vec<Document>>> {
    let mut query = sql(
        "SELECT id, opportunite_id, kind, about, about_id, about_day, number, dated, title, made_at, composition FROM documents \
         WHERE opportunite_id IN ",
    );
    query.list(of.iter().copied()).push(" ORDER BY id DESC");
    let mut known = HashSet::new();
    let mut rows: Vec<DocumentRow> = query.all(conn).await?;
    rows.retain(|row| known.insert((row.kind.clone(), row.about_id, row.about_day.clone())));
    let mut signed: HashMap<DocumentId, Day> = HashMap::new();
    for some in rows.chunks(IDS) {
        let mut query = sql("SELECT document_id, MIN(signed_on) FROM document_signed_copies WHERE document_id IN ");
        query.list(some.iter().map(|row| row.id)).push(" GROUP BY document_id");
        signed.extend(query.all::<(DocumentId, Day)>(conn).await?);
    }
    let mut documents: HashMap<OpportuniteId, Vec<Document>> = HashMap::new();
    for row in rows {
        documents.entry(row.opportunite_id).or_default().push(Document {
            id: row.id,
            kind: row.kind,
            about: row.about,
            about_id: row.about_id,
            about_day: row.about_day,
            number: row.number,
            dated: row.dated,
            title: row.title,
            made_at: row.made_at.map(Instant::millis),
            signed_on: signed.get(&row.id).copied(),
            content: row.composition.0.get("data").cloned().unwrap_or_default(),
        });
    }
    Ok(documents)
}
