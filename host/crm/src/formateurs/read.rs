//! `GET /api/formateurs/{id}`; the JSON form of a trainer.

use afpi_db::{Conn, Json as JsonColumn};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, header::ETAG};
use axum::response::{AppendHeaders, IntoResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::expiries::{Expiry, Files};
use super::input::{Certification, Kind, Unavailability};
use afpi_core::clock::Instant;
use afpi_core::error::{Result, not_found};
use afpi_core::id::{FormateurId, LocalisationId};
use afpi_core::money::Money;
use afpi_core::rights::Action;
use afpi_core::scope::{Loaded, Scope};
use afpi_http::input::Id;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::state::App;

/// A trainer.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Formateur {
    #[schema(value_type = Uuid)]
    pub id: FormateurId,
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    #[schema(value_type = Kind)]
    pub kind: String,
    pub skills: Vec<String>,
    pub certifications: Vec<Certification>,
    /// Certificates and files that expire, the first to expire first.
    pub expiries: Vec<Expiry>,
    pub unavailability: Vec<Unavailability>,
    /// Cents per hour.
    #[schema(value_type = Option<i64>)]
    pub hourly_rate: Option<Money>,
    #[schema(value_type = Uuid)]
    pub localisation_id: LocalisationId,
    pub localisation: LocalisationRef,
    /// Every site may book the trainer and read the name.
    pub shared: bool,
    pub active: bool,
    pub version: i64,
}

afpi_db::row! {
    pub(super) struct FormateurRow {
        pub id: FormateurId, pub name: String, pub name_key: Vec<u8>, pub email: Option<String>, pub phone: Option<String>, pub kind: String,
        pub skills: JsonColumn<Vec<String>>, pub certifications: JsonColumn<Vec<Certification>>,
        pub unavailability: JsonColumn<Vec<Unavailability>>, pub hourly_rate: Option<Money>, pub localisation_id: LocalisationId,
        pub site_code: String, pub site_name: String, pub shared: bool, pub active: bool, pub created_at: Instant, pub version: i64,
    }
}

pub(super) const COLUMNS: &str = "f.id, f.name, f.name_key, f.email, f.phone, f.kind, f.skills, f.certifications, f.unavailability, f.hourly_rate, \
     f.localisation_id, l.code AS site_code, l.name AS site_name, f.shared, f.active, f.created_at, f.version";
/// `LEFT JOIN`, as for opportunités, so that the list's own table comes first.
pub(super) const JOINS: &str = "LEFT JOIN localisations l ON l.id = f.localisation_id";

pub(super) fn show(row: FormateurRow, files: &mut Files) -> Formateur {
    Formateur {
        expiries: files.with(row.id, &row.certifications.0),
        id: row.id,
        name: row.name,
        email: row.email,
        phone: row.phone,
        kind: row.kind,
        skills: row.skills.0,
        certifications: row.certifications.0,
        unavailability: row.unavailability.0,
        hourly_rate: row.hourly_rate,
        localisation: LocalisationRef { id: row.localisation_id, code: row.site_code, name: row.site_name },
        localisation_id: row.localisation_id,
        shared: row.shared,
        active: row.active,
        version: row.version,
    }
}

/// The trainer with this id, if in scope.
pub async fn load(conn: &mut Conn, scope: &Scope, id: FormateurId) -> Result<Loaded<Formateur>> {
    let mut query = scope.formateurs(COLUMNS, JOINS);
    query.push(" AND f.id = ?").arg(id);
    let row = query.loaded::<FormateurRow>(conn).await?.ok_or_else(not_found)?;
    let mut files = Files::of(conn, std::iter::once(id)).await?;
    Ok(row.map(|row| show(row, &mut files)))
}

/// Read a trainer.
#[utoipa::path(get, path = "/{id}", operation_id = "getFormateur", tag = "formateurs", params(("id" = Uuid, Path)),
    responses((status = 200, body = Formateur), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<FormateurId>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::FormateursRead)?;
    let mut conn = app.db.read().await?;
    Ok(answer(load(&mut conn, &caller.scope(), id).await?))
}

/// A trainer with the version as `ETag`.
pub(super) fn answer(formateur: Loaded<Formateur>) -> (AppendHeaders<[(HeaderName, String); 1]>, Json<Formateur>) {
    (AppendHeaders([(ETAG, format!("\"{}\"", formateur.version))]), Json(formateur.into_inner()))
}
