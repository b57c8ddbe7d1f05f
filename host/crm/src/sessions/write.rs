//! `POST /api/sessions`, `PATCH /api/sessions/{id}` and `PUT /api/sessions/{id}/stagiaires`.

use std::collections::BTreeSet;

use afpi_db::{Conn, DbError, Sql, Value, sql};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{ETAG, LOCATION};
use axum::response::{AppendHeaders, IntoResponse};

use super::input::{SessionCreate, SessionStagiaires, SessionUpdate, Status};
use super::read::{Record, SessionRow, answer, load, whole};
use super::{planning, store};
use crate::bpf::cadres::Objectif;
use crate::stagiaires;
use afpi_core::clock::{Day, Instant};
use afpi_core::collation;
use afpi_core::error::{Error, ErrorKind, FieldProblem, Result, field, invalid, stale};
use afpi_core::id::{SessionId, StagiaireId};
use afpi_core::rights::Action;
use afpi_core::scope::{Loaded, Scope};
use afpi_core::text::text;
use afpi_http::input::{Body, Id, IfMatch, required};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::feed::{Changed, noted};
use afpi_platform::idempotency;
use afpi_platform::journal::{self, Activity, Change, Subject};
use afpi_platform::localisations;
use afpi_platform::state::App;

/// Create a session. Plannings that name its number join it.
#[utoipa::path(post, path = "/", operation_id = "createSession", tag = "sessions", request_body = SessionCreate,
    responses((status = 201, body = Record), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Body(input): Body<SessionCreate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::SessionsWrite)?;
    let Some(site) = input.localisation_id.or(caller.sites.first().copied()) else {
        return Err(invalid(vec![required("/localisationId")]).into());
    };
    let capacity = (input.capacity_min.map(i64::from), input.capacity_max.map(i64::from));
    ordered(capacity)?;
    let mut tx = app.db.begin().await?;
    localisations::writable(&mut tx, &caller.scope(), site).await?;
    let new = store::New {
        site,
        numero: &input.numero,
        title: &input.title,
        programme: input.programme.as_deref(),
        capacity,
        objectif: input.objectif,
        specialite: input.specialite.as_deref(),
        status: Status::Prevue,
        standalone: true,
        now: Instant::now(),
    };
    let id = store::insert(&mut tx, &new).await.map_err(taken)?;
    let row = load(&mut tx, &Scope::All, id).await?;
    let session = whole(&mut tx, &caller.scope(), &row).await?;
    told(&row, &caller, &request).record(&mut tx, Activity::Created, differences(None, &row)).await?;
    idempotency::done(&mut tx, StatusCode::CREATED, Some(format!("/api/sessions/{id}"))).await?;
    tx.commit().await?;
    let headers = [(LOCATION, format!("/api/sessions/{id}")), (ETAG, format!("\"{}\"", session.version))];
    Ok((StatusCode::CREATED, AppendHeaders(headers), Json(session)))
}

/// Change a session. Its number belongs to the plannings that name it. A cancelled session gives its half-days back.
#[utoipa::path(patch, path = "/{id}", operation_id = "updateSession", tag = "sessions", request_body = SessionUpdate,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version read, in quotes.")),
    responses((status = 200, body = Record), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 412, body = ProblemBody), (status = 422, body = ProblemBody),
        (status = 428, body = ProblemBody)))]
pub(super) async fn patch(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<SessionId>,
    IfMatch(seen): IfMatch,
    Body(change): Body<SessionUpdate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::SessionsWrite)?;
    let scope = caller.scope();
    let mut tx = app.db.begin().await?;
    let current = load(&mut tx, &scope, id).await?;
    let before = whole(&mut tx, &scope, &current).await?;
    if current.version != seen || !update(&mut tx, &current, &change, Instant::now()).await? {
        return Err(lost(&before, &change).into());
    }
    let mut changes = times(&mut tx, &current, &before, &change).await?;
    let row = load(&mut tx, &Scope::All, id).await?;
    ordered((row.capacity_min, row.capacity_max))?;
    planning::follow_status(&mut tx, &current, &row).await?;
    changes.extend(differences(Some(&current), &row));
    if !changes.is_empty() {
        told(&row, &caller, &request).record(&mut tx, Activity::Edited, changes).await?;
    }
    let session = whole(&mut tx, &scope, &row).await?;
    idempotency::done(&mut tx, StatusCode::OK, Some(format!("/api/sessions/{id}"))).await?;
    tx.commit().await?;
    Ok(answer(session))
}

