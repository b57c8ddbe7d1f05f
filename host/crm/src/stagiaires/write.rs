//! `PATCH` and `DELETE /api/stagiaires/{id}`.

use afpi_db::{Conn, Sql, Value, sql};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::json;

use super::create::announce;
use super::input::{StagiaireUpdate, Status};
use super::read::{Record, StagiaireRow, answer, load, record};
use super::rights::{self, File};
use super::store;
use afpi_core::clock::{Day, Instant};
use afpi_core::collation;
use afpi_core::error::{Error, ErrorKind, Result, stale};
use afpi_core::id::StagiaireId;
use afpi_core::scope::{Loaded, Scope};
use afpi_core::text::text;
use afpi_http::input::{Body, Id, IfMatch};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::feed::{Changed, noted};
use afpi_platform::idempotency;
use afpi_platform::journal::{self, Activity, Change, Subject};
use afpi_platform::state::App;

/// Change a trainee.
#[utoipa::path(patch, path = "/{id}", operation_id = "updateStagiaire", tag = "stagiaires", request_body = StagiaireUpdate,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version read, in quotes.")),
    responses((status = 200, body = Record), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub(super) async fn patch(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<StagiaireId>,
    IfMatch(seen): IfMatch,
    Body(change): Body<StagiaireUpdate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(rights::WRITE)?;
    let act = Act::begin(&app, &caller, request.as_str());
    let file = allowed(act, id).await?;
    let scope = caller.scope();
    let mut tx = app.db.begin().await?;
    let current = load(&mut tx, &scope, id).await?;
    if current.version != seen || !update(&mut tx, &current, &change, act.now).await? {
        let now = record(&mut tx, &current, true).await?;
        return Err(stale(now, lost(&current, &change)).into());
    }
    let row = load(&mut tx, &Scope::All, id).await?;
    let changes = differences(Some(&current), Some(&row));
    if !changes.is_empty() {
        told(act, &file, id).record(&mut tx, Activity::Edited, changes).await?;
        announce(&mut tx, act, &file, "stagiaire.edited", 1).await?;
    }
    let stagiaire = record(&mut tx, &row, true).await?;
    idempotency::done(&mut tx, StatusCode::OK, Some(format!("/api/stagiaires/{id}"))).await?;
    tx.commit().await?;
    app.jobs.wake();
    Ok(answer(stagiaire))
}

/// Remove a trainee. 409 once attendance is noted.
#[utoipa::path(delete, path = "/{id}", operation_id = "deleteStagiaire", tag = "stagiaires",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version read, in quotes.")),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 412, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<StagiaireId>,
    IfMatch(seen): IfMatch,
) -> ApiResult<StatusCode> {
    caller.require(rights::WRITE)?;
    let act = Act::begin(&app, &caller, request.as_str());
    let file = allowed(act, id).await?;
    let mut tx = app.db.begin().await?;
    let current = load(&mut tx, &caller.scope(), id).await?;
    let noted = sql("SELECT COUNT(*) FROM attendance WHERE stagiaire_id = ?").bind(id).scalar::<i64>(&mut tx).await?;
    if noted > 0 {
        let title = text("Présences déjà saisies", "Attendance is noted already");
        let detail = text(
            "Un stagiaire dont la présence est saisie ne peut plus être retiré.",
            "A trainee whose attendance is noted can no longer be removed.",
        );
        return Err(Error::new(ErrorKind::Conflict, title).detail(detail).into());
    }
    if current.version != seen || !store::remove(&mut tx, &current, seen).await? {
        let now = record(&mut tx, &current, true).await?;
        return Err(stale(now, vec!["version".to_owned()]).into());
    }
    told(act, &file, id).record(&mut tx, Activity::Deleted, differences(Some(&current), None)).await?;
    announce(&mut tx, act, &file, "stagiaire.removed", 1).await?;
    idempotency::done(&mut tx, StatusCode::NO_CONTENT, None).await?;
    tx.commit().await?;
    app.jobs.wake();
    Ok(StatusCode::NO_CONTENT)
}

/// The opportunité of a trainee whom the caller may edit.
async fn allowed(act: Act<'_>, id: StagiaireId) -> Result<Loaded<File>> {
    let scope = act.caller.scope();
    let file = {
        let mut conn = act.app.db.read().await?;
        let of = load(&mut conn, &scope, id).await?.opportunite_id;
        rights::load(&mut conn, &scope, of).await?
    };
    rights::require(act.app, act.caller, &file).await?;
    Ok(file)
}

