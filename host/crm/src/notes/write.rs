//! Writes, changes and deletes notes.

use std::collections::BTreeSet;

use afpi_db::{Conn, Sql, sql};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{ETAG, LOCATION};
use axum::response::{AppendHeaders, IntoResponse};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use validator::Validate;

use super::MOST;
use super::read::{self, Note, NoteKind};
use crate::attachments::holder::{self, Holder, Kind, OfRecord, OfRecordPart};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, field, forbidden, invalid, stale};
use afpi_core::id::{NoteId, UserId};
use afpi_core::scope::Loaded;
use afpi_core::text::text;
use afpi_http::bounds::{List, RecordId};
use afpi_http::input::{Body, IfMatch, stated};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Prose;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{self, Change};
use afpi_platform::people::Person;
use afpi_platform::state::App;

/// The beginning of a text that the journal and messages show.
const SHOWN: usize = 200;

/// The people that a note mentions.
pub type Mentions = List<RecordId, 20>;

/// A new note.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoteCreate {
    #[serde(default)]
    kind: NoteKind,
    #[validate(nested)]
    text: Prose<10_000>,
    /// When the call or the meeting took place. Default: now.
    #[serde(default)]
    at: Option<Instant>,
    #[serde(default)]
    pinned: bool,
    /// Active people who are told about it.
    #[serde(default)]
    #[validate(nested)]
    mentions: Mentions,
}

/// What changes. The text, its kind and its time only by the author.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoteUpdate {
    #[serde(default, deserialize_with = "stated")]
    kind: Option<NoteKind>,
    #[serde(default, deserialize_with = "stated")]
    #[validate(nested)]
    text: Option<Prose<10_000>>,
    #[serde(default, deserialize_with = "stated")]
    at: Option<Instant>,
    #[serde(default, deserialize_with = "stated")]
    pinned: Option<bool>,
    #[serde(default, deserialize_with = "stated")]
    #[validate(nested)]
    mentions: Option<Mentions>,
}

impl NoteUpdate {
    fn is_of_the_author(&self) -> bool {
        self.kind.is_some() || self.text.is_some() || self.at.is_some() || self.mentions.is_some()
    }
}

/// Write a note about a record. A record has at most 1000 notes.
#[utoipa::path(post, path = "/{kind}/{id}", operation_id = "createNote", tag = "notes",
    params(("kind" = Kind, Path), ("id" = Uuid, Path)), request_body = NoteCreate,
    responses((status = 201, body = Note), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    OfRecord(kind, id): OfRecord,
    Body(input): Body<NoteCreate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(kind.writing())?;
    let act = Act::begin(&app, &caller, request.as_str());
    let active = app.people.active(&app.db).await?;
    let made = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let holder = holder::load(&mut tx, &caller.scope(), kind, id).await?;
        let mut count = sql("SELECT COUNT(*) FROM notes WHERE record_kind = ? AND record_id = ?");
        count.arg(kind.word()).arg(holder.id);
        if count.scalar::<i64>(&mut tx).await? >= MOST {
            return Err(Error::new(ErrorKind::Conflict, text("Limite atteinte", "Limit reached"))
                .detail(text("Une fiche a au plus 1000 notes.", "A record has at most 1000 notes.")));
        }
        let note = NoteId::generate();
        let mut insert = sql(
            "INSERT INTO notes (id, record_kind, record_id, kind, text, pinned, at, author_id, created_at, updated_at, version) VALUES ",
        );
        insert.rows([[
            note.into(),
            kind.word().into(),
            holder.id.into(),
            <&str>::from(input.kind).into(),
            input.text.as_str().into(),
            input.pinned.into(),
            input.at.unwrap_or(act.now).into(),
            caller.id.into(),
            act.now.into(),
            act.now.into(),
            1i64.into(),
        ]]);
        insert.execute(&mut tx).await?;
        mention(&mut tx, &holder, &active, note, &input.mentions).await?;
        let note = read::one(&mut tx, &holder, note).await?;
        announce(&mut tx, act, &holder, None, Some(&note)).await?;
        idempotency::done(&mut tx, StatusCode::CREATED, None).await?;
        tx.commit().await?;
        Ok::<_, Error>(note)
    });
    let note = made.await?;
    app.jobs.wake();
    let place = format!("/api/notes/{}/{id}/{}", kind.word(), note.id);
    Ok((StatusCode::CREATED, AppendHeaders([(LOCATION, place)]), Json(note)))
}

/// Change a note, or pin it. Anybody who may write notes here may pin; the rest is up to the author.
#[utoipa::path(patch, path = "/{kind}/{id}/{note}", operation_id = "updateNote", tag = "notes",
    params(("kind" = Kind, Path), ("id" = Uuid, Path), ("note" = Uuid, Path), ("If-Match" = String, Header, description = "The version seen")),
    request_body = NoteUpdate,
    responses((status = 200, body = Note), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 412, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn patch(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    OfRecordPart(kind, id, note): OfRecordPart<NoteId>,
    IfMatch(seen): IfMatch,
    Body(input): Body<NoteUpdate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(kind.writing())?;
    let act = Act::begin(&app, &caller, request.as_str());
    let active = app.people.active(&app.db).await?;
    let changed = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let holder = holder::load(&mut tx, &caller.scope(), kind, id).await?;
        let before = read::one(&mut tx, &holder, note).await?;
        if input.is_of_the_author() && before.author.id != caller.id {
            return Err(forbidden());
        }
        let mut update = sql("UPDATE notes SET version = version + 1, updated_at = ?").bind(act.now);
        set(&mut update, &input);
        update.push(" WHERE id = ? AND version = ?").arg(note).arg(seen);
        if before.version != seen || update.execute(&mut tx).await? != 1 {
            return Err(stale(&before, vec!["version".to_owned()]));
        }
        if let Some(mentions) = &input.mentions {
            sql("DELETE FROM note_mentions WHERE note_id = ?").bind(note).execute(&mut tx).await?;
            mention(&mut tx, &holder, &active, note, mentions).await?;
        }
        let after = read::one(&mut tx, &holder, note).await?;
        announce(&mut tx, act, &holder, Some(&before), Some(&after)).await?;
        idempotency::done(&mut tx, StatusCode::OK, None).await?;
        tx.commit().await?;
        Ok::<_, Error>(after)
    });
    let note = changed.await?;
    app.jobs.wake();
    Ok((AppendHeaders([(ETAG, etag(&note))]), Json(note)))
}

