//! `GET /api/users/{id}/access`: a person's actions, and the role that gives them.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::store;
use crate::roles;
use afpi_core::rights::{Action, Reach, Role};
use afpi_http::input::Id;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::state::App;

/// A person's present rights.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserAccess {
    /// The role that gives these rights.
    pub role: Role,
    /// An inactive account has no rights.
    pub active: bool,
    pub actions: Vec<Action>,
    pub reach: Reach,
    /// The person's localisations, unless the role covers the whole network.
    pub localisations: Vec<LocalisationRef>,
}

/// Read the effective access of a person.
#[utoipa::path(get, path = "/{id}/access", operation_id = "getUserAccess", tag = "users", params(("id" = Uuid, Path)),
    responses((status = 200, body = UserAccess), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn get(State(app): State<App>, caller: Caller, Id(id): Id) -> ApiResult<Json<UserAccess>> {
    caller.require(Action::UsersRead)?;
    let mut conn = app.db.read().await?;
    let user = store::load(&mut conn, &caller.scope(), id).await?;
    let access = roles::access(&mut conn, user.role).await?;
    let actions = if user.active { access.actions().collect() } else { vec![] };
    let (role, active, reach) = (user.role, user.active, user.role.reach());
    Ok(Json(UserAccess { role, active, actions, reach, localisations: user.localisations }))
}
