//! `DELETE /api/users/{id}/second-factor`: for a person who has lost phone and recovery codes.

use axum::extract::State;
use axum::http::StatusCode;

use super::create::may_manage;
use super::store;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind};
use afpi_core::id::UserId;
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_http::input::Id;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::auth::{letters, second_factor, session};
use afpi_platform::bus::BusEvent;
use afpi_platform::idempotency;
use afpi_platform::journal::{Activity, Change, Subject};
use afpi_platform::state::App;

/// Take the second factor of a person away. The person's sessions end. Whoever needs one sets up a new one at the next
/// sign-in. 409 for one's own.
#[utoipa::path(delete, path = "/{id}/second-factor", operation_id = "resetSecondFactor", tag = "users", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn reset(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<UserId>,
) -> ApiResult<StatusCode> {
    caller.require(Action::UsersWrite)?;
    if id == caller.id {
        let detail = text("Changez le vôtre dans « Mon compte ».", "Change your own under “My account”.");
        let title = text("Impossible sur votre propre compte", "Not on your own account");
        return Err(Error::new(ErrorKind::Conflict, title).detail(detail).into());
    }
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let user = store::load(&mut tx, &caller.scope(), id).await?;
        may_manage(&caller, &user.access, user.localisations.iter().map(|site| site.id))?;
        if second_factor::clear(&mut tx, id).await? {
            session::end_all(&mut tx, id, None).await?;
            let change = Change::by(&caller, request.as_str(), Subject::User(id), None);
            change.record(&mut tx, Activity::SecondFactorRemoved, vec![]).await?;
            let (what, now) = (Activity::SecondFactorRemoved, Instant::now());
            letters::notice(&mut tx, &app.config, id, what, now, request.as_str()).await?;
        }
        idempotency::done(&mut tx, StatusCode::NO_CONTENT, None).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    app.jobs.wake();
    app.bus.publish(BusEvent::Account { user: id });
    tracing::info!(user.id = %caller.id, changed.id = %id, "second factor reset");
    Ok(StatusCode::NO_CONTENT)
}
