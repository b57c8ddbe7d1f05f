//! `POST /auth/login`, `/auth/refresh`, `/auth/logout`.

use std::net::IpAddr;

use afpi_db::sql;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::cookie::CookieJar;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use crate::address::ClientAddress;
use crate::auth::attempt;
use crate::auth::caller::{self, Caller, Entering};
use crate::auth::me::Me;
use crate::auth::password::Password;
use crate::auth::second_factor::{self, endpoints::Code};
use crate::auth::session::{self, Beginning, RefreshToken, Turn};
use crate::auth::throttle::{self, Tried};
use crate::journal::{Activity, Actor, Author, Subject, field};
use crate::state::App;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, internal, unauthenticated};
use afpi_core::id::UserId;
use afpi_core::text::text;
use afpi_http::input::{Body, stated};
use afpi_http::problem::{ApiResult, Problem, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::{Exact, MAX_EMAIL};

/// An e-mail address to look up, as typed.
pub(super) type Address = Exact<1, MAX_EMAIL>;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    #[validate(nested)]
    pub email: Address,
    #[validate(nested)]
    pub password: Password,
    /// Of a person with a second factor: a code of the application, or a recovery code. Without one the answer is 401
    /// `second-factor-required`.
    #[serde(default, deserialize_with = "stated")]
    #[validate(nested)]
    pub code: Option<Code>,
}

/// A session's access token. The cookie carries the refresh token.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    pub token: String,
    /// Lifetime of the token, in seconds.
    pub expires_in: u64,
    pub user: Me,
}

/// Sign in.
#[utoipa::path(post, path = "/login", operation_id = "login", tag = "auth", security(()), request_body = Credentials,
    responses((status = 200, body = Session), (status = 401, body = ProblemBody), (status = 429, body = ProblemBody),
    (status = 503, body = ProblemBody, description = "Too many sign-ins at once, or the database is away.")))]
pub async fn login(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    beginning: Beginning,
    jar: CookieJar,
    request: RequestId,
    Body(input): Body<Credentials>,
) -> ApiResult<(CookieJar, Json<Session>)> {
    let email = afpi_core::email::account(&input.email);
    let known = {
        let mut conn = app.db.read().await?;
        // Older browsers sent domains in ASCII, and they were stored so.
        sql("SELECT id, password_hash, active FROM users WHERE email IN (?, ?)")
            .bind(&email)
            .bind(afpi_core::email::key(&email))
            .optional::<(UserId, String, bool)>(&mut conn)
            .await?
    };
    let hash = known.as_ref().filter(|(.., active)| *active).map(|(_, hash, _)| hash.clone());
    let account = attempt::Account { email: &email, user: known.as_ref().map(|(id, ..)| *id), hash };
    let fits = attempt::fits(&app, account, address, input.password.into(), request.as_str()).await?;

    let Some((user, ..)) = known.filter(|_| fits) else {
        app.metrics.login(false);
        tracing::warn!(client.address = %address, "login failed");
        return Err(Error::new(
            ErrorKind::BadCredentials,
            text("E-mail ou mot de passe incorrect", "Wrong e-mail or password"),
        )
        .into());
    };
    let has_second = second_factor::has(&mut app.db.read().await?, user).await?;
    let code = match input.code {
        Some(code) if has_second => {
            second_factor::attempt(&app, user, address).await?;
            Some(String::from(code))
        }
        None if has_second => return Err(code_required().into()),
        _ => None,
    };
    let now = Instant::now();
    let mut tx = app.db.begin().await?;
    let proof = match &code {
        Some(code) => {
            let Some(proof) = second_factor::take(&mut tx, &app.secrets, user, code, now).await? else {
                drop(tx);
                return Err(wrong_code(&app, user, address, &request).await?.into());
            };
            throttle::forgive(&mut tx, Tried::Code(user), address).await?;
            Some(proof)
        }
        None => None,
    };
    throttle::succeeded(&mut tx, Tried::Password(&email), address, now).await?;
    sql("UPDATE users SET last_login_at = ? WHERE id = ?").bind(now).bind(user).execute(&mut tx).await?;
    let author = Author { actor: Actor::Person(user), correlation_id: request.as_str() };
    let mut how = attempt::from(address);
    if let Some(proof) = proof {
        how.push(field("secondFactor", Value::Null, proof.as_str()));
    }
    author.on(Subject::User(user), None).record(&mut tx, Activity::SignedIn, how).await?;
    let (refresh, family) = session::start(&mut tx, user, &beginning, &app.config, now).await?;
    let caller = caller::load(&mut tx, user, family, now).await?.ok_or_else(unauthenticated)?;
    let answer = open(&app, &mut tx, caller).await?;
    tx.commit().await?;
    app.metrics.login(true);
    tracing::info!(user.id = %user, client.address = %address, "signed in");
    Ok((jar.add(refresh.cookie(&app.config)), Json(answer)))
}

