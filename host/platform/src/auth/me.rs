//! `GET /auth/me` and `POST /auth/password`: the signed-in person.

use afpi_db::{Conn, sql};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::address::ClientAddress;
use crate::auth::caller::{Caller, Entering};
use crate::auth::password::Password;
use crate::auth::throttle::Tried;
use crate::auth::weak::Owner;
use crate::auth::{attempt, letters, links, password, session, throttle};
use crate::journal::{Activity, Change, Subject};
use crate::localisations::LocalisationRef;
use crate::state::App;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result, field, invalid};
use afpi_core::id::UserId;
use afpi_core::rights::{Action, Reach, Role};
use afpi_core::text::{Text, text};
use afpi_http::input::Body;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;

/// The signed-in person and the rights of the role, for display. The server checks every request anyway.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    #[schema(value_type = Uuid)]
    pub id: UserId,
    pub email: String,
    pub name: String,
    /// The built-in role, as workflows see it.
    pub role: Role,
    pub role_id: String,
    pub role_name: Text,
    /// How far the role sees.
    pub reach: Reach,
    pub localisations: Vec<LocalisationRef>,
    pub locale: String,
    pub permissions: Vec<&'static str>,
    pub demo: bool,
    /// Does this installation send letters? Without a mail server, links are handed over by people.
    pub letters: bool,
    /// The role requires a second factor, and nothing else is answered before it is set up.
    pub must_set_up_second_factor: bool,
}

impl Me {
    /// Network-wide roles get all localisations, for the site switcher.
    pub async fn of(app: &App, conn: &mut Conn, caller: Caller) -> Result<Me> {
        let scope = caller.scope();
        let all = crate::localisations::all(conn).await?;
        Ok(Me {
            id: caller.id,
            role: caller.kind(),
            reach: caller.reach(),
            permissions: caller.role.access.actions().map(Action::id).collect(),
            email: caller.email,
            name: caller.name,
            role_id: caller.role.id,
            role_name: caller.role.name,
            localisations: all.into_iter().filter(|l| scope.covers_site(l.id)).collect(),
            locale: caller.locale.as_str().into(),
            demo: app.config.demo.is_some(),
            letters: app.config.sends_letters(),
            must_set_up_second_factor: caller.must_set_up,
        })
    }
}

/// Read the signed-in person.
#[utoipa::path(get, path = "/me", operation_id = "getMe", tag = "auth", responses((status = 200, body = Me), (status = 401, body = ProblemBody)))]
pub async fn me(State(app): State<App>, Entering(caller): Entering) -> ApiResult<Json<Me>> {
    let mut conn = app.db.read().await?;
    Ok(Json(Me::of(&app, &mut conn, caller).await?))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    #[validate(nested)]
    pub current: Password,
    #[validate(nested)]
    pub new: Password,
}

/// Change my password. My other sessions end. A wrong current password counts as a failed sign-in.
#[utoipa::path(post, path = "/password", operation_id = "changePassword", tag = "auth", request_body = PasswordChange,
    responses((status = 204), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn change_password(
    State(app): State<App>,
    caller: Caller,
    ClientAddress(address): ClientAddress,
    request: RequestId,
    Body(input): Body<PasswordChange>,
) -> ApiResult<StatusCode> {
    let hash: String = {
        let mut conn = app.db.read().await?;
        sql("SELECT password_hash FROM users WHERE id = ?").bind(caller.id).scalar(&mut conn).await?
    };
    let account = attempt::Account { email: &caller.email, user: Some(caller.id), hash: Some(hash) };
    if !attempt::fits(&app, account, address, input.current.into(), request.as_str()).await? {
        return Err(invalid(vec![field(
            "/current",
            "bad-credentials",
            text("Mot de passe actuel incorrect.", "Wrong current password."),
        )])
        .into());
    }
    let problems = password::check_new(&input.new, Owner { email: &caller.email, name: &caller.name }, "/new");
    if !problems.is_empty() {
        return Err(invalid(problems).into());
    }
    let hash = password::hash(input.new.into()).await?;
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        throttle::succeeded(&mut tx, Tried::Password(&caller.email), address, Instant::now()).await?;
        sql("UPDATE users SET password_hash = ?, version = version + 1 WHERE id = ?")
            .bind(&hash)
            .bind(caller.id)
            .execute(&mut tx)
            .await?;
        session::end_all(&mut tx, caller.id, Some(caller.session)).await?;
        links::end_all(&mut tx, caller.id, Instant::now()).await?;
        let set = Change::by(&caller, request.as_str(), Subject::User(caller.id), None);
        set.record(&mut tx, Activity::PasswordSet, vec![]).await?;
        let (what, now) = (Activity::PasswordSet, Instant::now());
        letters::notice(&mut tx, &app.config, caller.id, what, now, request.as_str()).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    app.jobs.wake();
    Ok(StatusCode::NO_CONTENT)
}
