//! Attaches, renames, replaces and removes files of a record.

use afpi_db::{Conn, Tx};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{AppendHeaders, IntoResponse};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use validator::Validate;

use super::describe::{self, Attachment};
use super::holder::{self, Holder, Kind, OfAttachment, OfRecord, OfRecordPart};
use super::read::answer;
use super::{MOST, MOST_VERSIONS, store};
use crate::antivirus::FileState;
use crate::preuves;
use afpi_core::clock::Day;
use afpi_core::error::{Error, ErrorKind, Result, field, invalid, stale};
use afpi_core::id::{LocalisationId, UploadId, UserId};
use afpi_core::scope::Loaded;
use afpi_core::text::text;
use afpi_files::MediaType;
use afpi_http::input::{Body, IfMatch, stated};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::{Line, filled, refilled};
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{self, Change};
use afpi_platform::state::App;

/// Attaches an upload.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AttachmentCreate {
    /// An upload of the caller that is not attached yet.
    #[schema(value_type = Uuid)]
    pub upload_id: UploadId,
    /// Default: the name it was uploaded under.
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub name: Option<Line<200>>,
    /// Of an opportunité: a section of its workflow.
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub section: Option<Line<60>>,
    /// Of an opportunité with a section: the piece of its checklist that the file is. Of an opportunité or a session
    /// without one: the evidence that it is.
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub piece: Option<Line<60>>,
    /// Of a trainer: the last day on which it is valid.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub expires_on: Option<Day>,
}

/// What may change without another file.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachmentUpdate {
    #[serde(default, deserialize_with = "stated")]
    #[validate(nested)]
    pub name: Option<Line<200>>,
    #[serde(default, deserialize_with = "refilled")]
    #[validate(nested)]
    pub section: Option<Option<Line<60>>>,
    #[serde(default, deserialize_with = "refilled")]
    #[validate(nested)]
    pub piece: Option<Option<Line<60>>>,
    #[serde(default, deserialize_with = "stated", rename = "expiresOn")]
    #[schema(value_type = Option<String>, format = Date)]
    pub expires_on: Option<Option<Day>>,
}

/// Another file in the place of the present one.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AttachmentReplace {
    /// An upload of the caller that is not attached yet.
    #[schema(value_type = Uuid)]
    pub upload_id: UploadId,
}

/// Attach an uploaded file to a record. A record has at most 500 files.
#[utoipa::path(post, path = "/{kind}/{id}", operation_id = "createAttachment", tag = "attachments",
    params(("kind" = Kind, Path), ("id" = Uuid, Path)), request_body = AttachmentCreate,
    responses((status = 201, body = Attachment), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody), (status = 502, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    OfRecord(kind, id): OfRecord,
    Body(input): Body<AttachmentCreate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(kind.writing())?;
    let site = holder::load_writable(&mut app.db.read().await?, &caller, kind, id).await?.site;
    let (section, piece) = (input.section.as_deref(), input.piece.as_deref());
    check_place(&app, kind, site, section, piece).await?;
    check_expiry(kind, input.expires_on)?;
    let act = Act::begin(&app, &caller, request.as_str());
    let made = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let holder = holder::load_writable(&mut tx, &caller, kind, id).await?;
        if store::count(&mut tx, &holder).await? >= MOST {
            return Err(full(text("Une fiche a au plus 500 fichiers.", "A record has at most 500 files.")));
        }
        let upload = take(&mut tx, &caller, input.upload_id).await?;
        let name = input.name.as_deref().unwrap_or(&upload.name);
        fits(name, &upload.media_type)?;
        let (user, now) = (caller.id, act.now);
        let new = store::New { name, section, piece, expires_on: input.expires_on };
        let made = store::insert(&mut tx, &holder, new, &upload.sha256, user, now).await?;
        let attachment = describe::one(&mut tx, &holder, made).await?;
        announce(&mut tx, act, &holder, "attachment.added", None, Some(&attachment)).await?;
        idempotency::done(&mut tx, StatusCode::CREATED, Some(place(&holder, &attachment))).await?;
        tx.commit().await?;
        Ok::<_, Error>((place(&holder, &attachment), attachment))
    });
    let (location, attachment) = made.await?;
    app.jobs.wake();
    Ok((StatusCode::CREATED, AppendHeaders([(LOCATION, location)]), Json(attachment)))
}

