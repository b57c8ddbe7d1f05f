//! `POST /api/preuves`, `GET /api/preuves/exports/{id}` and `GET /api/preuves/archives/{id}/content`.

use afpi_files::{Content, Entry};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::facts::{self, Facts};
use super::store::{self, ArchiveRow, NewArchive};
use super::{Kind, dossier, plan};
use crate::content::{self, Binary};
use afpi_core::error::{Error, ErrorKind, Result, not_found};
use afpi_core::id::{PreuveArchiveId, PreuveExportId};
use afpi_core::text::{Text, text};
use afpi_http::body::Holding;
use afpi_http::bounds::List;
use afpi_http::input::{self, Id};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{Activity, Change, Subject, field};
use afpi_platform::state::App;

/// Dossiers that are wanted as archives.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreuveExportCreate {
    #[validate(nested)]
    subjects: Trainings,
}

/// The trainings of one request.
pub type Trainings = List<Training, 50>;

/// An opportunité or a session.
#[derive(Debug, Clone, Copy, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Training {
    kind: Kind,
    id: Uuid,
}

/// Archives that are being written, or are there.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreuveExport {
    #[schema(value_type = Uuid)]
    id: PreuveExportId,
    /// How many archives are over, and how many there are.
    done: usize,
    total: usize,
    archives: Vec<PreuveArchive>,
}

/// One archive.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreuveArchive {
    #[schema(value_type = Uuid)]
    id: PreuveArchiveId,
    #[schema(value_type = Kind)]
    kind: String,
    record_id: Uuid,
    /// The number of the record.
    label: String,
    percent: i64,
    /// `waiting`, `ready` or `failed`.
    state: &'static str,
    /// Why it failed.
    problem: Option<Text>,
    /// Bytes.
    size: Option<i64>,
    /// In hexadecimal digits.
    sha256: Option<String>,
}

/// Write archives of dossiers de preuve: ZIP files with a manifest of hashes. The answer comes before they are written.
/// They are kept for a week, for who asked.
#[utoipa::path(post, path = "/", operation_id = "createPreuveExport", tag = "preuves", request_body = PreuveExportCreate,
    responses((status = 202, body = PreuveExport), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    input::Body(input): input::Body<PreuveExportCreate>,
) -> ApiResult<(StatusCode, Json<PreuveExport>)> {
    let act = Act::begin(&app, &caller, request.as_str());
    let mut archives = Vec::with_capacity(input.subjects.len());
    let mut told = Vec::with_capacity(input.subjects.len());
    for Training { kind, id } in input.subjects.iter().copied() {
        let facts = facts::read(&app, &caller, kind, id).await?;
        let preuves = dossier::weigh(&facts, act.now.day());
        let plan = plan::plan(&facts, &preuves, &caller.name, act.now);
        told.push((subject(&facts), facts.site, plan.entries.len()));
        archives.push(NewArchive { kind, id, label: facts.label, percent: preuves.percent, plan });
    }
    let id = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        for (subject, site, files) in &told {
            let files = i64::try_from(*files).unwrap_or(i64::MAX);
            Change::by(&caller, act.correlation_id, subject.clone(), Some(*site))
                .record(&mut tx, Activity::Exported, vec![field("preuves", None::<i64>, files)])
                .await?;
        }
        let id = store::insert(&mut tx, caller.id, &archives, act.now, act.correlation_id).await?;
        idempotency::done(&mut tx, StatusCode::ACCEPTED, None).await?;
        tx.commit().await?;
        Ok::<_, Error>(id)
    })
    .await?;
    app.jobs.wake();
    let export = read(&app, &caller, id).await?;
    Ok((StatusCode::ACCEPTED, Json(export)))
}

fn subject(facts: &Facts) -> Subject {
    match facts.kind {
        Kind::Opportunites => Subject::Opportunite(facts.id.into()),
        Kind::Sessions => Subject::Session(facts.id.into()),
    }
}

/// Read how far an export is. Only who asked for it may.
#[utoipa::path(get, path = "/exports/{id}", operation_id = "getPreuveExport", tag = "preuves", params(("id" = Uuid, Path)),
    responses((status = 200, body = PreuveExport), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<PreuveExportId>,
) -> ApiResult<Json<PreuveExport>> {
    Ok(Json(read(&app, &caller, id).await?))
}