/// Choose the trainees who take part, among those of its opportunités that the caller may edit. Somebody whose
/// attendance is noted stays.
#[utoipa::path(put, path = "/{id}/stagiaires", operation_id = "putSessionStagiaires", tag = "sessions", request_body = SessionStagiaires,
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Record), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn put_stagiaires(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<SessionId>,
    Body(input): Body<SessionStagiaires>,
) -> ApiResult<Json<Record>> {
    caller.require(Action::StagiairesWrite)?;
    let scope = caller.scope();
    let sites = {
        let mut conn = app.db.read().await?;
        load(&mut conn, &scope, id).await?;
        stagiaires::rights::of_session(&mut conn, &scope, id).await?
    };
    let editable = stagiaires::rights::editable(&app, &caller, sites).await?;
    let session = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let row = load(&mut tx, &scope, id).await?;
        let before = whole(&mut tx, &scope, &row).await?;
        let mine = before.stagiaires.iter().filter(|person| editable.contains(&person.opportunite_id));
        let wanted: BTreeSet<StagiaireId> = input.stagiaire_ids.iter().map(|id| StagiaireId::from(id.0)).collect();
        let unknown = (0..).zip(input.stagiaire_ids.iter()).filter(|(_, wanted)| {
            !before.stagiaires.iter().any(|person| {
                person.id.uuid() == wanted.0 && (person.takes_part || editable.contains(&person.opportunite_id))
            })
        });
        let message = || text("Aucun stagiaire de cette session.", "No trainee of this session.");
        let unknown: Vec<FieldProblem> =
            unknown.map(|(at, _)| field(format!("/stagiaireIds/{at}"), "unknown", message())).collect();
        if !unknown.is_empty() {
            return Err(invalid(unknown));
        }
        for person in mine.filter(|person| person.takes_part != wanted.contains(&person.id)) {
            let numero = Some(row.numero.as_str());
            let (from, to) = if person.takes_part { (numero, None) } else { (None, numero) };
            if person.takes_part {
                remove(&mut tx, id, person.id).await?
            } else {
                add(&mut tx, id, person.id).await?
            }
            Change::by(&caller, request.as_str(), Subject::Stagiaire(person.id), Some(row.localisation_id))
                .record(&mut tx, Activity::Edited, vec![journal::field("sessions", from, to)])
                .await?;
        }
        let session = whole(&mut tx, &scope, &row).await?;
        idempotency::done(&mut tx, StatusCode::OK, Some(format!("/api/sessions/{id}"))).await?;
        tx.commit().await?;
        Ok::<_, Error>(session)
    })
    .await?;
    Ok(Json(session))
}

async fn add(tx: &mut Conn, session: SessionId, stagiaire: StagiaireId) -> Result<()> {
    sql("INSERT INTO session_stagiaires (session_id, stagiaire_id) VALUES (?, ?)")
        .bind(session)
        .bind(stagiaire)
        .execute(tx)
        .await
        .map_err(crate::reservations::collided)?;
    Ok(())
}

async fn remove(tx: &mut Conn, session: SessionId, stagiaire: StagiaireId) -> Result<()> {
    let noted = sql("SELECT COUNT(*) FROM attendance WHERE session_id = ? AND stagiaire_id = ?")
        .bind(session)
        .bind(stagiaire)
        .scalar::<i64>(tx)
        .await?;
    if noted > 0 {
        let title = text("Présences déjà saisies", "Attendance is noted already");
        let detail = text(
            "Un stagiaire dont la présence est saisie reste dans la session.",
            "A trainee whose attendance is noted stays in the session.",
        );
        return Err(Error::new(ErrorKind::Conflict, title).detail(detail));
    }
    sql("DELETE FROM session_stagiaires WHERE session_id = ? AND stagiaire_id = ?")
        .bind(session)
        .bind(stagiaire)
        .execute(tx)
        .await?;
    Ok(())
}

/// 422 when the fewest are more than the most.
fn ordered(capacity: (Option<i64>, Option<i64>)) -> Result<()> {
    match capacity {
        (Some(min), Some(max)) if min > max => Err(invalid(vec![field(
            "/capacityMax",
            "range",
            text("L'effectif maximal est inférieur au minimal.", "The most trainees are fewer than the fewest."),
        )])),
        _ => Ok(()),
    }
}

/// Sets what changes if the session still is as it was read; whether it was.
async fn update(
    tx: &mut Conn,
    current: &Loaded<SessionRow>,
    change: &SessionUpdate,
    now: Instant,
) -> afpi_db::Result<bool> {
    let mut query = sql("UPDATE sessions SET version = version + 1, updated_at = ?").bind(now);
    set(&mut query, current, change);
    query.push(" WHERE id = ?").arg(current.id).push(" AND version = ?").arg(current.version);
    noted(tx, [(Changed::Session, current.id.uuid())]).await?;
    Ok(query.execute(tx).await? == 1)
}

