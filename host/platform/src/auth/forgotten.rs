//! `POST /auth/forgotten`: asks for a letter with a link to a new password. Whether the address has an account is looked
//! up by a job, so the answer is the same, and comes as fast.

use afpi_db::DbError;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::address::ClientAddress;
use crate::auth::letters;
use crate::auth::login::Address;
use crate::auth::throttle::{self, Tried};
use crate::state::App;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind};
use afpi_core::text::text;
use afpi_http::input::Body;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Forgotten {
    #[validate(nested)]
    pub email: Address,
}

/// Ask for a letter with a link to a new password. The answer does not say whether there is such an account. 409 in an
/// installation that sends no letters.
#[utoipa::path(post, path = "/forgotten", operation_id = "forgotten", tag = "auth", security(()), request_body = Forgotten,
    responses((status = 202), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn forgotten(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    request: RequestId,
    Body(input): Body<Forgotten>,
) -> ApiResult<StatusCode> {
    if !app.config.sends_letters() {
        let detail = text(
            "Cette installation n'envoie pas d'e-mails. Demandez un lien ou un mot de passe à votre administrateur.",
            "This installation sends no mails. Ask your administrator for a link or a password.",
        );
        return Err(Error::new(ErrorKind::Conflict, text("Pas d'e-mails", "No mails")).detail(detail).into());
    }
    let email = afpi_core::email::account(&input.email);
    let tried = Tried::Letter(&email);
    afpi_db::retry(|| async {
        let now = Instant::now();
        let mut tx = app.db.begin().await?;
        throttle::check(&mut tx, tried, address, now).await?;
        throttle::failed(&mut tx, tried, address, now).await?;
        let job = letters::forgotten(&app.secrets, &email, request.as_str());
        afpi_jobs::enqueue(&mut tx, &job).await.map_err(DbError::from)?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    app.jobs.wake();
    Ok(StatusCode::ACCEPTED)
}
