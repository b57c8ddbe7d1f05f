//! `PUT` and `DELETE /api/entreprises/{id}/doublons/{other}`: two companies are no duplicates, and the way back.

use afpi_core::error::{Error, Result, forbidden, not_found};
use afpi_core::id::EntrepriseId;
use afpi_core::rights::Action;
use afpi_core::scope::Scoped;
use afpi_db::Conn;
use afpi_http::input::{Body, IdNamed};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Line;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{Activity, Change, Subject, field};
use afpi_platform::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::list;
use crate::entreprises::read::{Entreprise, load};
use afpi_core::clock::Instant;
use afpi_core::scope::Loaded;

/// Why two companies are no duplicates.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DoublonDismiss {
    #[validate(nested)]
    reason: Line<300>,
}

/// Say that two companies are no duplicates. The pair is no longer a suspect; the reason is kept.
#[utoipa::path(put, path = "/{id}/doublons/{other}", operation_id = "dismissDoublon", tag = "entreprises", request_body = DoublonDismiss,
    params(("id" = Uuid, Path), ("other" = Uuid, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 410, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn put(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    IdNamed(id, other): IdNamed<EntrepriseId>,
    Body(input): Body<DoublonDismiss>,
) -> ApiResult<StatusCode> {
    let other = other.parse().map_err(|_| not_found())?;
    caller.require(Action::EntreprisesMerge)?;
    let both = both(&app, &caller, id, other).await?;
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        list::dismiss(&mut tx, couple(id, other), &input.reason, caller.id, Instant::now()).await?;
        let reason = field("reason", Value::Null, input.reason.as_str());
        told(&mut tx, &caller, &request, &both, |other| {
            vec![field("notDuplicate", Value::Null, other), reason.clone()]
        })
        .await?;
        idempotency::done(&mut tx, StatusCode::NO_CONTENT, None).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make a dismissed pair a suspect again.
#[utoipa::path(delete, path = "/{id}/doublons/{other}", operation_id = "restoreDoublon", tag = "entreprises",
    params(("id" = Uuid, Path), ("other" = Uuid, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 410, body = ProblemBody)))]
pub async fn delete(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    IdNamed(id, other): IdNamed<EntrepriseId>,
) -> ApiResult<StatusCode> {
    let other = other.parse().map_err(|_| not_found())?;
    caller.require(Action::EntreprisesMerge)?;
    let both = both(&app, &caller, id, other).await?;
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        if !list::take_back(&mut tx, couple(id, other)).await? {
            return Err(not_found());
        }
        told(&mut tx, &caller, &request, &both, |other| vec![field("notDuplicate", other, Value::Null)]).await?;
        idempotency::done(&mut tx, StatusCode::NO_CONTENT, None).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Writes the journal of both: what changed, given the other's name.
async fn told(
    tx: &mut Conn,
    caller: &Caller,
    request: &RequestId,
    both: &[Loaded<Entreprise>; 2],
    changes: impl Fn(&str) -> Vec<Value>,
) -> Result<()> {
    for (at, company) in both.iter().enumerate() {
        let (subject, site) = (Subject::Entreprise(company.base.id), Some(company.base.localisation_id));
        let changes = changes(&both[1 - at].base.name);
        Change::by(caller, request.as_str(), subject, site).record(tx, Activity::Edited, changes).await?;
    }
    Ok(())
}

/// Both companies, which the caller may change.
async fn both(app: &App, caller: &Caller, id: EntrepriseId, other: EntrepriseId) -> Result<[Loaded<Entreprise>; 2]> {
    let scope = caller.scope();
    let mut conn = app.db.read().await?;
    let both = [load(&mut conn, &scope, id).await?, load(&mut conn, &scope, other).await?];
    if both.iter().any(|company| !scope.changes(Scoped::Entreprise, company.base.localisation_id)) {
        return Err(forbidden());
    }
    if id == other {
        return Err(not_found());
    }
    Ok(both)
}

/// The pair as it is kept: the lower id first.
fn couple(id: EntrepriseId, other: EntrepriseId) -> (Uuid, Uuid) {
    let (id, other) = (id.uuid(), other.uuid());
    if id < other { (id, other) } else { (other, id) }
}
