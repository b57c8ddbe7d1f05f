//! `/api/plugins/{id}/recordings` and `/api/plugins/{id}/sites/{localisationId}/recording`: records the next pure calls
//! of a plugin on a site, for download as JSON lines. Recordings contain records that the plugin received, so only
//! administrators may read them.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::read;
use afpi_core::error::{Error, ErrorKind, internal, not_found};
use afpi_core::id::LocalisationId;
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_http::bounds::Int;
use afpi_http::input::{Body, NamedId};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::journal::{self, Activity, Change, Subject};
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::plugins::recorder::{self, Call, MOST_CALLS, Status};
use afpi_platform::settings;
use afpi_platform::state::App;

type Calls = Int<1, MOST_CALLS>;

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PluginRecordingStart {
    /// How many of the next calls to record. Earlier recordings are deleted.
    #[validate(nested)]
    pub calls: Calls,
}

/// The recorder of a site.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PluginSiteRecording)]
pub struct SiteRecording {
    pub localisation: LocalisationRef,
    #[serde(flatten)]
    pub recording: Status,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PluginRecordingList {
    /// By the sites' codes.
    pub data: Vec<SiteRecording>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RecordedCallList {
    /// Newest first, at most 200.
    pub data: Vec<Call>,
}

/// List the recorders of a plugin, site by site.
#[utoipa::path(get, path = "/{id}/recordings", operation_id = "listPluginRecordings", tag = "plugins", params(("id" = String, Path)),
    responses((status = 200, body = PluginRecordingList), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> ApiResult<Json<PluginRecordingList>> {
    caller.require(Action::PluginsInstall)?;
    let mut conn = app.db.read().await?;
    let seats = read::seats(&mut conn, &caller.scope(), Some(&id)).await?.remove(&id).ok_or_else(not_found)?;
    let mut data = Vec::with_capacity(seats.len());
    for seat in seats {
        let recording = recorder::status(&mut conn, &id, seat.localisation.id).await?;
        data.push(SiteRecording { localisation: seat.localisation, recording });
    }
    Ok(Json(PluginRecordingList { data }))
}

/// List the calls recorded on a site, without arguments and answers. The file contains those.
#[utoipa::path(get, path = "/{id}/sites/{localisationId}/recording/calls", operation_id = "listRecordedCalls", tag = "plugins",
    params(("id" = String, Path), ("localisationId" = Uuid, Path)),
    responses((status = 200, body = RecordedCallList), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn calls(
    State(app): State<App>,
    caller: Caller,
    NamedId(id, site): NamedId<LocalisationId>,
) -> ApiResult<Json<RecordedCallList>> {
    caller.require(Action::PluginsInstall)?;
    let mut conn = app.db.read().await?;
    settings::read(&mut conn, &id, site).await?;
    Ok(Json(RecordedCallList { data: recorder::calls(&mut conn, &id, site).await? }))
}

/// Record the next calls. Only those of workflows and objectives can be recorded: theirs can be made again.
#[utoipa::path(put, path = "/{id}/sites/{localisationId}/recording", operation_id = "startPluginRecording", tag = "plugins", request_body = PluginRecordingStart,
    params(("id" = String, Path), ("localisationId" = Uuid, Path)),
    responses((status = 200, body = Status), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn start(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    NamedId(id, site): NamedId<LocalisationId>,
    Body(input): Body<PluginRecordingStart>,
) -> ApiResult<Json<Status>> {
    caller.require(Action::PluginsInstall)?;
    let plugin = app.plugins.registry().plugin(&id).ok_or_else(not_found)?;
    if !plugin.manifest().kind.grantable().is_empty() {
        return Err(Error::new(
            ErrorKind::NotPure,
            text("Seules les extensions pures peuvent être enregistrées", "Only pure plugins can be recorded"),
        )
        .into());
    }
    let status = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        settings::read(&mut tx, &id, site).await?;
        recorder::switch_on(&mut tx, &id, site, input.calls.get(), caller.id).await?;
        let status = recorder::status(&mut tx, &id, site).await?;
        let change = Change::by(&caller, request.as_str(), Subject::Plugin(id.clone()), Some(site));
        let calls = journal::field("calls", Value::Null, input.calls.get());
        change.record(&mut tx, Activity::RecordingStarted, vec![calls]).await?;
        tx.commit().await?;
        Ok::<_, Error>(status)
    })
    .await?;
    tracing::info!(plugin.id = id, site = %site, calls = input.calls.get(), actor = %caller.id, "calls of a plugin are recorded");
    app.plugins.refresh().await.map_err(internal)?;
    Ok(Json(status))
}

/// Read the recordings so far: a JSON object per line, oldest first.
#[utoipa::path(get, path = "/{id}/sites/{localisationId}/recording", operation_id = "getPluginRecording", tag = "plugins",
    params(("id" = String, Path), ("localisationId" = Uuid, Path)),
    responses((status = 200, body = String, content_type = "application/jsonl"), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    NamedId(id, site): NamedId<LocalisationId>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::PluginsInstall)?;
    let mut conn = app.db.read().await?;
    settings::read(&mut conn, &id, site).await?;
    let mut text = String::new();
    for line in recorder::lines(&mut conn, &id, site).await? {
        text.push_str(&line);
        text.push('\n');
    }
    let headers = [
        (header::CONTENT_TYPE, "application/jsonl".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{id}-recording.jsonl\"")),
    ];
    Ok((headers, text))
}

/// Stop recording. Recordings stay.
#[utoipa::path(post, path = "/{id}/sites/{localisationId}/recording/stop", operation_id = "stopPluginRecording", tag = "plugins",
    params(("id" = String, Path), ("localisationId" = Uuid, Path)),
    responses((status = 200, body = Status), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn stop(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    NamedId(id, site): NamedId<LocalisationId>,
) -> ApiResult<Json<Status>> {
    caller.require(Action::PluginsInstall)?;
    let status = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        settings::read(&mut tx, &id, site).await?;
        recorder::stop(&mut tx, &id, site).await?;
        let status = recorder::status(&mut tx, &id, site).await?;
        let change = Change::by(&caller, request.as_str(), Subject::Plugin(id.clone()), Some(site));
        change.record(&mut tx, Activity::RecordingStopped, vec![]).await?;
        tx.commit().await?;
        Ok::<_, Error>(status)
    })
    .await?;
    app.plugins.refresh().await.map_err(internal)?;
    Ok(Json(status))
}

/// Stop recording and delete the recordings.
#[utoipa::path(delete, path = "/{id}/sites/{localisationId}/recording", operation_id = "deletePluginRecording", tag = "plugins",
    params(("id" = String, Path), ("localisationId" = Uuid, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    NamedId(id, site): NamedId<LocalisationId>,
) -> ApiResult<StatusCode> {
    caller.require(Action::PluginsInstall)?;
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        settings::read(&mut tx, &id, site).await?;
        recorder::clear(&mut tx, &id, site).await?;
        let change = Change::by(&caller, request.as_str(), Subject::Plugin(id.clone()), Some(site));
        change.record(&mut tx, Activity::RecordingDeleted, vec![]).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    app.plugins.refresh().await.map_err(internal)?;
    Ok(StatusCode::NO_CONTENT)
}
