//! `GET /api/stagiaires/{id}`; the JSON forms of a trainee.

use std::collections::HashMap;

use afpi_db::Conn;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, header::ETAG};
use axum::response::{AppendHeaders, IntoResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::input::Status;
use super::rights;
use crate::reservations::OpportuniteRef;
use crate::sessions::hours::{self, Hours};
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Result, not_found};
use afpi_core::id::{OpportuniteId, SessionId, StagiaireId};
use afpi_core::scope::{Loaded, Scope};
use afpi_http::input::Id;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// A trainee, as in lists.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StagiaireItem)]
pub struct Item {
    #[schema(value_type = Uuid)]
    pub id: StagiaireId,
    #[schema(value_type = Uuid)]
    pub opportunite_id: OpportuniteId,
    pub opportunite: OpportuniteRef,
    pub last_name: String,
    pub first_name: String,
    /// Last name and first name.
    pub name: String,
    pub birth_date: Option<Day>,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// The employer.
    pub company: Option<String>,
    pub function: Option<String>,
    pub status: Option<Status>,
    /// Of the half-days of the trainee's sessions.
    pub minutes_planned: i64,
    /// Of the half-days at which the trainee was present, without the minutes missed.
    pub minutes_done: i64,
    pub created_at: Instant,
    pub version: i64,
}

/// A trainee with what is restricted.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Stagiaire)]
pub struct Record {
    #[serde(flatten)]
    pub item: Item,
    /// The sessions that the trainee takes part in.
    #[schema(value_type = Vec<Uuid>)]
    pub sessions: Vec<SessionId>,
    /// May the caller edit the trainee?
    pub editable: bool,
    /// Special needs. Absent for who may not edit the trainee.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub needs: Option<String>,
}

afpi_db::row! {
    #[derive(Clone)]
    pub struct StagiaireRow {
        pub id: StagiaireId, pub opportunite_id: OpportuniteId, pub numero: String, pub title: String, pub last_name: String,
        pub first_name: String, pub name: String, pub name_key: Vec<u8>, pub birth_date: Option<Day>, pub email: Option<String>,
        pub phone: Option<String>, pub company: Option<String>, pub job: Option<String>, pub status: Option<Status>,
        pub needs: Option<String>, pub created_at: Instant, pub version: i64,
    }
}

pub(super) const COLUMNS: &str = "t.id, t.opportunite_id, o.numero, o.title, t.last_name, t.first_name, t.name, t.name_key, t.birth_date, \
     t.email, t.phone, t.company, t.job, t.status, t.needs, t.created_at, t.version";
pub(super) const JOINS: &str = "";

pub(super) fn show(row: StagiaireRow, hours: Hours) -> Item {
    Item {
        id: row.id,
        opportunite: OpportuniteRef { id: row.opportunite_id, numero: row.numero, title: row.title },
        opportunite_id: row.opportunite_id,
        last_name: row.last_name,
        first_name: row.first_name,
        name: row.name,
        birth_date: row.birth_date,
        email: row.email,
        phone: row.phone,
        company: row.company,
        function: row.job,
        status: row.status,
        minutes_planned: hours.planned,
        minutes_done: hours.done,
        created_at: row.created_at,
        version: row.version,
    }
}

/// The same for several trainees.
pub(super) async fn show_all(conn: &mut Conn, rows: Vec<StagiaireRow>) -> Result<Vec<Item>> {
    let hours: HashMap<StagiaireId, Hours> = hours::of(conn, rows.iter().map(|row| row.id)).await?;
    Ok(rows
        .into_iter()
        .map(|row| (hours.get(&row.id).copied().unwrap_or_default(), row))
        .map(|(h, r)| show(r, h))
        .collect())
}

/// The trainee with this id, if in scope.
pub(super) async fn load(conn: &mut Conn, scope: &Scope, id: StagiaireId) -> Result<Loaded<StagiaireRow>> {
    let mut query = scope.stagiaires(COLUMNS, JOINS);
    query.push(" AND t.id = ?").arg(id);
    query.loaded(conn).await?.ok_or_else(not_found)
}

/// The trainee for somebody who may edit the record or not.
pub(super) async fn record(conn: &mut Conn, row: &StagiaireRow, editable: bool) -> Result<Record> {
    let sessions = afpi_db::sql("SELECT p.session_id FROM session_stagiaires p WHERE p.stagiaire_id = ?").bind(row.id);
    let sessions = sessions.all::<(SessionId,)>(conn).await?.into_iter().map(|(id,)| id).collect();
    let hours = hours::of(conn, [row.id]).await?.remove(&row.id).unwrap_or_default();
    Ok(Record { item: show(row.clone(), hours), sessions, editable, needs: row.needs.clone().filter(|_| editable) })
}

/// Read a trainee.
#[utoipa::path(get, path = "/{id}", operation_id = "getStagiaire", tag = "stagiaires", params(("id" = Uuid, Path)),
    responses((status = 200, body = Record), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<StagiaireId>,
) -> ApiResult<impl IntoResponse> {
    let scope = caller.scope();
    let (row, file) = {
        let mut conn = app.db.read().await?;
        let row = load(&mut conn, &scope, id).await?;
        let file = rights::load(&mut conn, &scope, row.opportunite_id).await?;
        (row, file)
    };
    let editable = rights::may_edit(&app, &caller, &file).await;
    let mut conn = app.db.read().await?;
    Ok(answer(record(&mut conn, &row, editable).await?))
}

/// A trainee with the version as `ETag`.
pub(super) fn answer(stagiaire: Record) -> (AppendHeaders<[(HeaderName, String); 1]>, Json<Record>) {
    (AppendHeaders([(ETAG, format!("\"{}\"", stagiaire.item.version))]), Json(stagiaire))
}
