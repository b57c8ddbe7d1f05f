//! `GET /api/notes/{kind}/{id}`, and the JSON form of a note.

use std::collections::HashMap;

use afpi_db::{Conn, sql};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use super::MOST;
use crate::attachments::holder::{self, Holder, Kind, OfRecord, RecordRef, among};
use crate::suivi::Window;
use afpi_core::clock::Instant;
use afpi_core::error::{Result, internal, not_found};
use afpi_core::id::{NoteId, UserId};
use afpi_core::scope::{Loaded, Scope};
use afpi_http::paging::{All, ListMeta, Page};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::people::Person;
use afpi_platform::state::App;

/// What a note tells of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumString, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
#[schema(as = NoteKind)]
pub enum NoteKind {
    #[default]
    Note,
    Appel,
    RendezVous,
}

/// A note.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    #[schema(value_type = Uuid)]
    pub id: NoteId,
    pub kind: NoteKind,
    /// Light Markdown: paragraphs, lists, emphasis, links. Never HTML.
    pub text: String,
    /// Does it stand above the others?
    pub pinned: bool,
    /// When the call or the meeting took place; when a note was written.
    pub at: Instant,
    pub author: NotePerson,
    /// The people that it mentions.
    pub mentions: Vec<NotePerson>,
    pub created_at: Instant,
    pub updated_at: Instant,
    /// For `If-Match`.
    pub version: i64,
}

/// Somebody who wrote a note or is mentioned.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct NotePerson {
    #[schema(value_type = Uuid)]
    pub id: UserId,
    pub name: String,
}

afpi_db::row! {
    struct Row {
        record_kind: String, record_id: Uuid, id: NoteId, kind: String, text: String, pinned: bool, at: Instant, author_id: UserId, author: String, created_at: Instant,
        updated_at: Instant, version: i64,
    }
}

const SELECT: &str = "SELECT n.record_kind, n.record_id, n.id, n.kind, n.text, n.pinned, n.at, n.author_id, u.name AS author, n.created_at, n.updated_at, n.version \
     FROM notes n JOIN users u ON u.id = n.author_id WHERE ";

/// Those of one record.
const OF_RECORD: &str = "n.record_kind = ? AND n.record_id = ?";

