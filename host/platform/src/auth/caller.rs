//! The signed-in person of a request, read from the database each time: deactivation, a lower role and sign-out take
//! effect at once.

use afpi_db::{Conn, sql};
use afpi_plugins::contract::Actor;
use axum::extract::FromRequestParts;
use axum::http::{header, request::Parts};
use uuid::Uuid;

use crate::auth::tokens::TokenError;
use crate::state::App;
use afpi_core::error::{Error, ErrorKind, Result, forbidden, internal, unauthenticated};
use afpi_core::rights::{Access, Action, Role};
use afpi_core::scope::Scope;
use afpi_core::text::{Locale, text};
use afpi_http::problem::Problem;

/// The signed-in person.
#[derive(Debug, Clone)]
pub struct Caller {
    pub id: Uuid,
    pub name: String,
    pub email: String,
    pub role: Role,
    /// The role's rights, from the database.
    pub access: Access,
    pub sites: Vec<Uuid>,
    pub locale: Locale,
    /// The session (refresh-token family) of the access token.
    pub session: Uuid,
}

impl Caller {
    /// The part of the network that this person sees.
    pub fn scope(&self) -> Scope {
        Scope::of(self.role, self.id, self.sites.clone())
    }

    pub fn may(&self, action: Action) -> bool {
        self.access.may(action)
    }

    /// The person in the types of the contract. `owner`: does the record belong to this person?
    pub fn actor(&self, owner: bool) -> Actor {
        Actor { id: self.id.to_string(), name: self.name.clone(), role: self.role.id().into(), owner }
    }

    /// 403 unless the role has this right.
    pub fn require(&self, action: Action) -> Result<()> {
        if self.may(action) { Ok(()) } else { Err(forbidden()) }
    }
}

afpi_db::row! {
    struct UserRow { email: String, name: String, role: String, active: bool, locale: String, tokens_from: i64, site: Option<Uuid>, actions: Option<String> }
}

/// Reads a user with sites, if the user is active and the session is open. Otherwise `None`.
pub async fn load(conn: &mut Conn, id: Uuid, session: Uuid, issued_at: i64) -> Result<Option<Caller>> {
    let rows: Vec<UserRow> =
        sql("SELECT u.email, u.name, u.role, u.active, u.locale, u.tokens_from, ul.localisation_id AS site, \
         (SELECT GROUP_CONCAT(ra.action) FROM role_actions ra WHERE ra.role_id = u.role) AS actions \
         FROM users u LEFT JOIN user_localisations ul ON ul.user_id = u.id \
         WHERE u.id = ? AND EXISTS (SELECT 1 FROM refresh_tokens r WHERE r.family = ?)")
        .bind(id)
        .bind(session)
        .all(conn)
        .await?;
    let sites = rows.iter().filter_map(|row| row.site).collect();
    let Some(user) = rows.into_iter().next() else { return Ok(None) };
    if !user.active || issued_at < user.tokens_from {
        return Ok(None);
    }
    let role =
        Role::parse(&user.role).ok_or_else(|| internal(format!("user {id} has the unknown role {}", user.role)))?;
    Ok(Some(Caller {
        id,
        name: user.name,
        email: user.email,
        role,
        access: Access::stored(role, user.actions.as_deref().unwrap_or_default()),
        sites,
        locale: Locale::parse(&user.locale),
        session,
    }))
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let token = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(unauthenticated)?;
        let bearer = app.tokens.check(token.trim()).map_err(|error| match error {
            TokenError::Expired => {
                Error::new(ErrorKind::TokenExpired, text("Session à renouveler", "Access token expired"))
            }
            TokenError::Invalid => unauthenticated(),
        })?;
        let mut conn = app.db.read().await?;
        let caller =
            load(&mut conn, bearer.user, bearer.session, bearer.issued_at).await?.ok_or_else(unauthenticated)?;
        app.metrics.seen(caller.id);
        Ok(caller)
    }
}
