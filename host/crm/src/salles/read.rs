//! `GET /api/salles/{id}`; the JSON form of a room.

use std::collections::HashMap;

use afpi_db::{Conn, Json as JsonColumn};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, header::ETAG};
use axum::response::{AppendHeaders, IntoResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::description;
use afpi_core::clock::Instant;
use afpi_core::error::{Result, not_found};
use afpi_core::id::{LocalisationId, SalleId};
use afpi_core::scope::{Loaded, Scope};
use afpi_http::input::Id;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::state::App;

/// A room.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Salle {
    #[schema(value_type = Uuid)]
    pub id: SalleId,
    pub name: String,
    /// The number of places for trainees.
    pub capacity: Option<i64>,
    pub equipment: Vec<String>,
    #[schema(value_type = Uuid)]
    pub localisation_id: LocalisationId,
    pub localisation: LocalisationRef,
    /// An inactive room can no longer be booked. Its bookings stay.
    pub active: bool,
    pub version: i64,
}

afpi_db::row! {
    pub(super) struct SalleRow {
        pub id: SalleId, pub name: String, pub name_key: Vec<u8>, pub capacity: Option<i64>, pub equipment: JsonColumn<Vec<String>>,
        pub localisation_id: LocalisationId, pub site_code: String, pub site_name: String, pub active: bool, pub created_at: Instant, pub version: i64,
    }
}

pub(super) const COLUMNS: &str = "s.id, s.name, s.name_key, s.capacity, s.equipment, s.localisation_id, l.code AS site_code, \
     l.name AS site_name, s.active, s.created_at, s.version";
/// `LEFT JOIN`, as for opportunités, so that the list's own table comes first.
pub(super) const JOINS: &str = "LEFT JOIN localisations l ON l.id = s.localisation_id";

pub(super) fn show(row: SalleRow) -> Salle {
    Salle {
        id: row.id,
        name: row.name,
        capacity: row.capacity,
        equipment: row.equipment.0,
        localisation: LocalisationRef { id: row.localisation_id, code: row.site_code, name: row.site_name },
        localisation_id: row.localisation_id,
        active: row.active,
        version: row.version,
    }
}

/// The room with this id, if in scope.
pub(super) async fn load(conn: &mut Conn, scope: &Scope, id: SalleId) -> Result<Loaded<Salle>> {
    let mut query = scope.salles(COLUMNS, JOINS);
    query.push(" AND s.id = ?").arg(id);
    let row = query.loaded::<SalleRow>(conn).await?.ok_or_else(not_found)?;
    Ok(row.map(show))
}

/// More than any network has.
const MOST: u32 = 2000;

/// The active rooms of this site, or of all sites in scope, by name.
pub async fn choosable(conn: &mut Conn, scope: &Scope, site: Option<LocalisationId>) -> Result<Vec<Salle>> {
    let mut query = scope.salles(COLUMNS, JOINS);
    query.push(" AND s.active = ?").arg(true);
    description::LOCALISATION.equals(&mut query, site);
    query.push(" ORDER BY s.name_key, s.id").limit(MOST);
    Ok(query.all::<SalleRow>(conn).await?.into_iter().map(show).collect())
}

/// The names of these rooms.
pub async fn names(conn: &mut Conn, ids: impl Iterator<Item = SalleId>) -> Result<HashMap<SalleId, String>> {
    let mut query = Scope::All.salles("s.id, s.name", "");
    query.push(" AND s.id IN ").list(ids);
    Ok(query.all::<(SalleId, String)>(conn).await?.into_iter().collect())
}

/// Read a room.
#[utoipa::path(get, path = "/{id}", operation_id = "getSalle", tag = "salles", params(("id" = Uuid, Path)),
    responses((status = 200, body = Salle), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn get(State(app): State<App>, caller: Caller, Id(id): Id<SalleId>) -> ApiResult<impl IntoResponse> {
    let mut conn = app.db.read().await?;
    Ok(answer(load(&mut conn, &caller.scope(), id).await?))
}

/// A room with the version as `ETag`.
pub(super) fn answer(salle: Loaded<Salle>) -> (AppendHeaders<[(HeaderName, String); 1]>, Json<Salle>) {
    (AppendHeaders([(ETAG, format!("\"{}\"", salle.version))]), Json(salle.into_inner()))
}
