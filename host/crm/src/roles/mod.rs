//! `/api/roles`: what each role may do and how far it sees. Seven are built in; administrators make further ones that
//! stand on one of those, and stay within what it may have ([`Role::ceiling`], [`Role::reaches`]). What they decide
//! counts from the next request on.

mod input;
mod write;

use afpi_db::{Conn, FromRow, sql};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::ETAG;
use axum::response::{AppendHeaders, IntoResponse};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use input::RoleId;

use afpi_core::error::{Result, not_found};
use afpi_core::rights::{Action, Reach, Role};
use afpi_core::text::Text;
use afpi_http::paging::All;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::roles::{COLUMNS, Held};
use afpi_platform::state::App;

/// A role and what its people may do.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RoleRecord)]
pub struct Record {
    pub id: String,
    pub name: Text,
    /// The built-in role, which workflows and plugins see; of a built-in one itself.
    pub stands_on: Role,
    /// Came with the product: it stays, under its name.
    pub built_in: bool,
    pub reach: Reach,
    pub actions: Vec<Action>,
    /// How far it can be made to see.
    pub reaches: Vec<Reach>,
    /// What it can be given.
    pub grantable: Vec<Action>,
    /// Its people need a second factor, and are led to set it up before anything else.
    pub requires_second_factor: bool,
    /// How many people have it, active or not.
    pub people: i64,
    pub version: i64,
}

struct Row {
    role: Held,
    people: i64,
    version: i64,
}

impl FromRow for Row {
    fn from_row(row: &afpi_db::Row) -> afpi_db::Result<Self> {
        Ok(Row { role: Held::from_row(row)?, people: row.get("people")?, version: row.get("version")? })
    }
}

fn select() -> afpi_db::Sql {
    let mut query = sql("SELECT ro.version, ");
    query.push("(SELECT COUNT(*) FROM users u WHERE u.role_id = ro.id) AS people, ").push(COLUMNS);
    query.push(" FROM roles ro");
    query
}

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, write::create)).routes(routes!(get, write::patch, write::delete))
}

fn show(Row { role, people, version }: Row) -> Record {
    let (kind, access) = (role.kind(), &role.access);
    Record {
        stands_on: kind,
        built_in: role.id == kind.id(),
        reach: access.reach(),
        actions: access.actions().collect(),
        reaches: kind.reaches().to_vec(),
        grantable: access.grantable().collect(),
        id: role.id,
        name: role.name,
        requires_second_factor: role.second_factor,
        people,
        version,
    }
}

async fn load(conn: &mut Conn, id: &str) -> Result<Record> {
    let mut query = select();
    query.push(" WHERE ro.id = ?").arg(id);
    Ok(show(query.optional(conn).await?.ok_or_else(not_found)?))
}

/// The roles in the order of the domain, each followed by those that stand on it.
#[utoipa::path(get, path = "/", operation_id = "listRoles", tag = "roles", responses((status = 200, body = All<Record>)))]
async fn list(State(app): State<App>, _caller: Caller) -> ApiResult<Json<All<Record>>> {
    let rows: Vec<Row> = select().all(&mut app.db.read().await?).await?;
    let mut data: Vec<Record> = rows.into_iter().map(show).collect();
    data.sort_by_cached_key(|role| (role.stands_on, !role.built_in, afpi_core::collation::key(&role.name.fr)));
    Ok(Json(All { data }))
}

/// One role.
#[utoipa::path(get, path = "/{id}", operation_id = "getRole", tag = "roles", params(("id" = String, Path)),
    responses((status = 200, body = Record), (status = 404, body = ProblemBody)))]
async fn get(State(app): State<App>, _caller: Caller, Path(id): Path<String>) -> ApiResult<impl IntoResponse> {
    Ok(answer(load(&mut app.db.read().await?, &id).await?))
}

fn answer(role: Record) -> impl IntoResponse {
    (AppendHeaders([(ETAG, format!("\"{}\"", role.version))]), Json(role))
}
