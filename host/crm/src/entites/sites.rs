//! `/api/localisations`: the sites, their legal entities, and what documents say of them. Every role sees all of them.

use afpi_db::{Conn, FromRow, sql};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header::ETAG};
use axum::response::{AppendHeaders, IntoResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::input::LocalisationUpdate;
use super::write::{lost, sets, update};
use afpi_core::error::{Error, Result, not_found};
use afpi_core::id::{LegalEntityId, LocalisationId};
use afpi_core::rights::Action;
use afpi_http::input::{Body, Id, IfMatch};
use afpi_http::paging::{ListMeta, Page};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{Change, Subject};
use afpi_platform::state::App;

/// A site.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Localisation {
    #[schema(value_type = Uuid)]
    pub id: LocalisationId,
    pub code: String,
    pub name: String,
    pub city: String,
    pub region: String,
    pub address: Option<String>,
    pub line2: Option<String>,
    pub postcode: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    /// How to come.
    pub access: Option<String>,
    /// The disability referent.
    pub referent_name: Option<String>,
    pub referent_email: Option<String>,
    pub referent_phone: Option<String>,
    pub pedagogical_contact: Option<String>,
    /// Of the règlement intérieur.
    pub rules_version: Option<String>,
    /// What stands below every mail, in French and in English.
    pub mail_closing_fr: Option<String>,
    pub mail_closing_en: Option<String>,
    pub legal_entity: LegalEntity,
    pub version: i64,
}

/// The legal entity that issues invoices and files declarations. Several sites may share one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LegalEntity {
    #[schema(value_type = Uuid)]
    pub id: LegalEntityId,
    pub name: String,
    pub siret: Option<String>,
    /// Numéro de déclaration d'activité.
    pub nda: Option<String>,
}

/// The fields that a person changes, with their columns.
const FIELDS: [(&str, &str); 15] = [
    ("name", "name"),
    ("city", "city"),
    ("address", "address"),
    ("line2", "line2"),
    ("postcode", "postcode"),
    ("phone", "phone"),
    ("email", "email"),
    ("access", "access"),
    ("referentName", "referent_name"),
    ("referentEmail", "referent_email"),
    ("referentPhone", "referent_phone"),
    ("pedagogicalContact", "pedagogical_contact"),
    ("rulesVersion", "rules_version"),
    ("mailClosingFr", "mail_closing_fr"),
    ("mailClosingEn", "mail_closing_en"),
];

const SELECT: &str = "SELECT l.id, l.code, l.name, l.city, l.region, l.address, l.line2, l.postcode, l.phone, l.email, l.access, \
     l.referent_name, l.referent_email, l.referent_phone, l.pedagogical_contact, l.rules_version, l.mail_closing_fr, l.mail_closing_en, l.version, \
     e.id AS entity_id, e.name AS entity_name, e.siret, e.nda FROM localisations l JOIN entites_legales e ON e.id = l.entite_legale_id";

struct Row(Localisation);

impl FromRow for Row {
    fn from_row(row: &afpi_db::Row) -> afpi_db::Result<Self> {
        Ok(Row(Localisation {
            id: row.get("id")?,
            code: row.get("code")?,
            name: row.get("name")?,
            city: row.get("city")?,
            region: row.get("region")?,
            address: row.get("address")?,
            line2: row.get("line2")?,
            postcode: row.get("postcode")?,
            phone: row.get("phone")?,
            email: row.get("email")?,
            access: row.get("access")?,
            referent_name: row.get("referent_name")?,
            referent_email: row.get("referent_email")?,
            referent_phone: row.get("referent_phone")?,
            pedagogical_contact: row.get("pedagogical_contact")?,
            rules_version: row.get("rules_version")?,
            mail_closing_fr: row.get("mail_closing_fr")?,
            mail_closing_en: row.get("mail_closing_en")?,
            legal_entity: LegalEntity {
                id: row.get("entity_id")?,
                name: row.get("entity_name")?,
                siret: row.get("siret")?,
                nda: row.get("nda")?,
            },
            version: row.get("version")?,
        }))
    }
}

/// The site with this id.
pub(super) async fn load(conn: &mut Conn, id: LocalisationId) -> Result<Localisation> {
    let mut query = sql(SELECT);
    query.push(" WHERE l.id = ?").arg(id);
    query.optional::<Row>(conn).await?.map(|Row(site)| site).ok_or_else(not_found)
}

/// List the sites.
#[utoipa::path(get, path = "/", operation_id = "listLocalisations", tag = "localisations", responses((status = 200, body = Page<Localisation>)))]
pub(super) async fn list(State(app): State<App>, _caller: Caller) -> ApiResult<Json<Page<Localisation>>> {
    let mut conn = app.db.read().await?;
    let mut query = sql(SELECT);
    query.push(" ORDER BY l.code");
    let data: Vec<Localisation> = query.all::<Row>(&mut conn).await?.into_iter().map(|Row(site)| site).collect();
    let meta = ListMeta::whole(data.len(), 200);
    Ok(Json(Page { data, meta }))
}

/// Read a site.
#[utoipa::path(get, path = "/{id}", operation_id = "getLocalisation", tag = "localisations", params(("id" = Uuid, Path)),
    responses((status = 200, body = Localisation), (status = 404, body = ProblemBody)))]
pub(super) async fn get(
    State(app): State<App>,
    _caller: Caller,
    Id(id): Id<LocalisationId>,
) -> ApiResult<impl IntoResponse> {
    Ok(answer(load(&mut app.db.read().await?, id).await?))
}

/// Change what documents say of a site.
#[utoipa::path(patch, path = "/{id}", operation_id = "updateLocalisation", tag = "localisations", request_body = LocalisationUpdate,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version read, in quotes.")),
    responses((status = 200, body = Localisation), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub(super) async fn patch(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<LocalisationId>,
    IfMatch(seen): IfMatch,
    Body(change): Body<LocalisationUpdate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::EntitesWrite)?;
    let written = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let before = load(&mut tx, id).await?;
        let sets = sets(&FIELDS, &change);
        if before.version != seen || !update(&mut tx, "localisations", id, seen, sets).await? {
            return Err(lost(&load(&mut tx, id).await?, &change));
        }
        let after = load(&mut tx, id).await?;
        let told = Change::by(&caller, request.as_str(), Subject::Localisation(id), Some(id));
        told.write(&mut tx, Some(&before), Some(&after)).await?;
        idempotency::done(&mut tx, StatusCode::OK, Some(format!("/api/localisations/{id}"))).await?;
        tx.commit().await?;
        Ok::<_, Error>(after)
    });
    Ok(answer(written.await?))
}

/// A site with its version as `ETag`.
fn answer(site: Localisation) -> (AppendHeaders<[(HeaderName, String); 1]>, Json<Localisation>) {
    (AppendHeaders([(ETAG, format!("\"{}\"", site.version))]), Json(site))
}
