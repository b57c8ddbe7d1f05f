//! `GET /api/produits/{id}`; the JSON form of a training product.

use afpi_db::Conn;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, header::ETAG};
use axum::response::{AppendHeaders, IntoResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::input::{Modality, PriceUnit};
use afpi_core::clock::Instant;
use afpi_core::error::{Result, not_found};
use afpi_core::id::{LegalEntityId, ProduitId};
use afpi_core::scope::{Loaded, Scope};
use afpi_http::input::Id;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// A training product of the catalogue.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Produit {
    #[schema(value_type = Uuid)]
    pub id: ProduitId,
    pub code: String,
    pub title: String,
    pub category: Option<String>,
    pub modality: Option<Modality>,
    pub duration_minutes: Option<i64>,
    /// Cents excl. VAT.
    pub price: Option<i64>,
    pub price_unit: PriceUnit,
    /// Hundredths of a percent; 0 is exempt.
    pub vat_rate: i64,
    pub objectives: Option<String>,
    pub prerequisites: Option<String>,
    pub programme: Option<String>,
    #[schema(value_type = Option<Uuid>)]
    pub legal_entity_id: Option<LegalEntityId>,
    /// Whose product it is; none for the network's.
    pub legal_entity: Option<ProduitEntite>,
    /// An archived product is no longer offered.
    pub active: bool,
    pub version: i64,
}

/// The legal entity of a product.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProduitEntite {
    #[schema(value_type = Uuid)]
    pub id: LegalEntityId,
    pub name: String,
}

afpi_db::row! {
    pub(super) struct ProduitRow {
        pub id: ProduitId, pub code: String, pub code_norm: String, pub title: String, pub title_key: Vec<u8>,
        pub category: Option<String>, pub modality: Option<Modality>, pub duration_minutes: Option<i64>,
        pub price: Option<i64>, pub price_unit: PriceUnit, pub vat_rate: i64, pub objectives: Option<String>,
        pub prerequisites: Option<String>, pub programme: Option<String>, pub entite_legale_id: Option<LegalEntityId>,
        pub entite_name: Option<String>, pub active: bool, pub created_at: Instant, pub version: i64,
    }
}

pub(super) const COLUMNS: &str = "p.id, p.code, p.code_norm, p.title, p.title_key, p.category, p.modality, p.duration_minutes, p.price, \
     p.price_unit, p.vat_rate, p.objectives, p.prerequisites, p.programme, p.entite_legale_id, l.name AS entite_name, \
     p.active, p.created_at, p.version";
pub(super) const JOINS: &str = "LEFT JOIN entites_legales l ON l.id = p.entite_legale_id";

pub(super) fn show(row: ProduitRow) -> Produit {
    Produit {
        id: row.id,
        code: row.code,
        title: row.title,
        category: row.category,
        modality: row.modality,
        duration_minutes: row.duration_minutes,
        price: row.price,
        price_unit: row.price_unit,
        vat_rate: row.vat_rate,
        objectives: row.objectives,
        prerequisites: row.prerequisites,
        programme: row.programme,
        legal_entity: row.entite_legale_id.zip(row.entite_name).map(|(id, name)| ProduitEntite { id, name }),
        legal_entity_id: row.entite_legale_id,
        active: row.active,
        version: row.version,
    }
}

/// The product with this id, if in scope.
pub async fn load(conn: &mut Conn, scope: &Scope, id: ProduitId) -> Result<Loaded<Produit>> {
    let mut query = scope.produits(COLUMNS, JOINS);
    query.push(" AND p.id = ?").arg(id);
    let row = query.loaded::<ProduitRow>(conn).await?.ok_or_else(not_found)?;
    Ok(row.map(show))
}

/// Read a training product.
#[utoipa::path(get, path = "/{id}", operation_id = "getProduit", tag = "produits", params(("id" = Uuid, Path)),
    responses((status = 200, body = Produit), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn get(State(app): State<App>, caller: Caller, Id(id): Id<ProduitId>) -> ApiResult<impl IntoResponse> {
    let mut conn = app.db.read().await?;
    Ok(answer(load(&mut conn, &caller.scope(), id).await?))
}

/// A product with the version as `ETag`.
pub(super) fn answer(produit: Loaded<Produit>) -> (AppendHeaders<[(HeaderName, String); 1]>, Json<Produit>) {
    (AppendHeaders([(ETAG, format!("\"{}\"", produit.version))]), Json(produit.into_inner()))
}
