//! `GET /api/plugins/{id}/health` and `POST …/sites/{localisationId}/release`: a plugin's health site by site, and the
//! end of a quarantine.

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::wire::{PluginSite, SeatState};
use super::{may_configure, read};
use afpi_core::clock::Instant;
use afpi_core::error::not_found;
use afpi_core::id::LocalisationId;
use afpi_core::rights::Action;
use afpi_http::input::NamedId;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::journal::Author;
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::plugins::logs::Line;
use afpi_platform::plugins::quarantine;
use afpi_platform::state::App;

#[derive(Debug, Serialize, ToSchema)]
pub struct PluginHealth {
    /// The sites in the caller's scope, by code.
    pub data: Vec<SiteHealth>,
}

/// A plugin on a site. Counts, durations and lines cover all running processes, each since its start or the plugin's
/// last version change. Those of other processes are some seconds old.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PluginSiteHealth)]
pub struct SiteHealth {
    pub localisation: LocalisationRef,
    pub version: String,
    pub state: SeatState,
    pub calls: i64,
    /// Calls that the plugin answered with an error of the contract. Often these are just its rules.
    pub refusals: i64,
    /// Calls without an answer.
    pub errors: i64,
    /// Traps, timeouts, memory and host-call limits.
    pub faults: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub p50_micros: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub p99_micros: Option<i64>,
    /// The most memory that one instance has held, in bytes.
    pub memory_bytes: i64,
    /// Present number of warm instances.
    pub idle_instances: i64,
    /// Host calls by capability.
    pub uses: Vec<CapabilityUse>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub last_error: Option<LastError>,
    /// Present while it is switched off after failures, or has not succeeded since.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub quarantine: Option<Quarantine>,
    /// The last lines it logged, newest first, at most 50.
    pub logs: Vec<Line>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CapabilityUse {
    pub capability: String,
    pub calls: i64,
    /// How many of these were refused without a grant.
    pub denied: i64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PluginLastError)]
pub struct LastError {
    pub at: Instant,
    pub message: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PluginQuarantine)]
pub struct Quarantine {
    pub since: Instant,
    /// After this time the next call tries it again.
    pub next_try: Instant,
    /// How many times in a row, from 1.
    pub relapses: i64,
    pub reason: String,
}

/// Read the health of a plugin, site by site.
#[utoipa::path(get, path = "/{id}/health", operation_id = "getPluginHealth", tag = "plugins", params(("id" = String, Path)),
    responses((status = 200, body = PluginHealth), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> ApiResult<Json<PluginHealth>> {
    caller.require(Action::PluginsConfigure)?;
    app.plugins.registry().plugin(&id).ok_or_else(not_found)?;
    let mut conn = app.db.read().await?;
    let quarantines = quarantine::of(&mut conn, Some(&id)).await?;
    let seats = read::seats(&mut conn, &caller.scope(), Some(&id)).await?.remove(&id).unwrap_or_default();
    let mut fares = app.plugins.fares(&mut conn, Some(&id)).await?;
    let mut logs = app.plugins.last_lines(&mut conn, &id, seats.iter().map(|seat| seat.localisation.id)).await?;
    let data = seats.into_iter().filter_map(|seat| {
        let site = seat.localisation.id;
        let view = fares.remove(&(id.clone(), site))?;
        let shown = super::wire::site(&seat, Some(&view));
        let quarantine = quarantines.iter().find(|row| row.localisation_id == site).map(|row| Quarantine {
            since: row.since_at,
            next_try: row.until_at,
            relapses: row.relapses,
            reason: row.reason.clone(),
        });
        let (health, micros) = (view.health, |d: Duration| i64::try_from(d.as_micros()).unwrap_or(i64::MAX));
        Some(SiteHealth {
            localisation: seat.localisation,
            version: view.version.to_string(),
            state: shown.state,
            calls: health.calls as i64,
            refusals: health.refusals as i64,
            errors: health.errors as i64,
            faults: health.faults as i64,
            p50_micros: health.durations.p50().map(micros),
            p99_micros: health.durations.p99().map(micros),
            memory_bytes: health.memory as i64,
            idle_instances: view.idle_instances as i64,
            uses: health
                .uses
                .into_iter()
                .map(|(c, calls, denied)| CapabilityUse {
                    capability: c.as_str().into(),
                    calls: calls as i64,
                    denied: denied as i64,
                })
                .collect(),
            last_error: health.last_error.map(|(at, message)| LastError { at: super::wire::instant(at), message }),
            quarantine,
            logs: logs.remove(&site).unwrap_or_default(),
        })
    });
    Ok(Json(PluginHealth { data: data.collect() }))
}

/// End a quarantine: the plugin is tried again at once.
#[utoipa::path(post, path = "/{id}/sites/{localisationId}/release", operation_id = "releasePluginSite", tag = "plugins",
    params(("id" = String, Path), ("localisationId" = Uuid, Path)),
    responses((status = 200, body = PluginSite), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn release(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    NamedId(id, site): NamedId<LocalisationId>,
) -> ApiResult<Json<PluginSite>> {
    may_configure(&caller, site)?;
    app.plugins.release(&app, &id, site, Author::of(&caller, request.as_str())).await?;
    tracing::info!(plugin.id = id, site = %site, actor = %caller.id, "plugin released from quarantine");
    Ok(Json(read::seat(&app, &mut app.db.read().await?, &id, site).await?))
}
