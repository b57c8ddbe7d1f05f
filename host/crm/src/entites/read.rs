//! `GET /api/entites-legales`: the JSON form of a legal entity. Who is tied to sites sees the entities of those.

use std::collections::HashMap;

use afpi_db::{Conn, FromRow, sql};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, header::ETAG};
use axum::response::{AppendHeaders, IntoResponse};
use serde::Serialize;
use utoipa::ToSchema;

use crate::identifiants::siren_of;
use afpi_core::error::{Result, not_found};
use afpi_core::id::{LegalEntityId, LocalisationId};
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_http::input::Id;
use afpi_http::paging::All;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::state::App;

/// A legal entity: who issues quotes, conventions and invoices. Several sites may share one.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntiteLegale {
    #[schema(value_type = Uuid)]
    pub id: LegalEntityId,
    pub name: String,
    /// E.g. `Association loi 1901`.
    pub legal_form: Option<String>,
    /// Cents.
    pub capital: Option<i64>,
    /// The first nine digits of the SIRET.
    pub siren: Option<String>,
    pub siret: Option<String>,
    pub vat_number: Option<String>,
    /// Numéro de déclaration d'activité.
    pub nda: Option<String>,
    /// The region whose prefect registered the declaration.
    pub nda_region: Option<String>,
    pub line1: Option<String>,
    pub line2: Option<String>,
    pub postcode: Option<String>,
    pub city: Option<String>,
    pub iban: Option<String>,
    pub bic: Option<String>,
    pub bank: Option<String>,
    pub signatory_name: Option<String>,
    pub signatory_quality: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub website: Option<String>,
    /// `#1F4E79`.
    pub colour: Option<String>,
    pub footer: Option<String>,
    pub payment_terms: Option<String>,
    pub payment_days: Option<i64>,
    /// Of late payments, hundredths of a percent.
    pub penalty_rate: Option<i64>,
    /// The trade register, e.g. `RCS Beauvais 732 829 320`.
    pub rcs: Option<String>,
    /// The consumer mediator, for contracts with persons.
    pub mediator: Option<String>,
    /// The hash of the logo. `GET …/logo` shows it.
    pub logo: Option<String>,
    /// Its sites, by code.
    pub localisations: Vec<LocalisationRef>,
    pub version: i64,
}

/// The fields that a person changes, with their columns.
pub(super) const FIELDS: [(&str, &str); 26] = [
    ("name", "name"),
    ("legalForm", "legal_form"),
    ("capital", "capital"),
    ("siret", "siret"),
    ("vatNumber", "vat_number"),
    ("nda", "nda"),
    ("ndaRegion", "nda_region"),
    ("line1", "line1"),
    ("line2", "line2"),
    ("postcode", "postcode"),
    ("city", "city"),
    ("iban", "iban"),
    ("bic", "bic"),
    ("bank", "bank"),
    ("signatoryName", "signatory_name"),
    ("signatoryQuality", "signatory_quality"),
    ("email", "email"),
    ("phone", "phone"),
    ("website", "website"),
    ("colour", "colour"),
    ("footer", "footer"),
    ("paymentTerms", "payment_terms"),
    ("paymentDays", "payment_days"),
    ("penaltyRate", "penalty_rate"),
    ("rcs", "rcs"),
    ("mediator", "mediator"),
];

const SELECT: &str = "SELECT e.id, e.name, e.legal_form, e.capital, e.siret, e.vat_number, e.nda, e.nda_region, e.line1, e.line2, \
     e.postcode, e.city, e.iban, e.bic, e.bank, e.signatory_name, e.signatory_quality, e.email, e.phone, e.website, \
     e.colour, e.footer, e.payment_terms, e.payment_days, e.penalty_rate, e.rcs, e.mediator, e.logo_sha256, e.version \
     FROM entites_legales e";

struct Row(EntiteLegale);

