//! `POST /api/formateurs` and `PATCH /api/formateurs/{id}`.

use afpi_db::{Conn, Sql, Value, sql};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{ETAG, LOCATION};
use axum::response::{AppendHeaders, IntoResponse};

use super::Formateur;
use super::input::{FormateurCreate, FormateurUpdate, Skills};
use super::leaving;
use super::read::{answer, load};
use super::{search, store};
use afpi_core::clock::Instant;
use afpi_core::collation;
use afpi_core::error::{Error, ErrorKind, Result, invalid, stale};
use afpi_core::id::FormateurId;
use afpi_core::rights::Action;
use afpi_core::scope::{Loaded, Scope};
use afpi_core::text::text;
use afpi_http::input::{Body, Id, IfMatch, required};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::feed::{Changed, noted};
use afpi_platform::idempotency;
use afpi_platform::journal::{Change, Subject};
use afpi_platform::localisations;
use afpi_platform::state::App;

/// Create a trainer.
#[utoipa::path(post, path = "/", operation_id = "createFormateur", tag = "formateurs", request_body = FormateurCreate,
    responses((status = 201, body = Formateur), (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Body(input): Body<FormateurCreate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::FormateursWrite)?;
    let (id, act) = (FormateurId::generate(), Act::begin(&app, &caller, request.as_str()));
    let mut tx = app.db.begin().await?;
    let formateur = add(&mut tx, act, id, &input).await?;
    idempotency::done(&mut tx, StatusCode::CREATED, Some(format!("/api/formateurs/{id}"))).await?;
    tx.commit().await?;
    let headers = [(LOCATION, format!("/api/formateurs/{id}")), (ETAG, format!("\"{}\"", formateur.version))];
    Ok((StatusCode::CREATED, AppendHeaders(headers), Json(formateur.into_inner())))
}

/// Change a trainer. Days that become unavailable must not be booked. A trainer who is deactivated with future
/// half-days needs a successor: without one the answer is 409 `successor-needed` with the files concerned in `left`.
#[utoipa::path(patch, path = "/{id}", operation_id = "updateFormateur", tag = "formateurs", request_body = FormateurUpdate,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version read, in quotes.")),
    responses((status = 200, body = Formateur), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub(super) async fn patch(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<FormateurId>,
    IfMatch(seen): IfMatch,
    Body(change): Body<FormateurUpdate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::FormateursWrite)?;
    let (scope, act) = (caller.scope(), Act::begin(&app, &caller, request.as_str()));
    let handing = if change.active == Some(false) {
        let current = load(&mut app.db.read().await?, &scope, id).await?;
        if current.version != seen {
            return Err(lost(&current, &change).into());
        }
        match current.active {
            true => leaving::prepare(act, id, change.successor_id).await?,
            false => None,
        }
    } else {
        None
    };
    let saved = afpi_db::retry(|| save(act, id, seen, &change, handing.as_ref())).await?;
    app.jobs.wake();
    Ok(answer(saved))
}

/// Makes the change in one transaction.
async fn save(
    act: Act<'_>,
    id: FormateurId,
    seen: i64,
    change: &FormateurUpdate,
    handing: Option<&leaving::Handing>,
) -> Result<Loaded<Formateur>> {
    let mut tx = act.app.db.begin().await?;
    let current = load(&mut tx, &act.caller.scope(), id).await?;
    if current.version != seen {
        return Err(lost(&current, change));
    }
    if current.active && change.active == Some(false) {
        leaving::hand_over(&mut tx, act, id, handing).await?;
    }
    let formateur = edit(&mut tx, act, &current, change).await?;
    idempotency::done(&mut tx, StatusCode::OK, Some(format!("/api/formateurs/{id}"))).await?;
    tx.commit().await?;
    Ok(formateur)
}

/// Adds a trainer at a site of somebody who may write trainers there, with the line of the journal.
pub async fn add(tx: &mut Conn, act: Act<'_>, id: FormateurId, new: &FormateurCreate) -> Result<Loaded<Formateur>> {
    act.caller.require(Action::FormateursWrite)?;
    let Some(site) = new.localisation_id.or(act.caller.sites.first().copied()) else {
        return Err(invalid(vec![required("/localisationId")]));
    };
    localisations::writable(tx, &act.caller.scope(), site).await?;
    store::insert(tx, id, new, site, act.now).await?;
    let formateur = load(tx, &Scope::All, id).await?;
    told(&formateur, act).write(tx, None, Some(&formateur)).await?;
    Ok(formateur)
}

/// Changes a trainer as it was read. 412 when the trainer has changed since. Half-days of one who leaves are handed over
/// before.
pub async fn edit(
    tx: &mut Conn,
    act: Act<'_>,
    current: &Loaded<Formateur>,
    change: &FormateurUpdate,
) -> Result<Loaded<Formateur>> {
    act.caller.require(Action::FormateursWrite)?;
    let (scope, id) = (act.caller.scope(), current.id);
    if let Some(site) = change.localisation_id {
        localisations::writable(tx, &scope, site).await?;
    }
    if !update(tx, current, change, act.now).await? {
        let now = load(tx, &scope, id).await?;
        return Err(lost(&now, change));
    }
    if change.unavailability.is_some() || change.localisation_id.is_some() {
        let stretches = change.unavailability.as_deref().unwrap_or(&current.unavailability);
        store::block(tx, &scope, id, change.localisation_id.unwrap_or(current.localisation_id), stretches).await?;
    }
    let formateur = load(tx, &Scope::All, id).await?;
    told(&formateur, act).write(tx, Some(current), Some(&formateur)).await?;
    Ok(formateur)
}