/// Rename a file, or say where in the opportunité it belongs.
#[utoipa::path(patch, path = "/{kind}/{id}/{attachment}", operation_id = "updateAttachment", tag = "attachments",
    params(("kind" = Kind, Path), ("id" = Uuid, Path), ("attachment" = Uuid, Path), ("If-Match" = String, Header, description = "The version seen")),
    request_body = AttachmentUpdate,
    responses((status = 200, body = Attachment), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 502, body = ProblemBody)))]
pub(super) async fn patch(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    OfRecordPart(kind, id, attachment): OfAttachment,
    IfMatch(seen): IfMatch,
    Body(input): Body<AttachmentUpdate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(kind.writing())?;
    let (site, current) = {
        let mut conn = app.db.read().await?;
        let holder = holder::load_writable(&mut conn, &caller, kind, id).await?;
        (holder.site, describe::one(&mut conn, &holder, attachment).await?)
    };
    let mut wanted = current.clone();
    wanted.name = input.name.map_or(wanted.name, Into::into);
    wanted.section = input.section.map_or(wanted.section, |section| section.map(Into::into));
    wanted.piece = input.piece.map_or(wanted.piece, |piece| piece.map(Into::into));
    wanted.expires_on = input.expires_on.unwrap_or(wanted.expires_on);
    check_expiry(kind, wanted.expires_on)?;
    fits(&wanted.name, &wanted.file.media_type)?;
    if wanted.section != current.section || wanted.piece != current.piece {
        check_place(&app, kind, site, wanted.section.as_deref(), wanted.piece.as_deref()).await?;
    }
    let act = Act::begin(&app, &caller, request.as_str());
    let written = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let holder = holder::load_writable(&mut tx, &caller, kind, id).await?;
        let before = describe::one(&mut tx, &holder, attachment).await?;
        if before.version != seen || !store::update(&mut tx, &holder, &before, &wanted).await? {
            return Err(lost_race(&before));
        }
        finish(tx, act, &holder, "attachment.renamed", &before).await
    });
    let written = written.await?;
    app.jobs.wake();
    Ok(answer(written))
}

/// Replace a file by a new version. The former versions stay, at most 100 of them. The name stays; the new content must
/// fit it.
#[utoipa::path(post, path = "/{kind}/{id}/{attachment}/versions", operation_id = "replaceAttachment", tag = "attachments",
    params(("kind" = Kind, Path), ("id" = Uuid, Path), ("attachment" = Uuid, Path), ("If-Match" = String, Header, description = "The version seen")),
    request_body = AttachmentReplace,
    responses((status = 200, body = Attachment), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 412, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn replace(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    OfRecordPart(kind, id, attachment): OfAttachment,
    IfMatch(seen): IfMatch,
    Body(input): Body<AttachmentReplace>,
) -> ApiResult<impl IntoResponse> {
    caller.require(kind.writing())?;
    let act = Act::begin(&app, &caller, request.as_str());
    let written = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let holder = holder::load_writable(&mut tx, &caller, kind, id).await?;
        let before = describe::one(&mut tx, &holder, attachment).await?;
        if before.version != seen {
            return Err(lost_race(&before));
        }
        if before.versions.len() as i64 >= MOST_VERSIONS {
            return Err(full(text("Un fichier a au plus 100 versions.", "A file has at most 100 versions.")));
        }
        let upload = take(&mut tx, &caller, input.upload_id).await?;
        fits(&before.name, &upload.media_type)?;
        let (user, now) = (caller.id, act.now);
        if !store::replace(&mut tx, &holder, &before, &upload.sha256, user, now).await? {
            return Err(lost_race(&before));
        }
        finish(tx, act, &holder, "attachment.replaced", &before).await
    });
    let written = written.await?;
    app.jobs.wake();
    Ok(answer(written))
}