/// Delete a note. Only its author may. The journal keeps its beginning.
#[utoipa::path(delete, path = "/{kind}/{id}/{note}", operation_id = "deleteNote", tag = "notes",
    params(("kind" = Kind, Path), ("id" = Uuid, Path), ("note" = Uuid, Path), ("If-Match" = String, Header, description = "The version seen")),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 412, body = ProblemBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    OfRecordPart(kind, id, note): OfRecordPart<NoteId>,
    IfMatch(seen): IfMatch,
) -> ApiResult<StatusCode> {
    caller.require(kind.writing())?;
    let act = Act::begin(&app, &caller, request.as_str());
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let holder = holder::load(&mut tx, &caller.scope(), kind, id).await?;
        let before = read::one(&mut tx, &holder, note).await?;
        if before.author.id != caller.id {
            return Err(forbidden());
        }
        sql("DELETE FROM note_mentions WHERE note_id = ?").bind(note).execute(&mut tx).await?;
        let gone = sql("DELETE FROM notes WHERE id = ? AND version = ?").bind(note).bind(seen).execute(&mut tx).await?;
        if gone != 1 {
            return Err(stale(&before, vec!["version".to_owned()]));
        }
        announce(&mut tx, act, &holder, Some(&before), None).await?;
        idempotency::done(&mut tx, StatusCode::NO_CONTENT, None).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    app.jobs.wake();
    Ok(StatusCode::NO_CONTENT)
}

fn etag(note: &Note) -> String {
    format!("\"{}\"", note.version)
}

/// `, column = ?` for what is given.
fn set(update: &mut Sql, input: &NoteUpdate) {
    if let Some(kind) = input.kind {
        update.push(", kind = ?").arg(<&str>::from(kind));
    }
    if let Some(text) = &input.text {
        update.push(", text = ?").arg(text.as_str());
    }
    if let Some(at) = input.at {
        update.push(", at = ?").arg(at);
    }
    if let Some(pinned) = input.pinned {
        update.push(", pinned = ?").arg(pinned);
    }
}

/// Notes whom the note mentions. Only active people who see the record can be.
async fn mention(
    tx: &mut Conn,
    holder: &Holder,
    active: &[Person],
    note: NoteId,
    mentioned: &[RecordId],
) -> Result<()> {
    let mentioned: BTreeSet<UserId> = mentioned.iter().map(|person| person.0.into()).collect();
    for id in &mentioned {
        let person = active.iter().find(|person| person.id == *id);
        let sees = match person {
            Some(person) => holder::seen_by(tx, person, holder.kind, holder.id).await?,
            None => false,
        };
        if !sees {
            let name = person.map_or_else(|| id.to_string(), |person| person.name.clone());
            let message = text(format!("{name} ne voit pas cette fiche."), format!("{name} does not see this record."));
            return Err(invalid(vec![field("/mentions", "unseen", message)]));
        }
    }
    if !mentioned.is_empty() {
        let mut insert = sql("INSERT INTO note_mentions (note_id, user_id) VALUES ");
        insert.rows(mentioned.into_iter().map(|person| [note.into(), person.into()]));
        insert.execute(tx).await?;
    }
    Ok(())
}

/// Writes the line of the journal and the event, in the transaction of the change. The event names whom the note newly
/// mentions.
async fn announce(
    tx: &mut Conn,
    act: Act<'_>,
    holder: &Loaded<Holder>,
    before: Option<&Note>,
    after: Option<&Note>,
) -> Result<()> {
    let beginning = |note: &Note| note.text.chars().take(SHOWN).collect::<String>();
    let (from, to) = (before.map(beginning), after.map(beginning));
    if from != to {
        Change::by(act.caller, act.correlation_id, holder.subject.clone(), Some(holder.site))
            .record(tx, journal::Activity::Edited, vec![journal::field("note", from, to)])
            .await?;
    }
    let known: Vec<UserId> = before.iter().flat_map(|note| &note.mentions).map(|person| person.id).collect();
    let told = after.iter().flat_map(|note| &note.mentions).map(|person| person.id).filter(|id| !known.contains(id));
    let shown = after.or(before);
    let data = json!({
        "kind": holder.kind, "id": holder.id, "opens": holder.opens, "label": holder.label, "note": shown.map(|note| note.id), "author": act.caller.name,
        "text": shown.map(beginning), "mentions": told.collect::<Vec<_>>(),
    });
    let name = match (before, after) {
        (None, _) => "note.written",
        (_, Some(_)) => "note.changed",
        (_, None) => "note.deleted",
    };
    act.emit(tx, name, holder.site, holder.about, data).await
}
