//! `/api/roles`: what each role may do. Administrators give and take actions within what the role may have
//! ([`Role::ceiling`]); what they decide counts from the next request on.

use std::collections::BTreeSet;

use afpi_db::{Conn, sql};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header::ETAG};
use axum::response::{AppendHeaders, IntoResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use validator::{Validate, ValidationErrors};

use afpi_core::error::{Error, ErrorKind, Result, field, internal, invalid, not_found, stale};
use afpi_core::rights::{Access, Action, Reach, Role};
use afpi_core::text::{Text, text};
use afpi_http::bounds::List;
use afpi_http::input::{Body, IfMatch};
use afpi_http::paging::All;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{Change, Subject};
use afpi_platform::state::App;

/// A role and what its people may do.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RoleRecord)]
pub struct Record {
    pub id: Role,
    pub name: Text,
    pub reach: Reach,
    pub actions: Vec<Action>,
    /// What it can be given.
    pub grantable: Vec<Action>,
    pub version: i64,
}

type Actions = List<Given, 60>;

/// The actions a role has from now on.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleUpdate {
    #[validate(nested)]
    pub actions: Actions,
}

/// An action that is given.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(as = RoleAction)]
pub struct Given(#[schema(inline)] pub Action);

impl Validate for Given {
    fn validate(&self) -> std::result::Result<(), ValidationErrors> {
        Ok(())
    }
}

afpi_db::row! {
    struct Row { id: String, name_fr: String, name_en: String, version: i64, actions: Option<String> }
}

const COLUMNS: &str = "SELECT r.id, r.name_fr, r.name_en, r.version, \
     (SELECT GROUP_CONCAT(ra.action) FROM role_actions ra WHERE ra.role_id = r.id) AS actions FROM roles r";

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get, patch))
}

fn show(row: Row) -> Result<Record> {
    let id = Role::parse(&row.id).ok_or_else(|| internal(format!("the unknown role {} is stored", row.id)))?;
    let access = Access::stored(id, row.actions.as_deref().unwrap_or_default());
    Ok(Record {
        id,
        name: text(row.name_fr, row.name_en),
        reach: id.reach(),
        actions: access.actions().collect(),
        grantable: Action::every().filter(|action| id.ceiling(*action)).collect(),
        version: row.version,
    })
}

async fn load(conn: &mut Conn, id: &str) -> Result<Record> {
    let mut query = sql(COLUMNS);
    query.push(" WHERE r.id = ?").arg(id);
    show(query.optional(conn).await?.ok_or_else(not_found)?)
}

/// What somebody of this role may do, by the code that decides.
pub async fn access(conn: &mut Conn, role: Role) -> Result<Access> {
    let words = sql("SELECT GROUP_CONCAT(ra.action) FROM role_actions ra WHERE ra.role_id = ?").bind(role.id());
    let (words,) = words.one::<(Option<String>,)>(conn).await?;
    Ok(Access::stored(role, words.as_deref().unwrap_or_default()))
}

/// The roles, in the order of the domain.
#[utoipa::path(get, path = "/", operation_id = "listRoles", tag = "roles", responses((status = 200, body = All<Record>)))]
async fn list(State(app): State<App>, _caller: Caller) -> ApiResult<Json<All<Record>>> {
    let rows: Vec<Row> = sql(COLUMNS).all(&mut app.db.read().await?).await?;
    let mut data = rows.into_iter().map(show).collect::<Result<Vec<_>>>()?;
    data.sort_by_key(|role| role.id);
    Ok(Json(All { data }))
}

/// One role.
#[utoipa::path(get, path = "/{id}", operation_id = "getRole", tag = "roles", params(("id" = String, Path)),
    responses((status = 200, body = Record), (status = 404, body = ProblemBody)))]
async fn get(State(app): State<App>, _caller: Caller, Path(id): Path<String>) -> ApiResult<impl IntoResponse> {
    Ok(answer(load(&mut app.db.read().await?, &id).await?))
}

/// Give a role these actions and no other. It counts from the next request on. The administrator keeps all of them.
#[utoipa::path(patch, path = "/{id}", operation_id = "updateRole", tag = "roles", request_body = RoleUpdate,
    params(("id" = String, Path), ("If-Match" = String, Header, description = "The version read, in quotes.")),
    responses((status = 200, body = Record), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
async fn patch(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Path(id): Path<String>,
    IfMatch(seen): IfMatch,
    Body(change): Body<RoleUpdate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::RolesWrite)?;
    let wanted: BTreeSet<Action> = change.actions.iter().map(|given| given.0).collect();
    let role = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let before = load(&mut tx, &id).await?;
        check(before.id, &change.actions)?;
        let written = sql("UPDATE roles SET version = version + 1, updated_at = ? WHERE id = ? AND version = ?")
            .bind(afpi_core::clock::now())
            .bind(&id)
            .bind(seen);
        if written.execute(&mut tx).await? == 0 {
            return Err(stale(load(&mut tx, &id).await?, vec!["/actions".into()]));
        }
        sql("DELETE FROM role_actions WHERE role_id = ?").bind(&id).execute(&mut tx).await?;
        if !wanted.is_empty() {
            let mut query = sql("INSERT INTO role_actions (role_id, action) VALUES ");
            query.rows(wanted.iter().map(|action| [id.as_str().into(), action.id().into()]));
            query.execute(&mut tx).await?;
        }
        let after = load(&mut tx, &id).await?;
        let line = Change::by(&caller, request.as_str(), Subject::Role(id.clone()), None);
        line.write(&mut tx, Some(&before), Some(&after)).await?;
        idempotency::done(&mut tx, StatusCode::OK, Some(format!("/api/roles/{id}"))).await?;
        tx.commit().await?;
        Ok::<_, Error>(after)
    })
    .await?;
    tracing::info!(user.id = %caller.id, role = id, "rights of a role changed");
    Ok(answer(role))
}

/// 409 for the administrator, who keeps everything; 422 for what the role cannot be given.
fn check(role: Role, actions: &[Given]) -> Result<()> {
    if role == Role::Admin {
        let title = text("L'administrateur garde tous les droits", "The administrator keeps all rights");
        return Err(Error::new(ErrorKind::Conflict, title));
    }
    let message = text("Ce rôle ne peut pas recevoir ce droit.", "This role cannot be given this right.");
    let beyond = actions.iter().enumerate().filter(|(_, given)| !role.ceiling(given.0));
    let problems: Vec<_> =
        beyond.map(|(i, _)| field(format!("/actions/{i}"), "not-grantable", message.clone())).collect();
    if problems.is_empty() { Ok(()) } else { Err(invalid(problems)) }
}

fn answer(role: Record) -> impl IntoResponse {
    (AppendHeaders([(ETAG, format!("\"{}\"", role.version))]), Json(role))
}
