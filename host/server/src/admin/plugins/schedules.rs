//! `PUT /api/plugins/{id}/sites/{localisationId}/schedules/{name}`, and the schedules in a plugin's answer.

use std::collections::HashMap;

use afpi_db::Conn;
use afpi_jobs::Scheduler;
use afpi_plugins::manifest::Manifest;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::wire::{self, PluginSite};
use super::{may_configure, read};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result, internal, not_found};
use afpi_core::id::LocalisationId;
use afpi_core::text::Text;
use afpi_http::input::Body;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{self, Activity, Change, Subject};
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::plugins::schedules::{self, Row};
use afpi_platform::plugins::versions;
use afpi_platform::state::App;

/// Work that a plugin does at set times.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PluginSchedule {
    pub name: String,
    /// Five fields (minute hour day month weekday), in French time.
    pub cron: String,
    /// What the schedule does.
    pub sentence: Text,
    /// The sites in the caller's scope.
    pub sites: Vec<ScheduleSite>,
}

/// A schedule on a site.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PluginScheduleSite)]
pub struct ScheduleSite {
    pub localisation: LocalisationRef,
    /// Its own switch. It runs only where the plugin is on, too.
    pub enabled: bool,
    /// Its next run. Absent while it or its plugin is off.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub next_at: Option<Instant>,
    /// End of its last run.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub last_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub outcome: Option<RunOutcome>,
    /// Why its last run failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub message: Option<String>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = PluginScheduleOutcome)]
pub enum RunOutcome {
    Done,
    /// Failed, and will be tried again.
    Retried,
    Failed,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PluginScheduleUpdate {
    pub enabled: bool,
}

fn site(plugin: &str, row: &Row, localisation: LocalisationRef, ticks: &HashMap<String, i64>) -> ScheduleSite {
    let outcomes = [("done", RunOutcome::Done), ("retried", RunOutcome::Retried), ("failed", RunOutcome::Failed)];
    ScheduleSite {
        enabled: row.enabled,
        next_at: ticks.get(&schedules::tick_id(plugin, row.localisation_id, &row.name)).copied().map(Instant),
        last_at: row.ran_at,
        outcome: outcomes.into_iter().find(|(word, _)| *word == row.outcome).map(|(_, outcome)| outcome),
        message: Some(row.message.clone()).filter(|message| !message.is_empty()),
        localisation,
    }
}

/// The schedules of a plugin at these sites.
pub(super) async fn show(conn: &mut Conn, manifest: &Manifest, sites: &[PluginSite]) -> Result<Vec<PluginSchedule>> {
    if manifest.schedules.is_empty() {
        return Ok(vec![]);
    }
    let plugin = &manifest.id;
    let rows = schedules::of(conn, plugin).await?;
    let ticks = Scheduler::list(conn).await.map_err(internal)?;
    let ticks: HashMap<String, i64> = ticks.into_iter().map(|tick| (tick.schedule.id, tick.next_at)).collect();
    let of = |name: &str| {
        let here = |at: &PluginSite| {
            let row = rows.iter().find(|row| row.name == name && row.localisation_id == at.localisation.id)?;
            Some(site(plugin, row, at.localisation.clone(), &ticks))
        };
        sites.iter().filter_map(here).collect()
    };
    let schedule = |schedule: &afpi_plugins::manifest::Schedule| PluginSchedule {
        name: schedule.name.clone(),
        cron: schedule.cron.clone(),
        sentence: wire::label(&schedule.sentence),
        sites: of(&schedule.name),
    };
    Ok(manifest.schedules.iter().map(schedule).collect())
}

/// Switch a schedule on or off on a site.
#[utoipa::path(put, path = "/{id}/sites/{localisationId}/schedules/{name}", operation_id = "setPluginSchedule", tag = "plugins",
    request_body = PluginScheduleUpdate,
    params(("id" = String, Path), ("localisationId" = Uuid, Path), ("name" = String, Path)),
    responses((status = 200, body = ScheduleSite), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn set(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Path((id, place, name)): Path<(String, String, String)>,
    Body(input): Body<PluginScheduleUpdate>,
) -> ApiResult<Json<ScheduleSite>> {
    let place = place.parse::<LocalisationId>().map_err(|_| not_found())?;
    may_configure(&caller, place)?;
    let set = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        versions::lock(&mut tx, &id).await?.ok_or_else(not_found)?;
        if !schedules::switch(&mut tx, &id, place, &name, input.enabled).await? {
            return Err(not_found());
        }
        let localisation = read::seat(&app, &mut tx, &id, place).await?.localisation;
        let row =
            schedules::of(&mut tx, &id).await?.into_iter().find(|row| row.localisation_id == place && row.name == name);
        let row = row.ok_or_else(not_found)?;
        let tick = Scheduler::get(&mut tx, &schedules::tick_id(&id, place, &name)).await.map_err(internal)?;
        let change = Change::by(&caller, request.as_str(), Subject::Plugin(id.clone()), Some(place));
        let activity = if input.enabled { Activity::SwitchedOn } else { Activity::SwitchedOff };
        change.record(&mut tx, activity, vec![journal::field("schedule", Value::Null, name.as_str())]).await?;
        idempotency::done(&mut tx, StatusCode::OK, None).await?;
        tx.commit().await?;
        let ticks = tick.map(|tick| (tick.schedule.id, tick.next_at)).into_iter().collect();
        Ok::<_, Error>(site(&id, &row, localisation, &ticks))
    })
    .await?;
    tracing::info!(plugin.id = id, site = %place, schedule = name, enabled = input.enabled, actor = %caller.id, "schedule of a plugin switched");
    Ok(Json(set))
}
