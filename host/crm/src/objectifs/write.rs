//! `POST /api/objectifs`, `PATCH` and `DELETE /api/objectifs/{id}`.

use std::collections::BTreeSet;

use afpi_db::Conn;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{ETAG, LOCATION};
use axum::response::{AppendHeaders, IntoResponse};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::list::{filled, no_plugin};
use super::store::{self, Holder, NewObjectif};
use super::{Objectif, actual};
use crate::figures::lens::{Known, Lens};
use crate::figures::period::Period;
use afpi_core::clock::Instant;
use afpi_core::error::{FieldProblem, Result, field, invalid, not_found, stale};
use afpi_core::id::{LocalisationId, ObjectifId, UserId};
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_core::text::{Locale, text};
use afpi_http::bounds::Int;
use afpi_http::dates::Window;
use afpi_http::input::{Body, Id, IfMatch, required};
use afpi_http::language::Language;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Exact;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{Change, Subject};
use afpi_platform::localisations;
use afpi_platform::state::App;

/// A target may lie this many years back or ahead: figures begin with the oldest imported files.
const YEARS: u32 = 10;

/// In the metric's unit. As cents, the limit is a thousand billion euros.
pub type Target = Int<1, 100_000_000_000_000>;

/// A new target, of a person or of a localisation.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ObjectifCreate {
    #[validate(nested)]
    pub metric: Exact<1, 110>,
    /// `2026`, `2026-2027` (a school year), `2026-S2`, `2026-Q4` or `2026-11`.
    #[validate(nested)]
    pub period: Exact<1, 10>,
    /// In the metric's unit: cents, count, percent × 100, minutes.
    #[validate(nested)]
    pub target: Target,
    #[schema(value_type = Option<Uuid>)]
    pub user_id: Option<UserId>,
    #[schema(value_type = Option<Uuid>)]
    pub localisation_id: Option<LocalisationId>,
}

/// A new target value.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectifUpdate {
    #[validate(nested)]
    pub target: Target,
}

type Shown = (AppendHeaders<[(axum::http::HeaderName, String); 1]>, Json<Objectif>);

fn answer(objectif: Objectif) -> Shown {
    (AppendHeaders([(ETAG, format!("\"{}\"", objectif.version))]), Json(objectif))
}

fn told<'a>(id: ObjectifId, caller: &Caller, request: &'a RequestId) -> Change<'a> {
    Change::by(caller, request.as_str(), Subject::Objectif(id), None)
}

async fn lens(app: &App, locale: Locale, id: &RequestId) -> Result<Lens> {
    Lens::of(app, locale, id.as_str()).await?.ok_or_else(no_plugin)
}

/// Set a target.
#[utoipa::path(post, path = "/", operation_id = "createObjectif", tag = "objectifs", request_body = ObjectifCreate,
    responses((status = 201, body = Objectif), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Language(locale): Language,
    request: RequestId,
    Body(input): Body<ObjectifCreate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::ObjectifsWrite)?;
    let scope = caller.scope();
    let lens = lens(&app, locale, &request).await?;
    let holder = input.user_id.map(Holder::User).or(input.localisation_id.map(Holder::Site));
    let home = actual::home(&app, holder).await?;
    let (metric, period, holder) = check(&lens, &home, &input).map_err(invalid)?;
    let mut tx = app.db.begin().await?;
    known(&mut tx, &scope, holder).await?;
    if !home.is_empty() && !lens.measured_at(metric, &home) {
        let message = text("Cet indicateur n'est pas mesuré là.", "This metric is not measured there.");
        return Err(invalid(vec![field("/metric", "not-measured", message)]).into());
    }
    let new = NewObjectif { metric: lens.stored(metric, &home), period, target: input.target.get(), holder };
    let id = store::insert(&mut tx, &new, Instant::now()).await?;
    let mut objectif = [store::load(&mut tx, &Scope::All, id).await?.into_inner()];
    told(id, &caller, &request).write(&mut tx, None, Some(&objectif[0])).await?;
    idempotency::done(&mut tx, StatusCode::CREATED, None).await?;
    tx.commit().await?;
    filled(&app, Ok(Some(lens)), &mut objectif).await;
    let [objectif] = objectif;
    Ok((StatusCode::CREATED, AppendHeaders([(LOCATION, format!("/api/objectifs/{id}"))]), answer(objectif)))
}

