//! `GET /api/produits`.

use afpi_db::Sql;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::openapi::Object;

use super::description;
use super::input::Modality;
use super::read::{COLUMNS, JOINS, Produit, ProduitRow, show};
use afpi_core::id::LocalisationId;
use afpi_http::input::Params;
use afpi_http::paging::{Count, Key, Page, PageRequest, Sorts};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    limit: Option<u32>,
    cursor: Option<String>,
    #[param(schema_with = sorts)]
    sort: Option<String>,
    count: Option<Count>,
    /// Words of the code, the title or the category.
    q: Option<String>,
    /// Products that this localisation can sell: the network's, and those of its legal entity.
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
    /// The exact name of a category.
    category: Option<String>,
    #[param(value_type = Option<Modality>)]
    modality: Option<Modality>,
    active: Option<bool>,
}

static SORTS: Sorts<ProduitRow> = Sorts {
    default: "title",
    keys: &[
        description::TITLE.sort(|r| Key::Bytes(r.title_key.clone())),
        description::CODE.sort(|r| Key::Text(r.code_norm.clone())),
        description::DURATION.sort(|r| Key::Int(r.duration_minutes.unwrap_or_default())),
        description::PRICE.sort(|r| Key::Int(r.price.unwrap_or_default())),
        description::CREATED_AT.sort(|r| Key::Int(r.created_at.millis())),
    ],
};

fn sorts() -> Object {
    SORTS.schema()
}

fn filter(query: &mut Sql, f: &Filters) {
    crate::search::matching(query, description::PRODUITS.search, f.q.as_deref());
    if let Some(site) = f.localisation_id {
        query.push(" AND (p.entite_legale_id IS NULL OR p.entite_legale_id = ");
        query.push("(SELECT y.entite_legale_id FROM localisations y WHERE y.id = ?").arg(site).push("))");
    }
    description::CATEGORY.equals(query, f.category.clone());
    description::MODALITY.equals(query, f.modality.map(<&'static str>::from));
    description::ACTIVE.equals(query, f.active);
}

/// List training products.
#[utoipa::path(get, path = "/", operation_id = "listProduits", tag = "produits", params(Filters),
    responses((status = 200, body = Page<Produit>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(f): Params<Filters>,
) -> ApiResult<Json<Page<Produit>>> {
    let bound = (&f.q, &f.localisation_id, &f.category, f.modality.map(<&'static str>::from), &f.active);
    let page = PageRequest::new(f.limit, f.sort.as_deref(), f.cursor.as_deref(), f.count, &SORTS, &bound)?;
    let scope = caller.scope();
    let mut conn = app.db.read().await?;
    let mut matching = scope.produits("1", "");
    filter(&mut matching, &f);
    let total = page.total(&mut conn, matching).await?;
    let mut query = scope.produits(COLUMNS, JOINS);
    filter(&mut query, &f);
    page.apply(&mut query, "p.id");
    Ok(Json(page.page(query.all(&mut conn).await?, total, |r: &ProduitRow| r.id.uuid(), show)))
}