/// `, column = ?` for every changed column.
fn set(query: &mut Sql, current: &SessionRow, change: &SessionUpdate) {
    let mut column = |name: &'static str, value: Option<Value>| {
        if let Some(value) = value {
            query.push(", ").push(name).push(" = ?").arg(value);
        }
    };
    let title = change.title.as_deref();
    column("title", title.map(Into::into));
    column("title_key", title.map(|title| collation::key(title).into()));
    column("search", title.map(|title| store::words(&current.numero, title).into()));
    column("programme", change.programme.as_ref().map(Into::into));
    column("capacity_min", change.capacity_min.map(Into::into));
    column("capacity_max", change.capacity_max.map(Into::into));
    column("objectif", change.objectif.map(|objectif| objectif.map(Objectif::as_str).into()));
    column("specialite", change.specialite.as_ref().map(|code| code.as_deref().into()));
    column("status", change.status.map(|status| status.as_str().into()));
}

/// Sets the times of half-days, and whether they are at a distance. 422 for a half-day that the session does not have.
async fn times(
    tx: &mut Conn,
    current: &Loaded<SessionRow>,
    before: &Record,
    change: &SessionUpdate,
) -> Result<Vec<serde_json::Value>> {
    let (mut problems, mut changes) = (Vec::new(), Vec::new());
    for (at, times) in change.times.as_deref().unwrap_or_default().iter().enumerate() {
        let day = Day::from(times.day);
        let known = before.half_days.iter().find(|known| (known.day, known.half) == (day, times.half));
        let (Some(known), Some((start, end))) = (known, times.minutes()) else {
            let message = text("La session n'a pas cette demi-journée.", "The session does not have this half-day.");
            problems.push(field(format!("/times/{at}/day"), "unknown", message));
            continue;
        };
        let (from, to) = (format!("{}–{}", known.start, known.end), format!("{}–{}", &*times.start, &*times.end));
        let remote = times.remote.unwrap_or(known.remote);
        if from == to && remote == known.remote {
            continue;
        }
        sql("UPDATE session_half_days SET start_minute = ?, end_minute = ?, remote = ? WHERE session_id = ? AND day = ? AND half = ?")
            .bind(start)
            .bind(end)
            .bind(remote)
            .bind(current.id)
            .bind(day)
            .bind(times.half)
            .execute(tx)
            .await?;
        let place = format!("{day} {}", times.half.as_str());
        if from != to {
            changes.push(journal::field(&format!("times/{place}"), from, to));
        }
        if remote != known.remote {
            changes.push(journal::field(&format!("remote/{place}"), known.remote, remote));
        }
    }
    if problems.is_empty() { Ok(changes) } else { Err(invalid(problems)) }
}

fn told<'a>(session: &SessionRow, caller: &Caller, request: &'a RequestId) -> Change<'a> {
    Change::by(caller, request.as_str(), Subject::Session(session.id), Some(session.localisation_id))
}

/// The fields that people change.
fn differences(before: Option<&SessionRow>, after: &SessionRow) -> Vec<serde_json::Value> {
    let fields = |row: &SessionRow| {
        serde_json::json!({
            "numero": row.numero, "title": row.title, "programme": row.programme, "status": row.status,
            "capacityMin": row.capacity_min, "capacityMax": row.capacity_max, "objectif": row.objectif,
            "specialite": row.specialite,
        })
    };
    journal::differences(before.map(fields).as_ref(), Some(&fields(after)))
}

fn taken(error: DbError) -> Error {
    match error {
        DbError::Unique(_) => {
            Error::new(ErrorKind::Duplicate, text("Session déjà enregistrée", "Session already there")).fields(vec![
                field(
                    "/numero",
                    "duplicate",
                    text("Ce site a déjà une session de ce numéro.", "This site already has a session of this number."),
                ),
            ])
        }
        other => other.into(),
    }
}

/// 412 with the session as it is now, and the requested fields whose current value differs from the wanted one.
fn lost(current: &Record, change: &SessionUpdate) -> Error {
    let capacity = |wanted: &Option<Option<super::input::Capacity>>, now: Option<i64>| {
        wanted.as_ref().is_some_and(|wanted| wanted.map(i64::from) != now)
    };
    let programme = change.programme.as_ref().map(|wanted| wanted.as_deref());
    let differs = [
        ("title", change.title.as_deref().is_some_and(|title| title != current.title)),
        ("programme", programme.is_some_and(|wanted| wanted != current.programme.as_deref())),
        ("capacityMin", capacity(&change.capacity_min, current.capacity_min)),
        ("capacityMax", capacity(&change.capacity_max, current.capacity_max)),
        ("objectif", change.objectif.is_some_and(|objectif| objectif != current.objectif)),
        ("specialite", change.specialite.as_ref().is_some_and(|code| code.as_deref() != current.specialite.as_deref())),
        ("status", change.status.is_some_and(|status| status != current.status)),
    ];
    stale(current, differs.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned()).collect())
}
