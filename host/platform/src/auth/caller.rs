//! The signed-in person of a request, read from the database each time: deactivation, a lower role and sign-out take
//! effect at once.

use std::collections::BTreeSet;

use afpi_db::{Conn, FromRow, Row, sql};
use afpi_plugins::contract::Actor;
use axum::extract::FromRequestParts;
use axum::http::{header, request::Parts};
use uuid::Uuid;

use crate::auth::tokens::TokenError;
use crate::roles::{self, Held};
use crate::state::App;
use afpi_core::clock::{Day, Instant};
use afpi_core::email;
use afpi_core::error::{Error, ErrorKind, Result, forbidden, unauthenticated};
use afpi_core::id::{LocalisationId, UserId};
use afpi_core::rights::{Action, Reach, Role};
use afpi_core::scope::Scope;
use afpi_core::text::{Locale, text};
use afpi_http::problem::Problem;

/// The signed-in person.
#[derive(Debug, Clone)]
pub struct Caller {
    pub id: UserId,
    pub name: String,
    pub email: String,
    /// The role's record; what it allows decides.
    pub role: Held,
    pub sites: Vec<LocalisationId>,
    /// The absent people whom this person stands in for today.
    pub absent: Vec<UserId>,
    pub locale: Locale,
    /// The session (refresh-token family) of the access token; nil for a key of the API.
    pub session: Uuid,
    /// The role requires a second factor, and there is none yet: only [`Entering`] lets this person in.
    pub must_set_up: bool,
}

/// The signed-in person, also before a second factor that the role requires is set up.
pub struct Entering(pub Caller);

impl Caller {
    /// Is it a key of the API, and no person?
    pub fn is_key(&self) -> bool {
        self.session.is_nil()
    }

    /// The part of the network that this person sees.
    pub fn scope(&self) -> Scope {
        Scope::of(self.reach(), self.id, self.absent.clone(), self.sites.clone())
    }

    /// The built-in role: what workflows and plugins see.
    pub fn kind(&self) -> Role {
        self.role.kind()
    }

    pub fn reach(&self) -> Reach {
        self.role.access.reach()
    }

    pub fn may(&self, action: Action) -> bool {
        self.role.access.may(action)
    }

    /// The person in the types of the contract, at a record of this owner, if it has one. Who stands in for an absent owner counts as
    /// the owner.
    pub fn actor(&self, owner: impl Into<Option<UserId>>) -> Actor {
        let owner = owner.into().is_some_and(|owner| self.id == owner || self.absent.contains(&owner));
        Actor { id: self.id.to_string(), name: self.name.clone(), role: self.kind().id().into(), owner }
    }

    /// 403 unless the role has this right.
    pub fn require(&self, action: Action) -> Result<()> {
        if self.may(action) { Ok(()) } else { Err(forbidden()) }
    }
}

struct UserRow {
    email: String,
    name: String,
    role: Held,
    active: bool,
    locale: String,
    tokens_from: Instant,
    must_set_up: bool,
    site: Option<LocalisationId>,
    absent: Option<UserId>,
}

impl FromRow for UserRow {
    fn from_row(row: &Row) -> afpi_db::Result<Self> {
        Ok(UserRow {
            email: row.get("email")?,
            name: row.get("name")?,
            role: Held::from_row(row)?,
            active: row.get("active")?,
            locale: row.get("locale")?,
            tokens_from: row.get("tokens_from")?,
            must_set_up: row.get("must_set_up")?,
            site: row.get("site")?,
            absent: row.get("absent")?,
        })
    }
}

/// Reads a user with sites, if the user is active and the session is open. Otherwise `None`.
pub async fn load(conn: &mut Conn, id: UserId, session: Uuid, issued_at: Instant) -> Result<Option<Caller>> {
    read(conn, id, Some((session, issued_at))).await
}

/// The person with this e-mail address, for what an active user does in another way than by a request. The caller has
/// made sure who it is.
pub async fn by_email(conn: &mut Conn, address: &str) -> Result<Option<Caller>> {
    let id = sql("SELECT id FROM users WHERE email = ?").bind(email::account(address));
    match id.optional::<(UserId,)>(conn).await? {
        Some((id,)) => read(conn, id, None).await,
        None => Ok(None),
    }
}

/// The person for whom a job works, as the person is now: without a session. `None` once deactivated.
pub async fn acting(conn: &mut Conn, id: UserId) -> Result<Option<Caller>> {
    read(conn, id, None).await
}

/// `signed_in`: the session of a request and when its token was issued.
async fn read(conn: &mut Conn, id: UserId, signed_in: Option<(Uuid, Instant)>) -> Result<Option<Caller>> {
    let today = Day::today();
    let mut query = sql(
        "SELECT u.email, u.name, u.active, u.locale, u.tokens_from, ul.localisation_id AS site, a.user_id AS absent, \
         (ro.second_factor AND NOT EXISTS (SELECT 1 FROM second_factors sf \
         WHERE sf.user_id = u.id AND sf.sealed IS NOT NULL)) AS must_set_up, ",
    );
    query
        .push(roles::COLUMNS)
        .push(
            " FROM users u JOIN roles ro ON ro.id = u.role_id LEFT JOIN user_localisations ul ON ul.user_id = u.id \
             LEFT JOIN absences a ON a.deputy_id = u.id AND a.from_on <= ? AND a.until_on >= ? \
             WHERE u.id = ?",
        )
        .arg(today)
        .arg(today)
        .arg(id);
    if let Some((session, _)) = signed_in {
        query.push(" AND EXISTS (SELECT 1 FROM refresh_tokens r WHERE r.family = ?)").arg(session);
    }
    let rows: Vec<UserRow> = query.all(conn).await?;
    // One row for each site and each absent person.
    let sites: BTreeSet<LocalisationId> = rows.iter().filter_map(|row| row.site).collect();
    let absent: BTreeSet<UserId> = rows.iter().filter_map(|row| row.absent).collect();
    let Some(user) = rows.into_iter().next() else { return Ok(None) };
    if !user.active || signed_in.is_some_and(|(_, issued_at)| issued_at < user.tokens_from) {
        return Ok(None);
    }
    Ok(Some(Caller {
        id,
        name: user.name,
        email: user.email,
        role: user.role,
        sites: sites.into_iter().collect(),
        absent: absent.into_iter().collect(),
        locale: Locale::parse(&user.locale),
        session: signed_in.map_or_else(Uuid::nil, |(session, _)| session),
        must_set_up: user.must_set_up,
    }))
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Entering(caller) = Entering::from_request_parts(parts, app).await?;
        if caller.must_set_up {
            let detail = text(
                "Votre rôle exige un second facteur : mettez-le d'abord en place.",
                "Your role requires a second factor: set it up first.",
            );
            let title = text("Second facteur à mettre en place", "Second factor to set up");
            return Err(Error::new(ErrorKind::SecondFactorSetup, title).detail(detail).into());
        }
        Ok(caller)
    }
}

impl FromRequestParts<App> for Entering {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        // Read before in this request.
        if let Some(caller) = parts.extensions.get::<Caller>() {
            return Ok(Entering(caller.clone()));
        }
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
        parts.extensions.insert(caller.clone());
        Ok(Entering(caller))
    }
}
