//! `/auth/second-factor`: one's own second factor. The password is asked again, so that whoever finds an open session
//! cannot lock its person out.

use std::net::IpAddr;

use afpi_db::sql;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::totp::{self, Qr};
use super::{attempt, begin, clear, confirmed, recovery, settle};
use crate::address::ClientAddress;
use crate::auth::attempt::{Account, fits};
use crate::auth::caller::{Caller, Entering};
use crate::auth::letters;
use crate::auth::password::Password;
use crate::auth::session;
use crate::auth::throttle::{self, Tried};
use crate::bus::BusEvent;
use crate::journal::{Activity, Change, Subject};
use crate::state::App;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, field, invalid};
use afpi_core::text::text;
use afpi_http::input::Body;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Exact;

/// A code of an application, or a recovery code, as typed.
pub type Code = Exact<1, 40>;

/// My second factor.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecondFactor {
    /// Since when there is one.
    #[schema(required = true)]
    pub since: Option<Instant>,
    /// Recovery codes that were not used.
    pub recovery_codes_left: i64,
    /// My role requires one.
    pub required: bool,
}

/// What a person's application needs. It is told once.
#[derive(Serialize, ToSchema)]
pub struct SecondFactorStart {
    /// In base 32, to be typed where no camera is.
    pub secret: String,
    /// The content of the QR code.
    pub uri: String,
    pub qr: Qr,
}

/// New recovery codes. They are told once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryCodes {
    pub recovery_codes: Vec<String>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnPassword {
    #[validate(nested)]
    pub password: Password,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnCode {
    #[validate(nested)]
    pub code: Code,
}

/// Read my second factor.
#[utoipa::path(get, path = "/second-factor", operation_id = "getSecondFactor", tag = "auth",
    responses((status = 200, body = SecondFactor)))]
pub async fn read(State(app): State<App>, Entering(caller): Entering) -> ApiResult<Json<SecondFactor>> {
    let mut conn = app.db.read().await?;
    Ok(Json(SecondFactor {
        since: confirmed(&mut conn, caller.id).await?,
        recovery_codes_left: recovery::left(&mut conn, caller.id).await?,
        required: caller.role.second_factor,
    }))
}

/// 422 for a wrong password, which counts as a failed sign-in.
async fn own(app: &App, caller: &Caller, address: IpAddr, password: Password, request: &RequestId) -> Result<()> {
    let hash: String = {
        let mut conn = app.db.read().await?;
        sql("SELECT password_hash FROM users WHERE id = ?").bind(caller.id).scalar(&mut conn).await?
    };
    let account = Account { email: &caller.email, user: Some(caller.id), hash: Some(hash) };
    if fits(app, account, address, password.into(), request.as_str()).await? {
        return Ok(());
    }
    Err(invalid(vec![field("/password", "bad-credentials", text("Mot de passe incorrect.", "Wrong password."))]))
}

fn told<'a>(caller: &Caller, request: &'a RequestId) -> Change<'a> {
    Change::by(caller, request.as_str(), Subject::User(caller.id), None)
}