/// 401: the password is right, and a code must follow.
fn code_required() -> Error {
    let detail = text("Indiquez un code de votre application.", "Enter a code of your application.");
    Error::new(ErrorKind::SecondFactorRequired, text("Second facteur demandé", "Second factor required")).detail(detail)
}

/// 401, with a line in the journal: somebody knows the password.
async fn wrong_code(app: &App, user: UserId, address: IpAddr, request: &RequestId) -> Result<Error> {
    app.metrics.login(false);
    tracing::warn!(user.id = %user, client.address = %address, "wrong second factor");
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let mut how = attempt::from(address);
        how.push(field("secondFactor", Value::Null, "wrong"));
        let author = Author { actor: Actor::System, correlation_id: request.as_str() };
        author.on(Subject::User(user), None).record(&mut tx, Activity::SignInRefused, how).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    let detail = text(
        "Ce code est faux, ou il a déjà servi. Attendez le suivant, ou prenez un code de secours.",
        "This code is wrong, or it was used. Wait for the next one, or take a recovery code.",
    );
    Ok(Error::new(ErrorKind::WrongCode, text("Code refusé", "Code refused")).detail(detail))
}

/// Exchange the refresh token in the cookie for a new access token. The cookie gets the next refresh token.
#[utoipa::path(post, path = "/refresh", operation_id = "refresh", tag = "auth", security(()),
    responses((status = 200, body = Session), (status = 401, body = ProblemBody)))]
pub async fn refresh(
    State(app): State<App>,
    jar: CookieJar,
    request: RequestId,
) -> Result<(CookieJar, Json<Session>), (CookieJar, Problem)> {
    let gone = jar.clone().add(session::no_cookie(&app.config));
    match turn(&app, &jar, request.as_str()).await {
        Ok((token, answer)) => Ok((jar.add(token.cookie(&app.config)), Json(answer))),
        // Only a refusal removes the cookie. While the database is away the session must survive.
        Err(error) if error.kind() == ErrorKind::Unauthenticated => Err((gone, Problem(error))),
        Err(error) => Err((jar, Problem(error))),
    }
}

async fn turn(app: &App, jar: &CookieJar, correlation_id: &str) -> Result<(RefreshToken, Session)> {
    let now = Instant::now();
    let token = RefreshToken::of(jar, &app.config).ok_or_else(unauthenticated)?;
    let mut tx = app.db.begin().await?;
    let ended = |user| Author { actor: Actor::System, correlation_id }.on(Subject::User(user), None);
    match session::turn(&mut tx, &token, &app.successors, &app.config, now).await? {
        Turn::Good { user, family, next } => {
            // The token is issued now, so the user's row is checked again.
            let Some(caller) = caller::load(&mut tx, user, family, now).await? else {
                session::end_all(&mut tx, user, None).await?;
                ended(user).record(&mut tx, Activity::SessionsEnded, vec![]).await?;
                tx.commit().await?;
                return Err(unauthenticated());
            };
            let answer = open(app, &mut tx, caller).await?;
            tx.commit().await?;
            Ok((next, answer))
        }
        Turn::Replayed { user } => {
            ended(user).record(&mut tx, Activity::SessionsEnded, vec![]).await?;
            tx.commit().await?;
            tracing::warn!(user.id = %user, "refresh token replayed: session family ended");
            Err(unauthenticated())
        }
        Turn::Unknown => Err(unauthenticated()),
    }
}

async fn open(app: &App, conn: &mut afpi_db::Conn, caller: Caller) -> Result<Session> {
    let (token, expires_in) = app.tokens.issue(caller.id, caller.session).map_err(internal)?;
    Ok(Session { token, expires_in, user: Me::of(app, conn, caller).await? })
}

/// Sign out. The tokens of this session stop working at once. The cookie alone is enough, so an expired access token
/// does not matter. Signing out twice is no error.
#[utoipa::path(post, path = "/logout", operation_id = "logout", tag = "auth", security(()), responses((status = 204)))]
pub async fn logout(
    State(app): State<App>,
    jar: CookieJar,
    request: RequestId,
    caller: Result<Entering, Problem>,
) -> ApiResult<(StatusCode, CookieJar)> {
    let token = RefreshToken::of(&jar, &app.config);
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let mut ended = match &token {
            Some(token) => session::end_of(&mut tx, token).await?,
            None => None,
        };
        if let Ok(Entering(caller)) = &caller
            && session::end_family(&mut tx, caller.session).await?
        {
            ended = Some(caller.id);
        }
        if let Some(user) = ended {
            let author = Author { actor: Actor::Person(user), correlation_id: request.as_str() };
            author.on(Subject::User(user), None).record(&mut tx, Activity::SignedOut, vec![]).await?;
        }
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    Ok((StatusCode::NO_CONTENT, jar.add(session::no_cookie(&app.config))))
}