/// Remove a file with all its versions. The journal keeps its name and its hash.
#[utoipa::path(delete, path = "/{kind}/{id}/{attachment}", operation_id = "deleteAttachment", tag = "attachments",
    params(("kind" = Kind, Path), ("id" = Uuid, Path), ("attachment" = Uuid, Path), ("If-Match" = String, Header, description = "The version seen")),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 412, body = ProblemBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    OfRecordPart(kind, id, attachment): OfAttachment,
    IfMatch(seen): IfMatch,
) -> ApiResult<StatusCode> {
    caller.require(kind.writing())?;
    let act = Act::begin(&app, &caller, request.as_str());
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let holder = holder::load_writable(&mut tx, &caller, kind, id).await?;
        let before = describe::one(&mut tx, &holder, attachment).await?;
        if before.version != seen || !store::remove(&mut tx, &holder, &before, act.now).await? {
            return Err(lost_race(&before));
        }
        announce(&mut tx, act, &holder, "attachment.removed", Some(&before), None).await?;
        idempotency::done(&mut tx, StatusCode::NO_CONTENT, None).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    app.jobs.wake();
    Ok(StatusCode::NO_CONTENT)
}

/// Tells a change of a file and commits it. Returns the file as it is now.
async fn finish(
    mut tx: Tx,
    act: Act<'_>,
    holder: &Loaded<Holder>,
    event: &str,
    before: &Attachment,
) -> Result<Attachment> {
    let after = describe::one(&mut tx, holder, before.id).await?;
    announce(&mut tx, act, holder, event, Some(before), Some(&after)).await?;
    idempotency::done(&mut tx, StatusCode::OK, Some(place(holder, &after))).await?;
    tx.commit().await?;
    Ok(after)
}

fn place(holder: &Holder, attachment: &Attachment) -> String {
    format!("/api/attachments/{}/{}/{}", holder.kind.word(), holder.id, attachment.id)
}

fn full(detail: afpi_core::text::Text) -> Error {
    Error::new(ErrorKind::Conflict, text("Limite atteinte", "Limit reached")).detail(detail)
}

fn lost_race(current: &Attachment) -> Error {
    stale(current, vec!["version".to_owned()])
}

/// The caller's upload; refused when it is somebody else's, attached, gone or quarantined.
pub(crate) async fn take(tx: &mut Conn, caller: &Caller, id: UploadId) -> Result<store::UploadRow> {
    let refused = |code, message| invalid(vec![field("/uploadId", code, message)]);
    let Some(upload) = store::take_upload(tx, id, caller.id).await? else {
        let message = text(
            "Cet envoi n'existe pas ou plus, ou a déjà été joint.",
            "There is no such upload any more, or it is attached already.",
        );
        return Err(refused("unknown", message));
    };
    if FileState::of(upload.scan.as_deref()) == FileState::Quarantined {
        let message =
            text("L'antivirus a mis ce fichier en quarantaine.", "The virus scanner has quarantined this file.");
        return Err(refused("quarantined", message));
    }
    Ok(upload)
}

/// The content of a person's upload, which from now on belongs to something else; none when it is gone or quarantined.
pub(crate) async fn release(tx: &mut Conn, id: UploadId, user: UserId) -> Result<Option<String>> {
    let upload = store::take_upload(tx, id, user).await?;
    let clean = |upload: &store::UploadRow| FileState::of(upload.scan.as_deref()) != FileState::Quarantined;
    Ok(upload.filter(clean).map(|upload| upload.sha256))
}

/// Attaches a content that is there to a record. The error says in a word why it cannot be: the record has as many files as
/// it may.
pub(crate) async fn add(
    tx: &mut Conn,
    act: Act<'_>,
    holder: &Loaded<Holder>,
    name: &str,
    sha256: &str,
) -> Result<std::result::Result<(), &'static str>> {
    if store::count(tx, holder).await? >= MOST {
        return Ok(Err("full"));
    }
    let new = store::New { name, section: None, piece: None, expires_on: None };
    let made = store::insert(tx, holder, new, sha256, act.caller.id, act.now).await?;
    let attachment = describe::one(tx, holder, made).await?;
    announce(tx, act, holder, "attachment.added", None, Some(&attachment)).await?;
    Ok(Ok(()))
}