/// Begin to set up a second factor, or another phone. The one before counts until the new one is confirmed.
#[utoipa::path(post, path = "/second-factor", operation_id = "startSecondFactor", tag = "auth", request_body = OwnPassword,
    responses((status = 200, body = SecondFactorStart), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn start(
    State(app): State<App>,
    Entering(caller): Entering,
    ClientAddress(address): ClientAddress,
    request: RequestId,
    Body(input): Body<OwnPassword>,
) -> ApiResult<Json<SecondFactorStart>> {
    own(&app, &caller, address, input.password, &request).await?;
    let secret = totp::fresh();
    let uri = totp::uri(&secret, &caller.email)?;
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        begin(&mut tx, &app.secrets, caller.id, &secret).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    Ok(Json(SecondFactorStart { qr: Qr::of(&uri)?, uri, secret: secret.to_string() }))
}

/// Confirm it with its first code. My other sessions end. The answer has the recovery codes.
#[utoipa::path(post, path = "/second-factor/confirm", operation_id = "confirmSecondFactor", tag = "auth", request_body = OwnCode,
    responses((status = 200, body = RecoveryCodes), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn confirm(
    State(app): State<App>,
    Entering(caller): Entering,
    ClientAddress(address): ClientAddress,
    request: RequestId,
    Body(input): Body<OwnCode>,
) -> ApiResult<Json<RecoveryCodes>> {
    attempt(&app, caller.id, address).await?;
    let codes = afpi_db::retry(|| async {
        let now = Instant::now();
        let mut tx = app.db.begin().await?;
        let Some(codes) = settle(&mut tx, &app.secrets, caller.id, &input.code, now).await? else { return Ok(None) };
        throttle::forgive(&mut tx, Tried::Code(caller.id), address).await?;
        session::end_all(&mut tx, caller.id, Some(caller.session)).await?;
        told(&caller, &request).record(&mut tx, Activity::SecondFactorSet, vec![]).await?;
        letters::notice(&mut tx, &app.config, caller.id, Activity::SecondFactorSet, now, request.as_str()).await?;
        tx.commit().await?;
        Ok::<_, Error>(Some(codes))
    })
    .await?;
    let Some(recovery_codes) = codes else {
        let message = text(
            "Ce n'est pas le code affiché maintenant. L'heure du téléphone est-elle juste ?",
            "This is not the code that is shown now. Is the clock of the phone right?",
        );
        return Err(invalid(vec![field("/code", "wrong-code", message)]).into());
    };
    app.jobs.wake();
    app.bus.publish(BusEvent::Account { user: caller.id });
    Ok(Json(RecoveryCodes { recovery_codes }))
}

/// Get new recovery codes instead of the ones before.
#[utoipa::path(post, path = "/second-factor/recovery-codes", operation_id = "renewRecoveryCodes", tag = "auth", request_body = OwnPassword,
    responses((status = 200, body = RecoveryCodes), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn renew(
    State(app): State<App>,
    caller: Caller,
    ClientAddress(address): ClientAddress,
    request: RequestId,
    Body(input): Body<OwnPassword>,
) -> ApiResult<Json<RecoveryCodes>> {
    own(&app, &caller, address, input.password, &request).await?;
    let recovery_codes = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        if confirmed(&mut tx, caller.id).await?.is_none() {
            return Err(Error::new(ErrorKind::Conflict, text("Pas de second facteur", "No second factor")));
        }
        let codes = recovery::renew(&mut tx, caller.id).await?;
        told(&caller, &request).record(&mut tx, Activity::RecoveryCodesRenewed, vec![]).await?;
        let (what, now) = (Activity::RecoveryCodesRenewed, Instant::now());
        letters::notice(&mut tx, &app.config, caller.id, what, now, request.as_str()).await?;
        tx.commit().await?;
        Ok(codes)
    })
    .await?;
    app.jobs.wake();
    Ok(Json(RecoveryCodes { recovery_codes }))
}

/// Do without a second factor. 409 if my role requires one.
#[utoipa::path(post, path = "/second-factor/remove", operation_id = "removeSecondFactor", tag = "auth", request_body = OwnPassword,
    responses((status = 204), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn remove(
    State(app): State<App>,
    caller: Caller,
    ClientAddress(address): ClientAddress,
    request: RequestId,
    Body(input): Body<OwnPassword>,
) -> ApiResult<StatusCode> {
    if caller.role.second_factor {
        let title = text("Votre rôle exige un second facteur", "Your role requires a second factor");
        return Err(Error::new(ErrorKind::Conflict, title).into());
    }
    own(&app, &caller, address, input.password, &request).await?;
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        if clear(&mut tx, caller.id).await? {
            told(&caller, &request).record(&mut tx, Activity::SecondFactorRemoved, vec![]).await?;
            let (what, now) = (Activity::SecondFactorRemoved, Instant::now());
            letters::notice(&mut tx, &app.config, caller.id, what, now, request.as_str()).await?;
        }
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    app.jobs.wake();
    Ok(StatusCode::NO_CONTENT)
}
