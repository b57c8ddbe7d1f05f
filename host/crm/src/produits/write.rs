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
use afpi_core::error::{Error, ErrorKind, Result, field};
use afpi_core::id::{LocalisationId, ProduitId};
use afpi_core::rights::Action;
use afpi_core::scope::{Loaded, Scope};
use afpi_core::text::text;
use afpi_http::input::{Body, Id, IfMatch};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::events::{self, Event};
use afpi_platform::idempotency;
use afpi_platform::journal::{Change, Subject};
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
    let scope = caller.scope();
    let mut tx = app.db.begin().await?;
    let own = store::entities(&mut tx, &scope).await?;
    let entity = input.legal_entity_id.or(own.and_then(|own| own.first().copied()));
    store::writable(&mut tx, &scope, entity).await?;
    let id = store::insert(&mut tx, &input, entity, Instant::now()).await.map_err(taken)?;
    let produit = load(&mut tx, &Scope::All, id).await?;
    finish(&mut tx, &caller, &request, (None, &produit)).await?;
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
    let scope = caller.scope();
    let mut tx = app.db.begin().await?;
    let current = load(&mut tx, &scope, id).await?;
    store::writable(&mut tx, &scope, current.legal_entity_id).await?;
    if let Some(entity) = change.legal_entity_id {
        store::writable(&mut tx, &scope, entity).await?;
    }
    if current.version != seen {
        return Err(lost(&*current, &change).into());
    }
    if !update(&mut tx, &current, &change, Instant::now()).await.map_err(taken)? {
        let now = load(&mut tx, &scope, id).await?;
        return Err(lost(&*now, &change).into());
    }
    let produit = load(&mut tx, &Scope::All, id).await?;
    finish(&mut tx, &caller, &request, (Some(&current), &produit)).await?;
    idempotency::done(&mut tx, StatusCode::OK, Some(format!("/api/produits/{id}"))).await?;
    tx.commit().await?;
    app.jobs.wake();
    Ok(answer(produit))
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
async fn finish(
    tx: &mut Conn,
    caller: &Caller,
    request: &RequestId,
    (before, after): (Option<&Produit>, &Produit),
) -> Result<()> {
    let told = Change::by(caller, request.as_str(), Subject::Produit(after.id), None);
    told.write(tx, before, Some(after)).await?;
    let event = Event {
        name: if before.is_none() { "produit.created" } else { "produit.updated" }.into(),
        at: Instant::now(),
        site_id: LocalisationId::NETWORK,
        actor_id: Some(caller.id),
        about: None,
        data: json!({"produit": after.id, "code": after.code, "active": after.active}),
        depth: 0,
    };
    events::emit(tx, &event, request.as_str()).await
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
