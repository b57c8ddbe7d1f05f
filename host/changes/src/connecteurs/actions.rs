//! The actions on runs: begin, apply, undo, cancel.

use afpi_db::{Conn, Tx, retry, sql};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::config::not_set_up;
use super::connector;
use super::runs::{self, RunAnswer};
use super::source;
use crate::engine::run::{self, Mode, Origin, RunRow, State as RunState};
use crate::engine::{self, change::Entity};
use afpi_core::error::{Error, ErrorKind, Result, not_found};
use afpi_core::id::RunId;
use afpi_core::text::{Text, text};
use afpi_http::bounds::List;
use afpi_http::input::{Body, NamedId};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{self, Activity, Change, Subject};
use afpi_platform::state::App;

type Entities = List<Entity, 3>;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SyncRequest {
    pub mode: Mode,
    /// The kinds of records. Absent: all.
    #[validate(nested)]
    pub entities: Option<Entities>,
}

type Accepted = (StatusCode, Json<RunAnswer>);

/// Begin a run. 409 while another run of the connector is active.
#[utoipa::path(post, path = "/{plugin}/sync", operation_id = "syncConnecteur", tag = "connecteurs", request_body = SyncRequest, params(("plugin" = String, Path)),
    responses((status = 202, body = RunAnswer), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub(super) async fn sync(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Path(id): Path<String>,
    Body(input): Body<SyncRequest>,
) -> ApiResult<Accepted> {
    connector(&app, &caller, &id)?;
    let entities = input.entities.unwrap_or_default();
    app.plugins.registry().connector(&id).ok_or_else(not_set_up)?;
    let run = retry(|| async {
        let mut tx = app.db.begin().await?;
        let run = run::create(&mut tx, &source::key(&id), input.mode, Origin::Manual(caller.id), &entities).await?;
        drive(tx, run, (&caller, &id, Activity::RunStarted), &request).await
    })
    .await?;
    Ok(accepted(&app, &id, run).await?)
}

/// Apply a preview, or a held run after a person has looked at it.
#[utoipa::path(post, path = "/{plugin}/runs/{id}/apply", operation_id = "applyRun", tag = "connecteurs", params(("plugin" = String, Path), ("id" = Uuid, Path)),
    responses((status = 202, body = RunAnswer), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn apply(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    NamedId(plugin, id): NamedId<RunId>,
) -> ApiResult<Accepted> {
    connector(&app, &caller, &plugin)?;
    retry(|| async {
        let mut tx = app.db.begin().await?;
        locked(&mut tx, &plugin, id).await?;
        // Its comparison may be older than what was applied since, and could undo newer values.
        let newer =
            sql("SELECT 1 FROM sync_runs WHERE source = ? AND id > ? AND state IN ('applying', 'done', 'undoing')")
                .bind(source::key(&plugin))
                .bind(id)
                .optional::<(i64,)>(&mut tx)
                .await?;
        if newer.is_some() {
            return Err(refused(text(
                "Un passage plus récent a déjà été appliqué ; lancez-en un nouveau.",
                "A newer run has been applied; begin a new one.",
            )));
        }
        if !run::go(&mut tx, id, &[RunState::Staged, RunState::Held], RunState::Applying, None).await? {
            return Err(refused(text(
                "Seul un aperçu ou un passage retenu peut être appliqué.",
                "Only a preview or a held run can be applied.",
            )));
        }
        drive(tx, id, (&caller, &plugin, Activity::RunApplied), &request).await
    })
    .await?;
    tracing::info!(run = %id, actor = %caller.id, "run applied by a person");
    Ok(accepted(&app, &plugin, id).await?)
}

/// Undo a run. Records that it created are deleted. Fields that it changed get their old value, unless somebody has
/// changed them since.
#[utoipa::path(post, path = "/{plugin}/runs/{id}/undo", operation_id = "undoRun", tag = "connecteurs", params(("plugin" = String, Path), ("id" = Uuid, Path)),
    responses((status = 202, body = RunAnswer), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn undo(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    NamedId(plugin, id): NamedId<RunId>,
) -> ApiResult<Accepted> {
    connector(&app, &caller, &plugin)?;
    retry(|| async {
        let mut tx = app.db.begin().await?;
        locked(&mut tx, &plugin, id).await?;
        let applied = sql("SELECT 1 FROM sync_changes WHERE run_id = ? AND applied_at IS NOT NULL")
            .bind(id)
            .optional::<(i64,)>(&mut tx)
            .await?;
        // A run that stopped half way has also applied something.
        if applied.is_none()
            || !run::go(&mut tx, id, &[RunState::Done, RunState::Failed], RunState::Undoing, None).await?
        {
            return Err(refused(text(
                "Ce passage n'a rien appliqué qui puisse être annulé.",
                "This run has applied nothing that could be undone.",
            )));
        }
        drive(tx, id, (&caller, &plugin, Activity::RunUndone), &request).await
    })
    .await?;
    tracing::info!(run = %id, actor = %caller.id, "run taken back by a person");
    Ok(accepted(&app, &plugin, id).await?)
}

/// Cancel a run. A running one stops after its present batch, a waiting one ends. Applied changes stay and can be
/// undone.
#[utoipa::path(post, path = "/{plugin}/runs/{id}/cancel", operation_id = "cancelRun", tag = "connecteurs", params(("plugin" = String, Path), ("id" = Uuid, Path)),
    responses((status = 202, body = RunAnswer), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn cancel(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    NamedId(plugin, id): NamedId<RunId>,
) -> ApiResult<Accepted> {
    connector(&app, &caller, &plugin)?;
    let by = &caller.name;
    let message = text(format!("Arrêté par {by}."), format!("Stopped by {by}."));
    let stoppable =
        [RunState::Queued, RunState::Fetching, RunState::Staged, RunState::Held, RunState::Applying, RunState::Undoing];
    retry(|| async {
        let mut tx = app.db.begin().await?;
        locked(&mut tx, &plugin, id).await?;
        if !run::go(&mut tx, id, &stoppable, RunState::Failed, Some(&message)).await? {
            return Err(refused(text("Ce passage est déjà terminé.", "This run is over.")));
        }
        tell(&mut tx, (&caller, &plugin, Activity::RunCancelled), id, &request).await?;
        idempotency::done(&mut tx, StatusCode::ACCEPTED, None).await?;
        Ok(tx.commit().await?)
    })
    .await?;
    Ok(accepted(&app, &plugin, id).await?)
}

/// The run of this connector, locked. 404 when the connector has no such run.
async fn locked(tx: &mut Conn, plugin: &str, id: RunId) -> Result<RunRow> {
    run::load(tx, id, true).await?.filter(|row| row.source == source::key(plugin)).ok_or_else(not_found)
}

/// A person's action on a run of a connector.
type Order<'a> = (&'a Caller, &'a str, Activity);

/// Writes the line of the journal.
async fn tell(tx: &mut Conn, (caller, plugin, activity): Order<'_>, run: RunId, request: &RequestId) -> Result<()> {
    let which = vec![journal::field("run", serde_json::Value::Null, run.to_string())];
    let change = Change::by(caller, request.as_str(), Subject::Connecteur(plugin.into()), None);
    Ok(change.record(tx, activity, which).await?)
}

/// Commits a change of state with its line of the journal and the job that continues the run.
async fn drive(mut tx: Tx, run: RunId, order: Order<'_>, request: &RequestId) -> Result<RunId> {
    tell(&mut tx, order, run, request).await?;
    engine::drive(&mut tx, run, request.as_str()).await?;
    idempotency::done(&mut tx, StatusCode::ACCEPTED, None).await?;
    tx.commit().await?;
    Ok(run)
}

async fn accepted(app: &App, plugin: &str, id: RunId) -> Result<Accepted> {
    app.jobs.wake();
    source::publish(app, plugin, id).await;
    let run = runs::load(&mut app.db.read().await?, plugin, id).await?;
    Ok((StatusCode::ACCEPTED, Json(RunAnswer { run })))
}

fn refused(detail: Text) -> Error {
    Error::new(
        ErrorKind::Conflict,
        text("Impossible dans l'état actuel du passage", "Not possible in the run's present state"),
    )
    .detail(detail)
}