impl FromRow for Row {
    fn from_row(row: &afpi_db::Row) -> afpi_db::Result<Self> {
        let siret: Option<String> = row.get("siret")?;
        Ok(Row(EntiteLegale {
            id: row.get("id")?,
            name: row.get("name")?,
            legal_form: row.get("legal_form")?,
            capital: row.get("capital")?,
            siren: siret.as_deref().and_then(siren_of).map(str::to_owned),
            siret,
            vat_number: row.get("vat_number")?,
            nda: row.get("nda")?,
            nda_region: row.get("nda_region")?,
            line1: row.get("line1")?,
            line2: row.get("line2")?,
            postcode: row.get("postcode")?,
            city: row.get("city")?,
            iban: row.get("iban")?,
            bic: row.get("bic")?,
            bank: row.get("bank")?,
            signatory_name: row.get("signatory_name")?,
            signatory_quality: row.get("signatory_quality")?,
            email: row.get("email")?,
            phone: row.get("phone")?,
            website: row.get("website")?,
            colour: row.get("colour")?,
            footer: row.get("footer")?,
            payment_terms: row.get("payment_terms")?,
            payment_days: row.get("payment_days")?,
            penalty_rate: row.get("penalty_rate")?,
            rcs: row.get("rcs")?,
            mediator: row.get("mediator")?,
            logo: row.get("logo_sha256")?,
            localisations: Vec::new(),
            version: row.get("version")?,
        }))
    }
}

/// The legal entities of the sites in scope, by name; one of them, if an id is given.
async fn find(conn: &mut Conn, scope: &Scope, id: Option<LegalEntityId>) -> Result<Vec<EntiteLegale>> {
    let mut query = sql(SELECT);
    query.push(" WHERE 1 = 1");
    if let Some(id) = id {
        query.push(" AND e.id = ?").arg(id);
    }
    query.push(" ORDER BY e.name, e.id");
    let rows = query.all::<Row>(conn).await?;
    let sites = sql("SELECT entite_legale_id, id, code, name FROM localisations ORDER BY code")
        .all::<(LegalEntityId, LocalisationId, String, String)>(conn)
        .await?;
    let mut of = HashMap::<LegalEntityId, Vec<LocalisationRef>>::new();
    for (entity, id, code, name) in sites {
        of.entry(entity).or_default().push(LocalisationRef { id, code, name });
    }
    let entities = rows
        .into_iter()
        .map(|Row(entity)| EntiteLegale { localisations: of.remove(&entity.id).unwrap_or_default(), ..entity });
    let network = matches!(scope, Scope::All);
    Ok(entities.filter(|e| network || e.localisations.iter().any(|site| scope.covers_site(site.id))).collect())
}

/// The legal entity with this id, if in scope.
pub(super) async fn load(conn: &mut Conn, scope: &Scope, id: LegalEntityId) -> Result<EntiteLegale> {
    find(conn, scope, Some(id)).await?.pop().ok_or_else(not_found)
}

/// List the legal entities.
#[utoipa::path(get, path = "/", operation_id = "listEntitesLegales", tag = "entites",
    responses((status = 200, body = All<EntiteLegale>), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(super) async fn list(State(app): State<App>, caller: Caller) -> ApiResult<Json<All<EntiteLegale>>> {
    caller.require(Action::EntitesRead)?;
    let data = find(&mut app.db.read().await?, &caller.scope(), None).await?;
    Ok(Json(All { data }))
}

/// Read a legal entity.
#[utoipa::path(get, path = "/{id}", operation_id = "getEntiteLegale", tag = "entites", params(("id" = Uuid, Path)),
    responses((status = 200, body = EntiteLegale), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<LegalEntityId>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::EntitesRead)?;
    Ok(answer(load(&mut app.db.read().await?, &caller.scope(), id).await?))
}

/// A legal entity with its version as `ETag`.
pub(super) fn answer(entity: EntiteLegale) -> (AppendHeaders<[(HeaderName, String); 1]>, Json<EntiteLegale>) {
    (AppendHeaders([(ETAG, format!("\"{}\"", entity.version))]), Json(entity))
}