/// List the notes of a record: pinned ones first, then the newest.
#[utoipa::path(get, path = "/{kind}/{id}", operation_id = "listNotes", tag = "notes",
    params(("kind" = Kind, Path), ("id" = Uuid, Path)),
    responses((status = 200, body = Page<Note>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    OfRecord(kind, id): OfRecord,
) -> ApiResult<Json<Page<Note>>> {
    kind.require_read(&caller)?;
    let mut conn = app.db.read().await?;
    let holder = holder::load(&mut conn, &caller.scope(), kind, id).await?;
    let mut query = sql(SELECT);
    query.push(OF_RECORD).arg(kind.word()).arg(holder.id).push(" ORDER BY n.pinned DESC, n.at DESC, n.id DESC");
    let rows = query.all(&mut conn).await?;
    let data = shown(&mut conn, rows).await?.into_iter().map(|(_, note)| note).collect::<Vec<_>>();
    let meta = ListMeta::whole(data.len(), MOST as u32);
    Ok(Json(Page { data, meta }))
}

/// One note of a record; 404 when it is about another one.
pub(super) async fn one(conn: &mut Conn, holder: &Loaded<Holder>, id: NoteId) -> Result<Note> {
    let mut query = sql(SELECT);
    query.push(OF_RECORD).arg(holder.kind.word()).arg(holder.id).push(" AND n.id = ?").arg(id);
    let rows = query.all(conn).await?;
    shown(conn, rows).await?.pop().map(|(_, note)| note).ok_or_else(not_found)
}

/// The notes of these records, each with its own, the newest first, as far as `window` wants them.
pub(crate) async fn of_records(
    conn: &mut Conn,
    records: &[(Kind, Vec<Uuid>)],
    window: &Window,
) -> Result<Vec<((Kind, Uuid), Note)>> {
    let mut query = sql(SELECT);
    query.append(among("n.record_kind", "n.record_id", records));
    window.apply(&mut query, "n.at", "n.id");
    let rows = query.all(conn).await?;
    shown(conn, rows).await
}

/// The meetings since then that a person noted or is mentioned in, with their records, as far as the person sees them.
pub(crate) async fn meetings(conn: &mut Conn, person: &Person, since: Instant) -> Result<Vec<(RecordRef, Note)>> {
    let mut query = sql(SELECT);
    query.push("n.kind = ?").arg(<&'static str>::from(NoteKind::RendezVous)).push(" AND n.at >= ?").arg(since);
    query.push(" AND (n.author_id = ?").arg(person.id);
    query.push(" OR EXISTS (SELECT 1 FROM note_mentions m WHERE m.note_id = n.id AND m.user_id = ?").arg(person.id);
    query.push(")) ORDER BY n.at, n.id").limit(MOST as u32);
    let rows = query.all(conn).await?;
    let notes = shown(conn, rows).await?;
    let seen = holder::named(conn, &person.scope, notes.iter().map(|(record, _)| *record)).await?;
    Ok(notes.into_iter().filter_map(|(record, note)| Some((seen.get(&record)?.clone(), note))).collect())
}

async fn shown(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<((Kind, Uuid), Note)>> {
    let mut query =
        sql("SELECT m.note_id, u.id, u.name FROM note_mentions m JOIN users u ON u.id = m.user_id WHERE m.note_id IN ");
    query.list(rows.iter().map(|row| row.id)).push(" ORDER BY u.name_key, u.id");
    let mut mentions: HashMap<NoteId, Vec<NotePerson>> = HashMap::new();
    for (note, id, name) in query.all::<(NoteId, UserId, String)>(conn).await? {
        mentions.entry(note).or_default().push(NotePerson { id, name });
    }
    let record = |row: &Row| -> Result<(Kind, Uuid)> {
        let kind = row.record_kind.parse();
        Ok((
            kind.map_err(|_| internal(format!("a note is about the unknown kind {}", row.record_kind)))?,
            row.record_id,
        ))
    };
    let mut note = |row: Row| Note {
        mentions: mentions.remove(&row.id).unwrap_or_default(),
        id: row.id,
        kind: row.kind.parse().unwrap_or_default(),
        text: row.text,
        pinned: row.pinned,
        at: row.at,
        author: NotePerson { id: row.author_id, name: row.author },
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
    };
    rows.into_iter().map(|row| Ok((record(&row)?, note(row)))).collect()
}

/// List the active people who see a record, by name: those that a note can mention and that can get a task about it.
#[utoipa::path(get, path = "/{kind}/{id}/people", operation_id = "listNotePeople", tag = "notes",
    params(("kind" = Kind, Path), ("id" = Uuid, Path)),
    responses((status = 200, body = All<NotePerson>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn people(
    State(app): State<App>,
    caller: Caller,
    OfRecord(kind, id): OfRecord,
) -> ApiResult<Json<All<NotePerson>>> {
    kind.require_read(&caller)?;
    let active = app.people.active(&app.db).await?;
    let mut conn = app.db.read().await?;
    let holder = holder::load(&mut conn, &caller.scope(), kind, id).await?;
    let owner: Option<UserId> = match kind {
        Kind::Opportunites => {
            let mut query = caller.scope().opportunites("o.commercial_id", "");
            query.push(" AND o.id = ?").arg(id);
            query.optional::<(UserId,)>(&mut conn).await?.map(|(owner,)| owner)
        }
        _ => None,
    };
    let company = matches!(kind, Kind::Entreprises | Kind::Contacts);
    // Who writes a note is checked against the record itself; this needs no query for each person.
    let sees = |person: &&Person| match &person.scope {
        Scope::Own { .. } if company => true,
        scope => scope.sees(holder.site, owner),
    };
    let person = |person: &Person| NotePerson { id: person.id, name: person.name.clone() };
    Ok(Json(All { data: active.iter().filter(sees).map(person).collect() }))
}