/// Sets what changes if the trainee still is as it was read; whether it was.
async fn update(
    tx: &mut Conn,
    current: &Loaded<StagiaireRow>,
    change: &StagiaireUpdate,
    now: Instant,
) -> afpi_db::Result<bool> {
    let mut query = sql("UPDATE stagiaires SET version = version + 1, updated_at = ?").bind(now);
    set(&mut query, current, change);
    query.push(" WHERE id = ?").arg(current.id).push(" AND version = ?").arg(current.version);
    noted(tx, [(Changed::Opportunite, current.opportunite_id.uuid())]).await?;
    Ok(query.execute(tx).await? == 1)
}

/// `, column = ?` for every changed column.
fn set(query: &mut Sql, current: &StagiaireRow, change: &StagiaireUpdate) {
    let mut column = |name: &'static str, value: Option<Value>| {
        if let Some(value) = value {
            query.push(", ").push(name).push(" = ?").arg(value);
        }
    };
    let (first, last) = (change.first_name.as_deref(), change.last_name.as_deref());
    let name = store::name(first.unwrap_or(&current.first_name), last.unwrap_or(&current.last_name));
    let company = change.company.as_ref().map_or(current.company.as_deref(), |company| company.as_deref());
    let email = change.email.as_ref().map_or(current.email.as_deref(), |email| email.as_deref());
    column("first_name", first.map(Into::into));
    column("last_name", last.map(Into::into));
    column("name_key", Some(collation::key(&name).into()));
    column("search", Some(store::words(&name, company, email).into()));
    column("name", Some(name.into()));
    column("birth_date", change.birth_date.map(|day| day.map(Day::from).into()));
    column("email", change.email.as_ref().map(Into::into));
    column("phone", change.phone.as_ref().map(Into::into));
    column("company", change.company.as_ref().map(Into::into));
    column("job", change.function.as_ref().map(Into::into));
    column("status", change.status.map(|status| status.map(Status::as_str).into()));
    column("needs", change.needs.as_ref().map(Into::into));
}

fn told<'a>(act: Act<'a>, file: &File, id: StagiaireId) -> Change<'a> {
    Change::by(act.caller, act.correlation_id, Subject::Stagiaire(id), Some(file.site))
}

/// The changed fields for the journal. Of special needs it tells only that they changed.
pub(super) fn differences(before: Option<&StagiaireRow>, after: Option<&StagiaireRow>) -> Vec<serde_json::Value> {
    let fields = |row: &StagiaireRow| {
        json!({
            "lastName": row.last_name, "firstName": row.first_name, "birthDate": row.birth_date, "email": row.email,
            "phone": row.phone, "company": row.company, "function": row.job, "status": row.status,
        })
    };
    let mut changes = journal::differences(before.map(fields).as_ref(), after.map(fields).as_ref());
    let needs = |row: Option<&StagiaireRow>| row.and_then(|row| row.needs.clone());
    let (from, to) = (needs(before), needs(after));
    if from != to {
        let word = |needs: Option<String>| needs.map(|_| "…");
        changes.push(journal::field("needs", word(from), word(to)));
    }
    changes
}

/// The requested fields whose current value differs from the wanted one.
fn lost(current: &StagiaireRow, change: &StagiaireUpdate) -> Vec<String> {
    fn text<R>(wanted: &Option<Option<afpi_http::texts::Checked<R>>>, now: &Option<String>) -> bool {
        wanted.as_ref().is_some_and(|wanted| wanted.as_deref() != now.as_deref())
    }
    let name = |wanted: Option<&str>, now: &str| wanted.is_some_and(|wanted| wanted != now);
    let differs = [
        ("lastName", name(change.last_name.as_deref(), &current.last_name)),
        ("firstName", name(change.first_name.as_deref(), &current.first_name)),
        ("birthDate", change.birth_date.is_some_and(|day| day.map(Day::from) != current.birth_date)),
        ("email", text(&change.email, &current.email)),
        ("phone", text(&change.phone, &current.phone)),
        ("company", text(&change.company, &current.company)),
        ("function", text(&change.function, &current.job)),
        ("status", change.status.is_some_and(|status| status != current.status)),
        ("needs", text(&change.needs, &current.needs)),
    ];
    differs.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned()).collect()
}
