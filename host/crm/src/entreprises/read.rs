//! `GET /api/entreprises/{id}` and its opportunités; the JSON form of a company.

use afpi_db::{Conn, Json as JsonColumn, sql};
use axum::Json;
use axum::extract::State;
use axum::http::header::ETAG;
use axum::response::AppendHeaders;
use serde::Serialize;
use utoipa::ToSchema;

use super::{fusion, store};
use crate::opportunites::item::{self, OpportuniteItem};
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::id::{ContactId, EntrepriseId, LocalisationId};
use afpi_core::scope::{Loaded, Scope};
use afpi_http::input::Id;
use afpi_http::paging::{ListMeta, Page};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::state::App;

/// The fields of a company that lists and single answers share.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntrepriseBase {
    #[schema(value_type = Uuid)]
    pub id: EntrepriseId,
    pub name: String,
    pub siren: Option<String>,
    pub siret: Option<String>,
    pub vat_number: Option<String>,
    pub naf_code: Option<String>,
    pub naf_nomenclature: Option<String>,
    pub idcc: Option<String>,
    pub opco: Option<String>,
    #[schema(value_type = Option<super::limits::Kind>)]
    pub kind: Option<String>,
    pub headcount: Option<i64>,
    pub address: Address,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub website: Option<String>,
    pub tags: Vec<String>,
    pub active: bool,
    #[schema(value_type = Uuid)]
    pub localisation_id: LocalisationId,
    pub localisation: LocalisationRef,
    pub external_ids: Vec<ExternalId>,
    /// `crm`, `demo` or a connector's id.
    pub origin: String,
    pub created_at: Instant,
    pub updated_at: Instant,
    pub version: i64,
}

/// A company with all its fields.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Entreprise {
    #[serde(flatten)]
    pub base: EntrepriseBase,
    pub notes: Option<String>,
    pub contacts: Vec<Contact>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Address {
    pub line1: Option<String>,
    pub line2: Option<String>,
    pub postcode: Option<String>,
    pub city: Option<String>,
    pub country: String,
}

/// A person at the company.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    #[schema(value_type = Uuid)]
    pub id: ContactId,
    pub first_name: Option<String>,
    pub last_name: String,
    pub function: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub main: bool,
}

/// The same company in another system.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalId {
    pub source: String,
    pub external_id: String,
    pub synced_at: Instant,
}

afpi_db::row! {
    pub(super) struct EntrepriseRow {
        pub id: EntrepriseId, pub name: String, pub name_key: Vec<u8>, pub city_key: Vec<u8>, pub siren: Option<String>, pub siret: Option<String>, pub vat_number: Option<String>,
        pub naf_code: Option<String>, pub naf_nomenclature: Option<String>, pub idcc: Option<String>, pub opco: Option<String>,
        pub kind: Option<String>, pub headcount: Option<i64>, pub line1: Option<String>, pub line2: Option<String>,
        pub postcode: Option<String>, pub city: Option<String>, pub country: String, pub phone: Option<String>,
        pub email: Option<String>, pub website: Option<String>, pub tags: JsonColumn<Vec<String>>, pub active: bool,
        pub localisation_id: LocalisationId, pub site_code: String, pub site_name: String, pub origin: String, pub created_at: Instant,
        pub updated_at: Instant, pub version: i64,
    }
}

pub(super) const COLUMNS: &str = "e.id, e.name, e.name_key, e.city_key, e.siren, e.siret, e.vat_number, e.naf_code, e.naf_nomenclature, e.idcc, \
     e.opco, e.kind, e.headcount, e.line1, e.line2, e.postcode, e.city, e.country, e.phone, e.email, e.website, e.tags, e.active, e.localisation_id, \
     l.code AS site_code, l.name AS site_name, e.origin, e.created_at, e.updated_at, e.version";
/// `LEFT JOIN`, as for opportunités, so that the list's own table comes first.
pub(super) const JOINS: &str = "LEFT JOIN localisations l ON l.id = e.localisation_id";