async fn read(app: &App, caller: &Caller, id: PreuveExportId) -> Result<PreuveExport> {
    let rows = store::of(&mut app.db.read().await?, id, caller.id).await?;
    if rows.is_empty() {
        return Err(not_found());
    }
    let archives: Vec<PreuveArchive> = rows.into_iter().map(show).collect();
    let done = archives.iter().filter(|archive| archive.state != "waiting").count();
    Ok(PreuveExport { id, done, total: archives.len(), archives })
}

fn show(row: ArchiveRow) -> PreuveArchive {
    let state = match (&row.sha256, &row.problem) {
        (Some(_), _) => "ready",
        (None, Some(_)) => "failed",
        (None, None) => "waiting",
    };
    PreuveArchive {
        id: row.id,
        kind: row.record_kind,
        record_id: row.record_id,
        label: row.label,
        percent: row.percent,
        state,
        problem: row.problem.as_deref().map(words),
        size: row.size,
        sha256: row.sha256,
    }
}

fn words(problem: &str) -> Text {
    match problem {
        "gone" => text(
            "Un fichier a été retiré entre-temps : demandez le dossier de nouveau.",
            "A file was removed meanwhile: ask for the dossier again.",
        ),
        "unscanned" => text(
            "Un fichier attend encore l'antivirus : demandez le dossier de nouveau plus tard.",
            "A file still waits for the virus scanner: ask for the dossier again later.",
        ),
        "too_large" => text("Le dossier est trop lourd.", "The dossier is too large."),
        _ => text("Le dossier n'a pas pu être écrit.", "The dossier could not be written."),
    }
}

/// Download all archives of an export in one ZIP. Only who asked for it may, while the records are still in scope. While
/// one is being written the answer is 409; those that failed are left out.
#[utoipa::path(get, path = "/exports/{id}/content", operation_id = "downloadPreuveExport", tag = "preuves",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Binary, content_type = "application/zip"), (status = 401, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(super) async fn contents(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<PreuveExportId>,
) -> ApiResult<Response> {
    let mut conn = app.db.read().await?;
    let rows = store::of(&mut conn, id, caller.id).await?;
    if rows.iter().any(|row| row.sha256.is_none() && row.problem.is_none()) {
        let title = text("Les dossiers sont en cours d'écriture", "The dossiers are being written");
        return Err(Error::new(ErrorKind::Conflict, title).into());
    }
    let keys = content::keys(&mut conn, rows.iter().filter_map(|row| row.sha256.as_deref())).await?;
    drop(conn);
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        let kind = row.record_kind.parse().map_err(|_| not_found())?;
        facts::seen(&app, &caller, kind, row.record_id).await?;
        let Some(key) = row.sha256.and_then(|sha256| keys.get(&sha256)) else { continue };
        entries.push(Entry { folder: None, name: name(&row.label), content: Content::Kept(key.clone()) });
    }
    if entries.is_empty() {
        return Err(not_found().into());
    }
    let permit = app.transfers.take(caller.id)?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, content::attachment("preuves.zip")),
    ];
    let body = Body::from_stream(app.files.archive(entries));
    Ok((headers, Body::new(Holding::new(body, permit))).into_response())
}

/// The name of an archive.
fn name(label: &str) -> String {
    afpi_files::tidy(&format!("preuves-{label}.zip"))
}

/// Download an archive. Only who asked for it may, while the record is still in scope.
#[utoipa::path(get, path = "/archives/{id}/content", operation_id = "downloadPreuveArchive", tag = "preuves",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Binary, content_type = "application/zip"), (status = 401, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
pub(super) async fn content(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<PreuveArchiveId>,
) -> ApiResult<Response> {
    let row = store::one(&mut app.db.read().await?, id, caller.id).await?.ok_or_else(not_found)?;
    let kind = row.record_kind.parse().map_err(|_| not_found())?;
    facts::seen(&app, &caller, kind, row.record_id).await?;
    let sha256 = row.sha256.ok_or_else(not_found)?;
    let name = name(&row.label);
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, content::attachment(&name)),
    ];
    Ok((headers, content::send(&app, &caller, &sha256).await?).into_response())
}
