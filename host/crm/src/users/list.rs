//! `GET /api/users` and `/api/users/commerciaux`.

use afpi_db::{FromRow, Row, Sql};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::openapi::Object;

use super::description;
use super::store::{self, COLUMNS, UserRow, read_role};
use super::{User, UserRef};
use crate::search::{Kind, found, index, nearly, seek};
use afpi_core::error::Result;
use afpi_core::id::{LocalisationId, UserId};
use afpi_core::rights::{Action, Reach, Role};
use afpi_core::scope::Scope;
use afpi_http::input::Params;
use afpi_http::paging::{All, Count, Key, Page, PageRequest, Sorts};
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
    /// Words of the name or the address.
    q: Option<String>,
    /// The built-in role that theirs stands on.
    role: Option<Role>,
    /// Exactly this role.
    role_id: Option<String>,
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
    active: Option<bool>,
    /// Those who have not chosen a password yet, or the others.
    invited: Option<bool>,
}

static SORTS: Sorts<UserRow> = Sorts {
    default: "name",
    keys: &[
        description::NAME.sort(|r| Key::Bytes(r.name_key.clone())),
        description::EMAIL.sort(|r| Key::Text(r.email.clone())),
        description::CREATED_AT.sort(|r| Key::Int(r.created_at.millis())),
    ],
};

fn sorts() -> Object {
    SORTS.schema()
}

fn filter(query: &mut Sql, f: &Filters, found: Option<&[UserId]>) {
    if let Some(ids) = found {
        query.push(" AND u.id IN ").list(ids);
    }
    description::ROLE.equals(query, f.role.map(Role::id));
    description::ROLE_ID.equals(query, f.role_id.as_deref());
    if let Some(site) = f.localisation_id {
        query
            .push(" AND EXISTS (SELECT 1 FROM user_localisations x WHERE x.user_id = u.id AND x.localisation_id = ?)")
            .arg(site);
    }
    description::ACTIVE.equals(query, f.active);
    if let Some(invited) = f.invited {
        query.push(if invited { " AND u.password_hash = ''" } else { " AND u.password_hash <> ''" });
    }
}

/// Ids of people whose name or address contains every word, or nearly so when there is nobody. There are only some
/// hundreds of people: without the index the search runs here, and needs no column of its own.
async fn search(app: &App, scope: &Scope, q: &str) -> Result<Vec<UserId>> {
    let mut ids = Vec::new();
    let known = seek(app, Kind::User, Some(q)).await?;
    let nearly = known.as_ref().filter(|known| known.is_empty()).and_then(|_| nearly(app, Kind::User, Some(q)));
    if let Some(known) = nearly.or(known) {
        return Ok(known.into_iter().map(UserId::from).collect());
    }
    scope
        .users("u.id, u.name, u.email", "")
        .each(&mut app.db.read().await?, |row| {
            let (name, email) = (row.get::<String>("name")?, row.get::<String>("email")?);
            if found(&index([name.as_str(), &email], usize::MAX), q) {
                ids.push(row.get("id")?);
            }
            Ok(true)
        })
        .await?;
    Ok(ids)
}

/// List people.
#[utoipa::path(get, path = "/", operation_id = "listUsers", tag = "users", params(Filters),
    responses((status = 200, body = Page<User>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(f): Params<Filters>,
) -> ApiResult<Json<Page<User>>> {
    caller.require(Action::UsersRead)?;
    let bound = (&f.q, &f.role, &f.role_id, &f.localisation_id, &f.active, &f.invited);
    let page = PageRequest::new(f.limit, f.sort.as_deref(), f.cursor.as_deref(), f.count, &SORTS, &bound)?;
    let scope = caller.scope();
    let found = match f.q.as_deref().filter(|q| !q.trim().is_empty()) {
        Some(q) => Some(search(&app, &scope, q).await?),
        None => None,
    };
    let mut conn = app.db.read().await?;
    let mut matching = scope.users("1", "");
    filter(&mut matching, &f, found.as_deref());
    let total = page.total(&mut conn, matching).await?;
    let mut query = scope.users(COLUMNS, "");
    filter(&mut query, &f, found.as_deref());
    page.apply(&mut query, "u.id");
    let Page { data, meta } = page.page(query.all(&mut conn).await?, total, |r: &UserRow| r.id.uuid(), |row| row);
    Ok(Json(Page { data: store::show(&mut conn, data).await?, meta }))
}

impl FromRow for UserRef {
    fn from_row(row: &Row) -> afpi_db::Result<Self> {
        Ok(UserRef { id: row.get("id")?, name: row.get("name")?, role: read_role(row, "role")? })
    }
}

/// The localisation of the people to offer.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AtSite {
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
}

/// List the people who can own an opportunité: those of the caller's localisations and those who work for the whole
/// network.
#[utoipa::path(get, path = "/commerciaux", operation_id = "listCommerciaux", tag = "opportunites", params(AtSite),
    responses((status = 200, body = All<UserRef>), (status = 401, body = ProblemBody)))]
pub(super) async fn commerciaux(
    State(app): State<App>,
    caller: Caller,
    Params(at): Params<AtSite>,
) -> ApiResult<Json<All<UserRef>>> {
    let owners = [Role::Commercial, Role::Manager, Role::ResponsableCommercial];
    let mut query = caller.scope().colleagues("u.id, u.name, u.role", "");
    query.push(" AND u.active = ?").arg(true).push(" AND u.role IN ").list(owners.map(Role::id));
    query
        .push(" AND EXISTS (SELECT 1 FROM role_actions ra WHERE ra.role_id = u.role_id AND ra.action = ?)")
        .arg(Action::OpportunitesCreate.id());
    if let Some(site) = at.localisation_id {
        query.push(
            " AND (EXISTS (SELECT 1 FROM roles rn WHERE rn.id = u.role_id AND rn.reach = ?) \
             OR EXISTS (SELECT 1 FROM user_localisations x WHERE x.user_id = u.id AND x.localisation_id = ?))",
        );
        query.arg(Reach::Network.id()).arg(site);
    }
    query.push(" ORDER BY u.name_key, u.id");
    let mut conn = app.db.read().await?;
    Ok(Json(All { data: query.all(&mut conn).await? }))
}