/// A name leads nowhere, and does not contradict the content.
fn fits(name: &str, mime: &str) -> Result<()> {
    let ending = MediaType::of(mime).is_some_and(|media| media.contradicts(name));
    let problem = if afpi_files::tidy(name) != name {
        ("file-name", text("Ce nom ne peut pas être celui d'un fichier.", "A file cannot have this name."))
    } else if ending {
        ("name-and-content", text("L'extension ne correspond pas au contenu.", "The ending does not fit the content."))
    } else {
        return Ok(());
    };
    Err(invalid(vec![field("/name", problem.0, problem.1)]))
}

/// Only an opportunité has sections, and only those of its workflow. A piece belongs to one.
async fn check_place(
    app: &App,
    kind: Kind,
    site: LocalisationId,
    section: Option<&str>,
    piece: Option<&str>,
) -> Result<()> {
    let problem = |at: &str| {
        let message = match at {
            "/piece" => text("Cette pièce n'existe pas ici.", "There is no such piece here."),
            _ => text("Cette section n'existe pas ici.", "There is no such section here."),
        };
        invalid(vec![field(at, "unknown", message)])
    };
    match (section, piece) {
        (None, None) => Ok(()),
        (None, Some(piece)) => {
            let proves = matches!(kind, Kind::Opportunites | Kind::Sessions) && preuves::referentiel::takes(piece);
            if proves { Ok(()) } else { Err(problem("/piece")) }
        }
        (Some(_), _) if kind != Kind::Opportunites => Err(problem("/section")),
        (Some(section), _) => {
            let (_, definition) = app.plugins.workflow(site).await?;
            let section = definition.section(section).ok_or_else(|| problem("/section"))?;
            let known = |piece: &str| section.checklist.as_ref().is_none_or(|list| list.knows(piece));
            if piece.is_none_or(known) { Ok(()) } else { Err(problem("/piece")) }
        }
    }
}

/// Only what a trainer holds expires.
fn check_expiry(kind: Kind, day: Option<Day>) -> Result<()> {
    if day.is_none() || kind == Kind::Formateurs {
        return Ok(());
    }
    let message = text("Seul un fichier de formateur a une date de validité.", "Only a file of a trainer expires.");
    Err(invalid(vec![field("/expiresOn", "unknown", message)]))
}

/// Writes the line of the journal and the event, in the transaction of the change.
async fn announce(
    tx: &mut Conn,
    act: Act<'_>,
    holder: &Holder,
    name: &str,
    before: Option<&Attachment>,
    after: Option<&Attachment>,
) -> Result<()> {
    let told = changes(before, after);
    if told.is_empty() {
        return Ok(());
    }
    Change::by(act.caller, act.correlation_id, holder.subject.clone(), Some(holder.site))
        .record(tx, journal::Activity::Edited, told)
        .await?;
    let shown = after.or(before);
    let data = json!({
        "kind": holder.kind, "id": holder.id, "attachment": shown.map(|a| a.id), "name": shown.map(|a| &a.name),
        "section": shown.and_then(|a| a.section.as_ref()), "piece": shown.and_then(|a| a.piece.as_ref()),
        "mediaType": shown.map(|a| &a.file.media_type), "sha256": shown.map(|a| &a.file.sha256),
    });
    act.emit(tx, name, holder.site, holder.about, data).await
}

/// The fields that the journal shows: name, place and hash of a file, where they differ.
fn changes(before: Option<&Attachment>, after: Option<&Attachment>) -> Vec<Value> {
    let place = |a: &Attachment| {
        [a.section.as_deref(), a.piece.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" / ")
    };
    let mut told = Vec::new();
    let mut tell = |name: &str, of: &dyn Fn(&Attachment) -> String| {
        let value = |a: Option<&Attachment>| a.map(of).filter(|value| !value.is_empty());
        let (from, to) = (value(before), value(after));
        if from != to {
            told.push(journal::field(name, from, to));
        }
    };
    tell("attachment", &|a| a.name.clone());
    tell("attachmentPlace", &place);
    tell("attachmentExpiry", &|a| a.expires_on.map(|day| day.to_string()).unwrap_or_default());
    tell("attachmentSha256", &|a| a.file.sha256.clone());
    // A new version of the same name would not say which file it is.
    if let (Some(before), Some(after)) = (before, after)
        && before.name == after.name
        && !told.is_empty()
    {
        told.insert(0, journal::field("attachment", before.name.as_str(), after.name.as_str()));
    }
    told
}
