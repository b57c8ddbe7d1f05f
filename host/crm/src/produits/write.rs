//! `POST /api/produits` and `PATCH /api/produits/{id}`.

use afpi_db::{Conn, DbError, sql};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{ETAG, LOCATION};
use axum::response::{AppendHeaders, IntoResponse};
use serde_json::json;

use super::input::{ProduitCreate, ProduitUpdate};
use super::read::{Produit, answer, load};
use super::store;
use crate::entites::{lost, sets};
use afpi_core::clock::Instant;
use afpi_core::collation;
use afpi_core::error::{Error, ErrorKind, Result, field, stale};
use afpi_core::id::{LocalisationId, ProduitId};
use afpi_core::rights::Action;
use afpi_core::scope::{Loaded, Scope};
use afpi_core::text::text;
use afpi_http::input::{Body, Id, IfMatch};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::Subject;
use afpi_platform::state::App;

/// The fields that are columns as they are sent.
const FIELDS: [(&str, &str); 11] = [
    ("code", "code"),
    ("title", "title"),
    ("category", "category"),
    ("modality", "modality"),
    ("durationMinutes", "duration_minutes"),
    ("price", "price"),
    ("priceUnit", "price_unit"),
    ("vatRate", "vat_rate"),
    ("objectives", "objectives"),
    ("prerequisites", "prerequisites"),
    ("programme", "programme"),
];

/// Create a training product.
#[utoipa::path(post, path = "/", operation_id = "createProduit", tag = "produits", request_body = ProduitCreate,
    responses((status = 201, body = Produit), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Body(input): Body<ProduitCreate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::ProduitsWrite)?;
    let (id, act) = (ProduitId::generate(), Act::begin(&app, &caller, request.as_str()));
    let mut tx = app.db.begin().await?;
    let produit = add(&mut tx, act, id, &input).await?;
    idempotency::done(&mut tx, StatusCode::CREATED, Some(format!("/api/produits/{id}"))).await?;
    tx.commit().await?;
    app.jobs.wake();
    let headers = [(LOCATION, format!("/api/produits/{id}")), (ETAG, format!("\"{}\"", produit.version))];
    Ok((StatusCode::CREATED, AppendHeaders(headers), Json(produit.into_inner())))
}

/// Change a training product, or archive it.
#[utoipa::path(patch, path = "/{id}", operation_id = "updateProduit", tag = "produits", request_body = ProduitUpdate,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version read, in quotes.")),
    responses((status = 200, body = Produit), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub(super) async fn patch(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<ProduitId>,
    IfMatch(seen): IfMatch,
    Body(change): Body<ProduitUpdate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::ProduitsWrite)?;
    let (scope, act) = (caller.scope(), Act::begin(&app, &caller, request.as_str()));
    let mut tx = app.db.begin().await?;
    let current = load(&mut tx, &scope, id).await?;
    if current.version != seen {
        may_write(&mut tx, act, &current, &change).await?;
        return Err(lost(&*current, &change).into());
    }
    let produit = edit(&mut tx, act, &current, &change).await?;
    idempotency::done(&mut tx, StatusCode::OK, Some(format!("/api/produits/{id}"))).await?;
    tx.commit().await?;
    app.jobs.wake();
    Ok(answer(produit))
}

/// Adds a product, for somebody who may write it, with its line of the journal and its event.
pub async fn add(tx: &mut Conn, act: Act<'_>, id: ProduitId, new: &ProduitCreate) -> Result<Loaded<Produit>> {
    act.caller.require(Action::ProduitsWrite)?;
    let scope = act.caller.scope();
    let own = store::entities(tx, &scope).await?;
    let entity = new.legal_entity_id.or(own.and_then(|own| own.first().copied()));
    store::writable(tx, &scope, entity).await?;
    store::insert(tx, id, new, entity, act.now).await.map_err(taken)?;
    let produit = load(tx, &Scope::All, id).await?;
    finish(tx, act, (None, Some(&produit))).await?;
    Ok(produit)
}

