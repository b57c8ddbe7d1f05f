//! Runs as the API shows them: the list, one run, its log.

use afpi_db::{Conn, Json as JsonColumn, sql};
use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::openapi::Object;
use utoipa::{IntoParams, ToSchema};

use super::{connector, source};
use crate::engine::run::{self, Counts, Mode};
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::id::{RunId, UserId};
use afpi_core::rights::Role;
use afpi_core::text::{Text, text};
use afpi_crm::users::UserRef;
use afpi_http::input::{NamedId, Params};
use afpi_http::paging::{Count, Key, Page, PageRequest, SortKey, Sorts};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// A run of a connector.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    #[schema(value_type = Uuid)]
    pub id: RunId,
    pub mode: Mode,
    pub trigger: Trigger,
    pub state: RunState,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub started_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub finished_at: Option<Instant>,
    pub progress: RunProgress,
    pub counts: Counts,
    /// The reason of a failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub error: Option<Text>,
    /// Why the run waits for a person. Absent for a preview without suspicion.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub held_reason: Option<Text>,
    /// The person who started it. Absent for the schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub by: Option<UserRef>,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = RunTrigger)]
pub enum Trigger {
    Manual,
    Schedule,
}

/// A run that is being undone shows as `applying`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RunState {
    Queued,
    Fetching,
    Staged,
    Applying,
    Done,
    Failed,
    Held,
    Undone,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RunProgress {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub entity: Option<String>,
    pub done: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub total: Option<i64>,
}

/// A run after it was started or continued.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunAnswer {
    pub run: Run,
}

/// A line of a run's log.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunLogLine {
    pub at: Instant,
    /// `debug`, `info`, `warn` or `error`.
    pub level: String,
    pub message: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RunLogLineList {
    pub data: Vec<RunLogLine>,
}

afpi_db::row! {
    pub struct Row {
        id: RunId, mode: String, origin: String, state: String, entity: Option<String>, done: i64, total: i64, counts: JsonColumn<Counts>,
        message_fr: Option<String>, message_en: Option<String>, created_at: Instant, started_at: Option<Instant>, finished_at: Option<Instant>,
        user_id: Option<UserId>, user_name: Option<String>, user_role: Option<String>,
    }
}

const SELECT: &str = "SELECT r.id, r.mode, r.origin, r.state, r.entity, r.done, r.total, r.counts, r.message_fr, r.message_en, r.created_at, \
     r.started_at, r.finished_at, r.user_id, u.name AS user_name, u.role AS user_role \
     FROM sync_runs r LEFT JOIN users u ON u.id = r.user_id WHERE r.source = ?";

fn show(row: Row) -> Run {
    let state = match run::State::parse(&row.state) {
        run::State::Queued => RunState::Queued,
        run::State::Fetching => RunState::Fetching,
        run::State::Staged => RunState::Staged,
        run::State::Held => RunState::Held,
        run::State::Applying | run::State::Undoing => RunState::Applying,
        run::State::Done => RunState::Done,
        run::State::Failed => RunState::Failed,
        run::State::Undone => RunState::Undone,
    };
    let message = row.message_fr.zip(row.message_en).map(|(fr, en)| text(fr, en));
    let role = row.user_role.as_deref().and_then(Role::parse);
    let by = match (row.user_id, row.user_name, role) {
        (Some(id), Some(name), Some(role)) => Some(UserRef { id, name, role }),
        _ => None,
    };
    Run {
        id: row.id,
        mode: if row.mode == Mode::Preview.as_str() { Mode::Preview } else { Mode::Apply },
        trigger: if row.origin == "schedule" { Trigger::Schedule } else { Trigger::Manual },
        state,
        started_at: row.started_at,
        finished_at: row.finished_at,
        progress: RunProgress { entity: row.entity, done: row.done, total: Some(row.total).filter(|t| *t > 0) },
        counts: row.counts.0,
        error: message.clone().filter(|_| state == RunState::Failed),
        held_reason: message.filter(|_| matches!(state, RunState::Held | RunState::Staged)),
        by,
    }
}

/// A connector's run by its id.
pub async fn load(conn: &mut Conn, plugin: &str, id: RunId) -> Result<Run> {
    let mut query = sql(SELECT).bind(source::key(plugin));
    query.push(" AND r.id = ?").arg(id);
    Ok(show(query.one(conn).await?))
}

/// A connector's newest run.
pub async fn last(conn: &mut Conn, plugin: &str) -> Result<Option<Run>> {
    let mut query = sql(SELECT).bind(source::key(plugin));
    query.push(" ORDER BY r.id DESC").limit(1);
    Ok(query.optional(conn).await?.map(show))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    limit: Option<u32>,
    cursor: Option<String>,
    #[param(schema_with = sorts)]
    sort: Option<String>,
    count: Option<Count>,
}

static SORTS: Sorts<Row> = Sorts {
    default: "-createdAt",
    keys: &[SortKey { name: "createdAt", column: "r.created_at", key: |r| Key::Int(r.created_at.millis()) }],
};

fn sorts() -> Object {
    SORTS.schema()
}

/// List the connector's runs, newest first.
#[utoipa::path(get, path = "/{plugin}/runs", operation_id = "listRuns", tag = "connecteurs", params(("plugin" = String, Path), Filters),
    responses((status = 200, body = Page<Run>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Params(f): Params<Filters>,
) -> ApiResult<Json<Page<Run>>> {
    connector(&app, &caller, &id)?;
    let page = PageRequest::new(f.limit, f.sort.as_deref(), f.cursor.as_deref(), f.count, &SORTS, &id)?;
    let mut conn = app.db.read().await?;
    let matching = sql("SELECT 1 FROM sync_runs WHERE source = ?").bind(source::key(&id));
    let total = page.total(&mut conn, matching).await?;
    let mut query = sql(SELECT).bind(source::key(&id));
    page.apply(&mut query, "r.id");
    Ok(Json(page.page(query.all(&mut conn).await?, total, |row: &Row| row.id.uuid(), show)))
}

/// Read a run.
#[utoipa::path(get, path = "/{plugin}/runs/{id}", operation_id = "getRun", tag = "connecteurs", params(("plugin" = String, Path), ("id" = Uuid, Path)),
    responses((status = 200, body = Run), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    NamedId(plugin, id): NamedId<RunId>,
) -> ApiResult<Json<Run>> {
    connector(&app, &caller, &plugin)?;
    Ok(Json(load(&mut app.db.read().await?, &plugin, id).await?))
}

/// Read the run's log, oldest line first. At most 5000 lines are kept.
#[utoipa::path(get, path = "/{plugin}/runs/{id}/log", operation_id = "getRunLog", tag = "connecteurs", params(("plugin" = String, Path), ("id" = Uuid, Path)),
    responses((status = 200, body = RunLogLineList), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn log(
    State(app): State<App>,
    caller: Caller,
    NamedId(plugin, id): NamedId<RunId>,
) -> ApiResult<Json<RunLogLineList>> {
    connector(&app, &caller, &plugin)?;
    let mut conn = app.db.read().await?;
    load(&mut conn, &plugin, id).await?;
    let rows = sql("SELECT at, level, message FROM sync_log WHERE run_id = ? ORDER BY seq")
        .bind(id)
        .all::<(Instant, String, String)>(&mut conn)
        .await?;
    let line = |(at, level, message)| RunLogLine { at, level, message };
    Ok(Json(RunLogLineList { data: rows.into_iter().map(line).collect() }))
}
