//! `GET /api/localisations`: the sites and their legal entities. Every role sees all of them.

use afpi_db::{Conn, sql};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::auth::caller::Caller;
use crate::state::App;
use afpi_core::error::{Result, field, forbidden, invalid};
use afpi_core::id::{LegalEntityId, LocalisationId};
use afpi_core::scope::Scope;
use afpi_core::text::text;
use afpi_http::input::Id;
use afpi_http::paging::{ListMeta, Page};
use afpi_http::problem::{ApiResult, ProblemBody};

/// The short form of a site.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LocalisationRef {
    #[schema(value_type = Uuid)]
    pub id: LocalisationId,
    /// E.g. `AFPI-02`.
    pub code: String,
    pub name: String,
}

/// A site.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Localisation {
    #[schema(value_type = Uuid)]
    pub id: LocalisationId,
    pub code: String,
    pub name: String,
    pub city: String,
    pub region: String,
    #[schema(required = false)]
    pub address: Option<String>,
    #[schema(required = false)]
    pub postcode: Option<String>,
    pub legal_entity: LegalEntity,
}

/// The legal entity that issues invoices and files declarations. Several sites may share one.
#[derive(Debug, Serialize, ToSchema)]
pub struct LegalEntity {
    #[schema(value_type = Uuid)]
    pub id: LegalEntityId,
    pub name: String,
    #[schema(required = false)]
    pub siret: Option<String>,
    /// Numéro de déclaration d'activité.
    #[schema(required = false)]
    pub nda: Option<String>,
}

afpi_db::row! {
    struct Row {
        id: LocalisationId, code: String, name: String, city: String, region: String, address: Option<String>, postcode: Option<String>,
        entity_id: LegalEntityId, entity_name: String, siret: Option<String>, nda: Option<String>,
    }
}

const SELECT: &str = "SELECT l.id, l.code, l.name, l.city, l.region, l.address, l.postcode, e.id AS entity_id, e.name AS entity_name, \
     e.siret, e.nda FROM localisations l JOIN entites_legales e ON e.id = l.entite_legale_id";

fn show(row: Row) -> Localisation {
    Localisation {
        id: row.id,
        code: row.code,
        name: row.name,
        city: row.city,
        region: row.region,
        address: row.address,
        postcode: row.postcode,
        legal_entity: LegalEntity { id: row.entity_id, name: row.entity_name, siret: row.siret, nda: row.nda },
    }
}

/// The short form of every site, by code.
pub async fn all(conn: &mut Conn) -> Result<Vec<LocalisationRef>> {
    let rows = sql("SELECT id, code, name FROM localisations ORDER BY code")
        .all::<(LocalisationId, String, String)>(conn)
        .await?;
    Ok(rows.into_iter().map(|(id, code, name)| LocalisationRef { id, code, name }).collect())
}

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get))
}

/// List the sites.
#[utoipa::path(get, path = "/", operation_id = "listLocalisations", tag = "localisations", responses((status = 200, body = Page<Localisation>)))]
async fn list(State(app): State<App>, _caller: Caller) -> ApiResult<Json<Page<Localisation>>> {
    let mut conn = app.db.read().await?;
    let mut query = sql(SELECT);
    query.push(" ORDER BY l.code");
    let data: Vec<Localisation> = query.all::<Row>(&mut conn).await?.into_iter().map(show).collect();
    let meta = ListMeta { total: data.len() as i64, limit: 200, next: None };
    Ok(Json(Page { data, meta }))
}

/// Read a site.
#[utoipa::path(get, path = "/{id}", operation_id = "getLocalisation", tag = "localisations", params(("id" = Uuid, Path)),
    responses((status = 200, body = Localisation), (status = 404, body = ProblemBody)))]
async fn get(State(app): State<App>, _caller: Caller, Id(id): Id<LocalisationId>) -> ApiResult<Json<Localisation>> {
    let mut conn = app.db.read().await?;
    let mut query = sql(SELECT);
    query.push(" WHERE l.id = ?").arg(id);
    Ok(Json(show(query.one::<Row>(&mut conn).await?)))
}

/// Checks a site for a write: it must exist (422 at `/localisationId`) and be in the caller's scope (403).
pub async fn writable(conn: &mut Conn, scope: &Scope, site: LocalisationId) -> Result<()> {
    if sql("SELECT 1 FROM localisations WHERE id = ?").bind(site).optional::<(i64,)>(conn).await?.is_none() {
        return Err(invalid(vec![field(
            "/localisationId",
            "unknown",
            text("Localisation inconnue.", "Unknown localisation."),
        )]));
    }
    if scope.covers_site(site) { Ok(()) } else { Err(forbidden()) }
}