/// Changes a product as it was read, for somebody who may write it. 412 when it has changed since.
pub async fn edit(
    tx: &mut Conn,
    act: Act<'_>,
    current: &Loaded<Produit>,
    change: &ProduitUpdate,
) -> Result<Loaded<Produit>> {
    may_write(tx, act, current, change).await?;
    if !update(tx, current, change, act.now).await.map_err(taken)? {
        let now = load(tx, &act.caller.scope(), current.id).await?;
        return Err(lost(&*now, change));
    }
    let produit = load(tx, &Scope::All, current.id).await?;
    finish(tx, act, (Some(current), Some(&produit))).await?;
    Ok(produit)
}

/// Takes a product away again that an import has added.
pub async fn remove(tx: &mut Conn, act: Act<'_>, current: &Loaded<Produit>) -> Result<()> {
    may_write(tx, act, current, &ProduitUpdate::default()).await?;
    if !store::remove(tx, current).await? {
        return Err(stale(&**current, vec![]));
    }
    finish(tx, act, (Some(current), None)).await
}

/// 403 unless the caller may write the product, as it is and as it will be.
async fn may_write(tx: &mut Conn, act: Act<'_>, current: &Produit, change: &ProduitUpdate) -> Result<()> {
    act.caller.require(Action::ProduitsWrite)?;
    let scope = act.caller.scope();
    store::writable(tx, &scope, current.legal_entity_id).await?;
    match change.legal_entity_id {
        Some(entity) => store::writable(tx, &scope, entity).await,
        None => Ok(()),
    }
}

/// Sets what changes if the product still is as it was read; whether it was.
async fn update(
    tx: &mut Conn,
    current: &Loaded<Produit>,
    change: &ProduitUpdate,
    now: Instant,
) -> afpi_db::Result<bool> {
    let mut query = sql("UPDATE produits SET version = version + 1, updated_at = ?").bind(now);
    for (column, value) in sets(&FIELDS, change) {
        query.push(", ").push(column).push(" = ?").arg(value);
    }
    let code = change.code.as_deref().unwrap_or(&current.code);
    let title = change.title.as_deref().unwrap_or(&current.title);
    let category = match &change.category {
        Some(category) => category.as_deref(),
        None => current.category.as_deref(),
    };
    query.push(", code_norm = ?").arg(store::normalised(code)).push(", title_key = ?").arg(collation::key(title));
    query.push(", search = ?").arg(store::search(code, title, category));
    if let Some(entity) = change.legal_entity_id {
        query.push(", entite_legale_id = ?").arg(entity);
    }
    if let Some(active) = change.active {
        query.push(", active = ?").arg(active);
    }
    query.push(" WHERE id = ?").arg(current.id).push(" AND version = ?").arg(current.version);
    Ok(query.execute(tx).await? == 1)
}

/// Writes the line of the journal, and tells plugins.
async fn finish(tx: &mut Conn, act: Act<'_>, (before, after): (Option<&Produit>, Option<&Produit>)) -> Result<()> {
    let name = match (before, after) {
        (None, _) => "produit.created",
        (_, Some(_)) => "produit.updated",
        (_, None) => "produit.deleted",
    };
    let Some(produit) = after.or(before) else { return Ok(()) };
    act.on(Subject::Produit(produit.id), None).write(tx, before, after).await?;
    let data = json!({"produit": produit.id, "code": produit.code, "active": produit.active && after.is_some()});
    act.emit(tx, name, LocalisationId::NETWORK, None, data).await
}

fn taken(error: DbError) -> Error {
    match error {
        DbError::Unique(_) => {
            Error::new(ErrorKind::Duplicate, text("Produit déjà enregistré", "Product already there")).fields(vec![
                field("/code", "duplicate", text("Un autre produit porte ce code.", "Another product has this code.")),
            ])
        }
        other => other.into(),
    }
}
