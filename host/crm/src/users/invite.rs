//! `POST /api/users/{id}/invitation`: a link with which a new person chooses a password. Where there is a mail server it
//! goes to the person, and nobody else sees it. Otherwise the caller gets it, to hand it over: nobody types or knows
//! another person's password either way.

use afpi_db::{DbError, Tx};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::create::may_manage;
use super::read::User;
use super::store;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result};
use afpi_core::id::UserId;
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_http::input::Id;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::auth::letters;
use afpi_platform::auth::links::{self, Purpose, Secret};
use afpi_platform::journal::{Activity, Change, Subject};
use afpi_platform::state::App;

/// An invitation that was made.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    pub expires_at: Instant,
    /// The link to hand over, where no letters are sent. It is told only here.
    #[schema(required = true)]
    pub link: Option<String>,
}

/// Makes an invitation in the transaction, ends the one before, and enqueues its letter if there is a mail server.
pub(super) async fn invite(
    tx: &mut Tx,
    (app, caller, request): (&App, &Caller, &RequestId),
    user: UserId,
) -> Result<(Secret, Instant)> {
    let (secret, expires_at) = links::make(tx, user, Purpose::Invitation, Instant::now()).await?;
    if app.config.sends_letters() {
        let job = letters::link(&app.secrets, &secret, request.as_str());
        afpi_jobs::enqueue(tx, &job).await.map_err(DbError::from)?;
    }
    Change::by(caller, request.as_str(), Subject::User(user), None).record(tx, Activity::LinkSent, vec![]).await?;
    Ok((secret, expires_at))
}

/// Invite a person who has no password yet, or invite again. The former link ends.
#[utoipa::path(post, path = "/{id}/invitation", operation_id = "inviteUser", tag = "users", params(("id" = Uuid, Path)),
    responses((status = 200, body = Invitation), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "The person has a password, or the account is switched off.")))]
pub(super) async fn post(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<UserId>,
) -> ApiResult<Json<Invitation>> {
    caller.require(Action::UsersWrite)?;
    let (secret, expires_at) = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let user = store::load(&mut tx, &caller.scope(), id).await?;
        may_manage(&caller, &user.access, user.localisations.iter().map(|site| site.id))?;
        invitable(&user)?;
        let made = invite(&mut tx, (&app, &caller, &request), id).await?;
        tx.commit().await?;
        Ok::<_, Error>(made)
    })
    .await?;
    app.jobs.wake();
    tracing::info!(user.id = %caller.id, invited.id = %id, "person invited");
    let link = (!app.config.sends_letters()).then(|| secret.url(&app.config).to_string());
    Ok(Json(Invitation { expires_at, link }))
}

fn invitable(user: &User) -> Result<()> {
    let refused = |fr: &str, en: &str| Err(Error::new(ErrorKind::Conflict, text(fr, en)));
    if !user.active {
        return refused("Ce compte est désactivé", "This account is deactivated");
    }
    if !user.invited {
        return refused("Cette personne a déjà un mot de passe", "This person has a password already");
    }
    Ok(())
}
