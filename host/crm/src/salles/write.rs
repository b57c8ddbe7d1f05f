//! `POST /api/salles` and `PATCH /api/salles/{id}`.

use afpi_db::{Conn, DbError, Sql, Value, sql};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{ETAG, LOCATION};
use axum::response::{AppendHeaders, IntoResponse};

use super::input::{EquipmentList, SalleCreate, SalleUpdate};
use super::read::{Salle, answer, load};
use super::store;
use afpi_core::clock::Instant;
use afpi_core::collation;
use afpi_core::error::{Error, ErrorKind, field, invalid, stale};
use afpi_core::id::SalleId;
use afpi_core::rights::Action;
use afpi_core::scope::{Loaded, Scope};
use afpi_core::text::text;
use afpi_http::input::{Body, Id, IfMatch, required};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{Change, Subject};
use afpi_platform::localisations;
use afpi_platform::state::App;

/// Create a room.
#[utoipa::path(post, path = "/", operation_id = "createSalle", tag = "salles", request_body = SalleCreate,
    responses((status = 201, body = Salle), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Body(input): Body<SalleCreate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::SallesWrite)?;
    let Some(site) = input.localisation_id.or(caller.sites.first().copied()) else {
        return Err(invalid(vec![required("/localisationId")]).into());
    };
    let mut tx = app.db.begin().await?;
    localisations::writable(&mut tx, &caller.scope(), site).await?;
    let id = store::insert(&mut tx, &input, site, Instant::now()).await.map_err(taken)?;
    let salle = load(&mut tx, &Scope::All, id).await?;
    told(&salle, &caller, &request).write(&mut tx, None, Some(&salle)).await?;
    idempotency::done(&mut tx, StatusCode::CREATED, Some(format!("/api/salles/{id}"))).await?;
    tx.commit().await?;
    let headers = [(LOCATION, format!("/api/salles/{id}")), (ETAG, format!("\"{}\"", salle.version))];
    Ok((StatusCode::CREATED, AppendHeaders(headers), Json(salle.into_inner())))
}

/// Change a room.
#[utoipa::path(patch, path = "/{id}", operation_id = "updateSalle", tag = "salles", request_body = SalleUpdate,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version read, in quotes.")),
    responses((status = 200, body = Salle), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub(super) async fn patch(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<SalleId>,
    IfMatch(seen): IfMatch,
    Body(change): Body<SalleUpdate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::SallesWrite)?;
    let scope = caller.scope();
    let mut tx = app.db.begin().await?;
    let current = load(&mut tx, &scope, id).await?;
    if current.version != seen {
        return Err(lost(&current, &change).into());
    }
    if !update(&mut tx, &current, &change, Instant::now()).await.map_err(taken)? {
        let now = load(&mut tx, &scope, id).await?;
        return Err(lost(&now, &change).into());
    }
    let salle = load(&mut tx, &Scope::All, id).await?;
    told(&salle, &caller, &request).write(&mut tx, Some(&current), Some(&salle)).await?;
    idempotency::done(&mut tx, StatusCode::OK, Some(format!("/api/salles/{id}"))).await?;
    tx.commit().await?;
    Ok(answer(salle))
}

/// Sets what changes if the room still is as it was read; whether it was.
async fn update(tx: &mut Conn, current: &Loaded<Salle>, change: &SalleUpdate, now: Instant) -> afpi_db::Result<bool> {
    let mut query = sql("UPDATE salles SET version = version + 1, updated_at = ?").bind(now);
    set(&mut query, current, change);
    query.push(" WHERE id = ?").arg(current.id).push(" AND version = ?").arg(current.version);
    Ok(query.execute(tx).await? == 1)
}

fn told<'a>(salle: &Salle, caller: &Caller, request: &'a RequestId) -> Change<'a> {
    Change::by(caller, request.as_str(), Subject::Salle(salle.id), Some(salle.localisation_id))
}

/// `, column = ?` for every changed column.
fn set(query: &mut Sql, current: &Salle, change: &SalleUpdate) {
    let mut column = |name: &'static str, value: Option<Value>| {
        if let Some(value) = value {
            query.push(", ").push(name).push(" = ?").arg(value);
        }
    };
    let name = change.name.as_deref();
    column("name", name.map(Into::into));
    column("name_key", name.map(|name| collation::key(name).into()));
    column("name_norm", name.map(|name| store::normalised(name).into()));
    column("capacity", change.capacity.map(Into::into));
    column("equipment", change.equipment.as_ref().map(Value::json));
    column("active", change.active.map(Into::into));
    let equipment: Vec<&str> = match &change.equipment {
        Some(equipment) => equipment.iter().map(|piece| &**piece).collect(),
        None => current.equipment.iter().map(String::as_str).collect(),
    };
    column("search", Some(store::search(name.unwrap_or(&current.name), equipment).into()));
}

fn taken(error: DbError) -> Error {
    match error {
        DbError::Unique(_) => Error::new(ErrorKind::Duplicate, text("Salle déjà enregistrée", "Room already there"))
            .fields(vec![field(
                "/name",
                "duplicate",
                text("Ce site a déjà une salle de ce nom.", "This site already has a room of this name."),
            )]),
        other => other.into(),
    }
}

/// 412 with the room as it is now, and the requested fields whose current value differs from the wanted one.
fn lost(current: &Salle, change: &SalleUpdate) -> Error {
    fn differs<T: PartialEq>(wanted: &Option<T>, now: &T) -> bool {
        wanted.as_ref().is_some_and(|wanted| wanted != now)
    }
    let equipment =
        |wanted: &EquipmentList| !wanted.iter().map(|piece| &**piece).eq(current.equipment.iter().map(String::as_str));
    let differs = [
        ("name", change.name.as_deref().is_some_and(|name| name != current.name)),
        ("capacity", differs(&change.capacity, &current.capacity.map(Into::into))),
        ("equipment", change.equipment.as_ref().is_some_and(equipment)),
        ("active", differs(&change.active, &current.active)),
    ];
    stale(current, differs.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned()).collect())
}
