//! The actions on a file: preview, apply, revert.

use afpi_db::{Tx, retry};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::Value;

use super::read::{self, Import};
use super::store::ImportRow;
use super::{free, mapping, own, refused, source, store};
use crate::engine;
use crate::engine::run::{self, Mode, Origin, State as RunState};
use afpi_core::error::{Error, Result, invalid};
use afpi_core::id::{ImportId, RunId};
use afpi_core::text::text;
use afpi_http::input::Id;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{Activity, Change, Subject, field};
use afpi_platform::state::App;

type Accepted = (StatusCode, Json<Import>);

/// Preview the changes of a file, line by line. A job reads the file; nothing is changed.
#[utoipa::path(post, path = "/{id}/preview", operation_id = "previewImport", tag = "imports", params(("id" = Uuid, Path)),
    responses((status = 202, body = Import), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub(super) async fn preview(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<ImportId>,
) -> ApiResult<Accepted> {
    let import = own(&mut app.db.read().await?, &caller, id).await?;
    let fields: Vec<Option<&str>> = import.mapping.0.iter().map(Option::as_deref).collect();
    let problems = mapping::check(import.kind, &fields, import.header.0.len());
    if !problems.is_empty() {
        return Err(invalid(problems).into());
    }
    retry(|| async {
        let mut tx = app.db.begin().await?;
        let last = store::last_run(&mut tx, id).await?;
        if last.is_some_and(|(_, state, applied)| !free(state, applied)) {
            return Err(refused(text(
                "Le fichier est en cours de traitement ou appliqué ; annulez-le d'abord.",
                "The file is being worked on or applied; revert it first.",
            )));
        }
        store::forget_runs(&mut tx, id).await?;
        let run = run::create(&mut tx, &source::key(id), Mode::Preview, Origin::Manual(caller.id), &[]).await?;
        drive(tx, &import, run, (&caller, Activity::RunStarted), &request).await
    })
    .await?;
    Ok(accepted(&app, id).await?)
}

/// Apply the preview. A field that a person has changed since is left alone and shown as a conflict.
#[utoipa::path(post, path = "/{id}/apply", operation_id = "applyImport", tag = "imports", params(("id" = Uuid, Path)),
    responses((status = 202, body = Import), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn apply(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<ImportId>,
) -> ApiResult<Accepted> {
    let import = own(&mut app.db.read().await?, &caller, id).await?;
    retry(|| async {
        let mut tx = app.db.begin().await?;
        let last = store::last_run(&mut tx, id).await?;
        let ready = [RunState::Staged, RunState::Held];
        let gone = match last {
            Some((run, ..)) => run::go(&mut tx, run, &ready, RunState::Applying, None).await?.then_some(run),
            None => None,
        };
        let Some(run) = gone else {
            return Err(refused(text("Seul un aperçu peut être appliqué.", "Only a preview can be applied.")));
        };
        drive(tx, &import, run, (&caller, Activity::RunApplied), &request).await
    })
    .await?;
    tracing::info!(import = %id, actor = %caller.id, "import applied by a person");
    Ok(accepted(&app, id).await?)
}

/// Revert the import. Records that it created are deleted. Fields that it changed get their old value, unless somebody
/// has changed them since: then they stay, and the change says so.
#[utoipa::path(post, path = "/{id}/revert", operation_id = "revertImport", tag = "imports", params(("id" = Uuid, Path)),
    responses((status = 202, body = Import), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn revert(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<ImportId>,
) -> ApiResult<Accepted> {
    let import = own(&mut app.db.read().await?, &caller, id).await?;
    retry(|| async {
        let mut tx = app.db.begin().await?;
        let last = store::last_run(&mut tx, id).await?;
        let over = [RunState::Done, RunState::Failed];
        let gone = match last {
            Some((run, _, true)) => run::go(&mut tx, run, &over, RunState::Undoing, None).await?.then_some(run),
            _ => None,
        };
        let Some(run) = gone else {
            return Err(refused(text(
                "Cet import n'a rien appliqué qui puisse être annulé.",
                "This import has applied nothing that could be reverted.",
            )));
        };
        drive(tx, &import, run, (&caller, Activity::RunUndone), &request).await
    })
    .await?;
    tracing::info!(import = %id, actor = %caller.id, "import taken back by a person");
    Ok(accepted(&app, id).await?)
}

/// Commits a change of state with its line of the journal and the job that continues the run.
async fn drive(
    mut tx: Tx,
    import: &ImportRow,
    run: RunId,
    (caller, activity): (&Caller, Activity),
    request: &RequestId,
) -> Result<()> {
    let told = vec![field("run", Value::Null, run.to_string())];
    let change = Change::by(caller, request.as_str(), Subject::Import(import.id), Some(import.localisation_id));
    change.record(&mut tx, activity, told).await?;
    run::of_person(&mut tx, run, caller.id).await?;
    engine::drive(&mut tx, run, request.as_str()).await?;
    idempotency::done(&mut tx, StatusCode::ACCEPTED, None).await?;
    tx.commit().await?;
    Ok::<_, Error>(())
}

async fn accepted(app: &App, id: ImportId) -> Result<Accepted> {
    app.jobs.wake();
    Ok((StatusCode::ACCEPTED, Json(read::now(&mut app.db.read().await?, id).await?)))
}