/// Checks the metric (it must take targets), the period and the holder (exactly one).
fn check<'a>(
    lens: &'a Lens,
    home: &BTreeSet<LocalisationId>,
    input: &ObjectifCreate,
) -> Result<(&'a Known, Period, Holder), Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let metric = lens.resolve(&input.metric, home);
    let problem = match metric {
        None => Some(("unknown", text("Indicateur inconnu.", "Unknown metric."))),
        Some(metric) if !metric.targetable => {
            Some(("not-targetable", text("Cet indicateur ne se fixe pas d'objectif.", "This metric takes no target.")))
        }
        Some(_) => None,
    };
    problems.extend(problem.map(|(code, message)| field("/metric", code, message)));
    let period = Period::parse(&input.period);
    if period.is_none() {
        problems.push(field("/period", "period", Period::expected()));
    }
    let window = Window::around_today(YEARS, YEARS);
    if period.is_some_and(|period| !window.contains(period.first.date())) {
        problems.push(field("/period", "out-of-range", window.expected()));
    }
    let holder = match (input.user_id, input.localisation_id) {
        (Some(user), None) => Some(Holder::User(user)),
        (None, Some(site)) => Some(Holder::Site(site)),
        (None, None) => None,
        (Some(_), Some(_)) => {
            let message =
                text("Une personne ou une localisation, pas les deux.", "A person or a localisation, not both.");
            problems.push(field("/localisationId", "one-holder", message));
            None
        }
    };
    if input.user_id.is_none() && input.localisation_id.is_none() {
        problems.push(required("/userId"));
    }
    match (metric, period, holder) {
        (Some(metric), Some(period), Some(holder)) if problems.is_empty() => Ok((metric, period, holder)),
        _ => Err(problems),
    }
}

/// Checks that the holder exists in the caller's scope.
async fn known(tx: &mut Conn, scope: &Scope, holder: Holder) -> Result<()> {
    match holder {
        Holder::Site(site) => localisations::writable(tx, scope, site).await,
        Holder::User(id) => {
            let mut query = scope.users("u.id", "");
            query.push(" AND u.id = ?").arg(id);
            let known = query.optional::<(UserId,)>(tx).await?.is_some();
            if known { Ok(()) } else { Err(invalid(vec![field("/userId", "unknown", text("Inconnu.", "Unknown."))])) }
        }
    }
}

/// Change a target's value.
#[utoipa::path(patch, path = "/{id}", operation_id = "updateObjectif", tag = "objectifs", request_body = ObjectifUpdate,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version read, in quotes.")),
    responses((status = 200, body = Objectif), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 412, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub(super) async fn patch(
    State(app): State<App>,
    caller: Caller,
    said: (Language, RequestId),
    Id(id): Id<ObjectifId>,
    IfMatch(seen): IfMatch,
    Body(change): Body<ObjectifUpdate>,
) -> ApiResult<Shown> {
    let (Language(locale), request) = said;
    caller.require(Action::ObjectifsWrite)?;
    let scope = caller.scope();
    let mut tx = app.db.begin().await?;
    let before = store::load(&mut tx, &scope, id).await?;
    let done = before.version == seen && store::update(&mut tx, &before, change.target.get()).await?;
    let mut objectif = [store::load(&mut tx, &scope, id).await?.into_inner()];
    if !done {
        let differs = objectif[0].target != change.target.get();
        return Err(stale(&objectif[0], differs.then(|| "target".to_owned()).into_iter().collect()).into());
    }
    told(id, &caller, &request).write(&mut tx, Some(&*before), Some(&objectif[0])).await?;
    idempotency::done(&mut tx, StatusCode::OK, None).await?;
    tx.commit().await?;
    filled(&app, lens(&app, locale, &request).await.map(Some), &mut objectif).await;
    let [objectif] = objectif;
    Ok(answer(objectif))
}

/// Delete a target.
#[utoipa::path(delete, path = "/{id}", operation_id = "deleteObjectif", tag = "objectifs", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<ObjectifId>,
) -> ApiResult<StatusCode> {
    caller.require(Action::ObjectifsWrite)?;
    let mut tx = app.db.begin().await?;
    let before = store::load(&mut tx, &caller.scope(), id).await?;
    if !store::delete(&mut tx, &before).await? {
        return Err(not_found().into());
    }
    told(id, &caller, &request).write(&mut tx, Some(&before), None).await?;
    idempotency::done(&mut tx, StatusCode::NO_CONTENT, None).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
