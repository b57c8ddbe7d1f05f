//! `GET /api/users/{id}`; the JSON form of a person.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, header::ETAG};
use axum::response::{AppendHeaders, IntoResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::store;
use afpi_core::access::Access;
use afpi_core::clock::Instant;
use afpi_core::id::UserId;
use afpi_core::rights::{Action, Role};
use afpi_core::scope::Loaded;
use afpi_core::text::Text;
use afpi_http::input::Id;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::state::App;

/// A person with an account.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    #[schema(value_type = Uuid)]
    pub id: UserId,
    pub email: String,
    pub name: String,
    /// The built-in role, as workflows see it.
    pub role: Role,
    pub role_id: String,
    pub role_name: Text,
    /// What the role allows.
    #[serde(skip)]
    pub access: Access,
    pub localisations: Vec<LocalisationRef>,
    pub active: bool,
    /// Sign-in asks for a second factor.
    pub has_second_factor: bool,
    /// The person has not chosen a password yet.
    pub invited: bool,
    /// Until when the invitation can be accepted. None without one.
    pub invitation_expires_at: Option<Instant>,
    /// `fr` or `en`.
    pub locale: String,
    pub created_at: Instant,
    pub last_login_at: Option<Instant>,
    pub version: i64,
}

/// Read a person.
#[utoipa::path(get, path = "/{id}", operation_id = "getUser", tag = "users", params(("id" = Uuid, Path)),
    responses((status = 200, body = User), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn get(State(app): State<App>, caller: Caller, Id(id): Id<UserId>) -> ApiResult<impl IntoResponse> {
    caller.require(Action::UsersRead)?;
    let mut conn = app.db.read().await?;
    Ok(answer(store::load(&mut conn, &caller.scope(), id).await?))
}

/// A person with the version as `ETag`.
pub(super) fn answer(user: Loaded<User>) -> (AppendHeaders<[(HeaderName, String); 1]>, Json<User>) {
    (AppendHeaders([(ETAG, format!("\"{}\"", user.version))]), Json(user.into_inner()))
}