pub(super) fn base(row: EntrepriseRow, external_ids: Vec<ExternalId>) -> EntrepriseBase {
    EntrepriseBase {
        localisation: LocalisationRef { id: row.localisation_id, code: row.site_code, name: row.site_name },
        address: Address {
            line1: row.line1,
            line2: row.line2,
            postcode: row.postcode,
            city: row.city,
            country: row.country,
        },
        id: row.id,
        name: row.name,
        siren: row.siren,
        siret: row.siret,
        vat_number: row.vat_number,
        naf_code: row.naf_code,
        naf_nomenclature: row.naf_nomenclature,
        idcc: row.idcc,
        opco: row.opco,
        kind: row.kind,
        headcount: row.headcount,
        phone: row.phone,
        email: row.email,
        website: row.website,
        tags: row.tags.0,
        active: row.active,
        localisation_id: row.localisation_id,
        external_ids,
        origin: row.origin,
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
    }
}

/// External ids of these companies.
pub(super) async fn external_ids(conn: &mut Conn, ids: &[EntrepriseId]) -> Result<Vec<(EntrepriseId, ExternalId)>> {
    let mut query = sql(
        "SELECT record_id, source, external_id, synced_at FROM external_ids WHERE entity = 'entreprise' AND record_id IN ",
    );
    query.list(ids);
    let rows = query.all::<(EntrepriseId, String, String, Instant)>(conn).await?;
    Ok(rows
        .into_iter()
        .map(|(id, source, external_id, synced_at)| (id, ExternalId { source, external_id, synced_at }))
        .collect())
}

/// The company with this id, if it is in scope. 410 with the survivor for one that was merged.
pub(super) async fn load(conn: &mut Conn, scope: &Scope, id: EntrepriseId) -> Result<Loaded<Entreprise>> {
    let mut query = scope.entreprises(COLUMNS, JOINS);
    query.push(" AND e.id = ?").arg(id);
    let Some(row) = query.loaded::<EntrepriseRow>(conn).await? else {
        return Err(fusion::gone(conn, scope, id).await?);
    };
    let external = external_ids(conn, &[id]).await?.into_iter().map(|(_, e)| e).collect();
    let notes = sql("SELECT notes FROM entreprises WHERE id = ?").bind(id).scalar::<Option<String>>(conn).await?;
    let contacts = store::contacts(conn, id).await?;
    Ok(row.map(|row| Entreprise { base: base(row, external), notes, contacts }))
}

/// Read a company.
#[utoipa::path(get, path = "/{id}", operation_id = "getEntreprise", tag = "entreprises", params(("id" = Uuid, Path)),
    responses((status = 200, body = Entreprise), (status = 404, body = ProblemBody), (status = 410, body = ProblemBody)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<EntrepriseId>,
) -> ApiResult<impl axum::response::IntoResponse> {
    let mut conn = app.db.read().await?;
    Ok(answer(load(&mut conn, &caller.scope(), id).await?))
}

/// A company with its version as `ETag`.
pub(super) fn answer(
    entreprise: Loaded<Entreprise>,
) -> (AppendHeaders<[(axum::http::HeaderName, String); 1]>, Json<Entreprise>) {
    (AppendHeaders([(ETAG, format!("\"{}\"", entreprise.base.version))]), Json(entreprise.into_inner()))
}

/// List the opportunités of a company, newest first. The list contains those in the caller's scope, at most 200 of the
/// total.
#[utoipa::path(get, path = "/{id}/opportunites", operation_id = "listEntrepriseOpportunites", tag = "entreprises", params(("id" = Uuid, Path)),
    responses((status = 200, body = Page<OpportuniteItem>), (status = 404, body = ProblemBody), (status = 410, body = ProblemBody)))]
pub(super) async fn opportunites(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<EntrepriseId>,
) -> ApiResult<Json<Page<OpportuniteItem>>> {
    let mut conn = app.db.read().await?;
    let scope = caller.scope();
    load(&mut conn, &scope, id).await?;
    let mut query = scope.opportunites(item::COLUMNS, item::JOINS);
    query.push(" AND o.entreprise_id = ?").arg(id).push(" ORDER BY o.created_at DESC, o.id DESC").limit(200);
    let rows = query.all(&mut conn).await?;
    let mut count = scope.opportunites("COUNT(*)", "");
    count.push(" AND o.entreprise_id = ?").arg(id);
    let total: i64 = count.scalar(&mut conn).await?;
    let meta = ListMeta::whole(usize::try_from(total).unwrap_or_default(), 200);
    // The workflow gives the labels: hold no connection meanwhile.
    drop(conn);
    let data = item::show_items(&app, rows).await?;
    Ok(Json(Page { data, meta }))
}