/// Takes a trainer away again whom an import has added. 409 once something refers to the trainer.
pub async fn remove(tx: &mut Conn, act: Act<'_>, current: &Loaded<Formateur>) -> Result<()> {
    act.caller.require(Action::FormateursWrite)?;
    if store::used(tx, current.id).await? {
        let title = text("Ce formateur est déjà utilisé", "This trainer is in use already");
        return Err(Error::new(ErrorKind::Conflict, title));
    }
    if !store::remove(tx, current).await? {
        return Err(stale(&**current, vec![]));
    }
    Ok(told(current, act).write(tx, Some(&**current), None).await?)
}

/// Sets what changes if the trainer still is as he was read; whether he was.
async fn update(
    tx: &mut Conn,
    current: &Loaded<Formateur>,
    change: &FormateurUpdate,
    now: Instant,
) -> afpi_db::Result<bool> {
    let mut query = sql("UPDATE formateurs SET version = version + 1, updated_at = ?").bind(now);
    set(&mut query, current, change);
    query.push(" WHERE id = ?").arg(current.id).push(" AND version = ?").arg(current.version);
    noted(tx, [(Changed::Formateur, current.id.uuid())]).await?;
    Ok(query.execute(tx).await? == 1)
}

fn told<'a>(formateur: &Formateur, act: Act<'a>) -> Change<'a> {
    act.on(Subject::Formateur(formateur.id), Some(formateur.localisation_id))
}

/// `, column = ?` for every changed column.
fn set(query: &mut Sql, current: &Formateur, change: &FormateurUpdate) {
    let mut column = |name: &'static str, value: Option<Value>| {
        if let Some(value) = value {
            query.push(", ").push(name).push(" = ?").arg(value);
        }
    };
    column("name", change.name.as_ref().map(Into::into));
    column("name_key", change.name.as_ref().map(|name| collation::key(name).into()));
    column("email", change.email.as_ref().map(Into::into));
    column("phone", change.phone.as_ref().map(Into::into));
    column("kind", change.kind.map(|v| v.as_str().into()));
    column("skills", change.skills.as_ref().map(Value::json));
    column("certifications", change.certifications.as_ref().map(Value::json));
    column("unavailability", change.unavailability.as_ref().map(Value::json));
    column("hourly_rate", change.hourly_rate.map(Into::into));
    column("localisation_id", change.localisation_id.map(Into::into));
    column("shared", change.shared.map(Into::into));
    column("active", change.active.map(Into::into));
    let name = change.name.as_deref().unwrap_or(&current.name);
    let email = match &change.email {
        Some(email) => email.as_deref(),
        None => current.email.as_deref(),
    };
    let phone = match &change.phone {
        Some(phone) => phone.as_deref(),
        None => current.phone.as_deref(),
    };
    let skills: Vec<&str> = match &change.skills {
        Some(skills) => skills.iter().map(|skill| &**skill).collect(),
        None => current.skills.iter().map(String::as_str).collect(),
    };
    column("search", Some(search::words(name, email, phone, skills).into()));
}

/// 412 with the trainer as they are now, and the requested fields whose current value differs from the wanted one.
fn lost(current: &Formateur, change: &FormateurUpdate) -> Error {
    fn differs<T: PartialEq>(wanted: &Option<T>, now: &T) -> bool {
        wanted.as_ref().is_some_and(|wanted| wanted != now)
    }
    let text = |wanted: Option<Option<&str>>, now: Option<&str>| wanted.is_some_and(|wanted| wanted != now);
    let skills = |wanted: &Skills| !wanted.iter().map(|skill| &**skill).eq(current.skills.iter().map(String::as_str));
    let differs = [
        ("name", text(change.name.as_deref().map(Some), Some(&current.name))),
        ("email", text(change.email.as_ref().map(Option::as_deref), current.email.as_deref())),
        ("phone", text(change.phone.as_ref().map(Option::as_deref), current.phone.as_deref())),
        ("kind", change.kind.is_some_and(|k| k.as_str() != current.kind)),
        ("skills", change.skills.as_ref().is_some_and(skills)),
        ("certifications", change.certifications.as_ref().is_some_and(|wanted| **wanted != *current.certifications)),
        ("unavailability", change.unavailability.as_ref().is_some_and(|wanted| **wanted != *current.unavailability)),
        ("hourlyRate", differs(&change.hourly_rate, &current.hourly_rate.map(|rate| rate.cents().into()))),
        ("localisationId", differs(&change.localisation_id, &current.localisation_id)),
        ("shared", differs(&change.shared, &current.shared)),
        ("active", differs(&change.active, &current.active)),
    ];
    stale(current, differs.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned()).collect())
}
