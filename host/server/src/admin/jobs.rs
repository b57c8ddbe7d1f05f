//! `/api/jobs`: shows the queues, and lets people act on them. Payloads are not shown: only handlers understand them,
//! and they may name records outside the reader's scope.

use afpi_jobs::{Filter, Job as Queued, JobsError, QueueCounts as Counted, State as JobState};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use strum::VariantArray as _;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use afpi_changes::{connecteurs, engine};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, bad_parameter, internal, not_found, unavailable};
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_crm::events::hooks;
use afpi_crm::notifications::notify;
use afpi_http::input::{Id, Params};
use afpi_http::paging::{self, ListMeta, Page};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::events;
use afpi_platform::journal::{Activity, Author, Subject};
use afpi_platform::plugins::jobs;
use afpi_platform::state::App;

/// A job.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    pub id: Uuid,
    pub queue: String,
    pub kind: String,
    /// The plugin that runs the job or receives the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub plugin: Option<String>,
    /// The plugin's name for the work, or the event that it receives.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub task: Option<String>,
    /// `waiting`, `delayed`, `active`, `completed`, `failed` (waits for its next try), `dead`.
    pub state: &'static str,
    /// 0 goes first.
    pub priority: u32,
    /// Tries so far, including a running one.
    pub attempt: u32,
    pub max_attempts: u32,
    /// Per cent, if the job reports it.
    pub progress: Option<u8>,
    pub created_at: Instant,
    pub run_at: Option<Instant>,
    pub started_at: Option<Instant>,
    pub finished_at: Option<Instant>,
    /// The error of the last failed try.
    pub error: Option<String>,
    pub correlation_id: Option<String>,
}

impl From<Queued> for Job {
    fn from(job: Queued) -> Job {
        let (plugin, task) = of_plugin(&job);
        Job {
            plugin,
            task,
            id: job.id,
            queue: job.queue,
            kind: job.kind,
            state: job.state.as_str(),
            priority: job.priority,
            attempt: job.attempt,
            max_attempts: job.max_attempts,
            progress: job.progress,
            created_at: Instant(job.created_at),
            run_at: job.run_at.map(Instant),
            started_at: job.started_at.map(Instant),
            finished_at: job.finished_at.map(Instant),
            error: job.error,
            correlation_id: job.correlation_id,
        }
    }
}

/// The plugin and the subject of a plugin's job. Nothing else of a payload is shown.
fn of_plugin(job: &Queued) -> (Option<String>, Option<String>) {
    let word = |at: &str| job.payload.pointer(at).and_then(Value::as_str).map(str::to_owned);
    match job.kind.as_str() {
        jobs::KIND => (word("/plugin"), word("/kind")),
        hooks::KIND | notify::KIND => (word("/plugin"), word("/event/name")),
        events::KIND => (None, word("/name")),
        engine::KIND => (word("/source").as_deref().and_then(connecteurs::of).map(str::to_owned), None),
        _ => (None, None),
    }
}

/// Jobs per queue and state.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobCounts {
    pub queues: Vec<QueueCounts>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueueCounts {
    pub queue: String,
    pub paused: bool,
    pub waiting: u64,
    /// Waiting for a later instant, for the first or another try.
    pub delayed: u64,
    pub active: u64,
    pub completed: u64,
    pub dead: u64,
    pub oldest_waiting_seconds: Option<u64>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    limit: Option<u32>,
    cursor: Option<String>,
    #[param(schema_with = states)]
    state: Option<String>,
    kind: Option<String>,
    queue: Option<String>,
}

fn states() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(JobState::VARIANTS.iter().map(|state| state.as_str())))
        .build()
}

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(counts))
        .routes(routes!(get))
        .routes(routes!(retry))
        .routes(routes!(pause))
        .routes(routes!(resume))
}

/// A queue's error as an answer.
fn problem(error: JobsError) -> Error {
    match error {
        JobsError::Unavailable(cause) => {
            tracing::warn!(error.cause = cause, "the queue does not answer");
            unavailable("queue")
        }
        JobsError::NotFound(_) => not_found(),
        JobsError::NotDead(_) => {
            let detail = text("Seule une tâche abandonnée peut être relancée.", "Only a dead job can be sent back.");
            Error::new(ErrorKind::Conflict, text("La tâche n'est pas abandonnée", "The job is not dead")).detail(detail)
        }
        JobsError::Db(error) => error.into(),
        other => internal(other),
    }
}

impl Wanted {
    fn filter(&self) -> Result<Filter> {
        let limit = paging::limit(self.limit)?;
        let state = self.state.as_deref().map(|name| {
            let names = JobState::VARIANTS.iter().map(|state| state.as_str()).collect::<Vec<_>>().join(", ");
            name.parse()
                .map_err(|_| bad_parameter("state", text(format!("États : {names}."), format!("States: {names}."))))
        });
        let before = self.cursor.as_deref().map(|cursor| Uuid::parse_str(cursor).map_err(|_| paging::bad_cursor()));
        Ok(Filter {
            state: state.transpose()?,
            kind: self.kind.clone(),
            queue: self.queue.clone(),
            before: before.transpose()?,
            limit,
        })
    }
}

/// The total number of jobs, and whether it is exact: the queues' counts, or, where they do not count, at most a
/// thousand that are read.
async fn total(app: &App, filter: &Filter) -> Result<(i64, bool)> {
    let count = |q: &Counted| match filter.state {
        None => Some(q.waiting + q.delayed + q.active + q.completed + q.dead),
        Some(JobState::Waiting) => Some(q.waiting),
        Some(JobState::Active) => Some(q.active),
        Some(JobState::Completed) => Some(q.completed),
        Some(JobState::Dead) => Some(q.dead),
        // The queues count both together.
        Some(JobState::Delayed | JobState::Failed) => None,
    };
    let queues = app.queue.counts().await.map_err(problem)?;
    let wanted = queues.iter().filter(|q| filter.queue.as_ref().is_none_or(|name| *name == q.queue));
    if let (None, Some(sum)) = (&filter.kind, wanted.map(count).sum::<Option<u64>>()) {
        return Ok((sum as i64, true));
    }
    let mut page = Filter { before: None, limit: 200, ..filter.clone() };
    let mut sum = 0;
    for _ in 0..5 {
        let found = app.queue.list(&page).await.map_err(problem)?;
        sum += found.jobs.len() as i64;
        page.before = found.next;
        if page.before.is_none() {
            break;
        }
    }
    Ok((sum, page.before.is_none()))
}

/// List jobs, newest first.
#[utoipa::path(get, path = "/", operation_id = "listJobs", tag = "jobs", params(Wanted),
    responses((status = 200, body = Page<Job>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
async fn list(State(app): State<App>, caller: Caller, Params(wanted): Params<Wanted>) -> ApiResult<Json<Page<Job>>> {
    caller.require(Action::JobsRead)?;
    let filter = wanted.filter()?;
    let found = app.queue.list(&filter).await.map_err(problem)?;
    let (total, exact) = total(&app, &filter).await?;
    let meta = ListMeta { total, exact, limit: filter.limit, next: found.next.map(|id| id.to_string()) };
    Ok(Json(Page { data: found.jobs.into_iter().map(Job::from).collect(), meta }))
}

/// Count jobs per queue and state.
#[utoipa::path(get, path = "/counts", operation_id = "getJobCounts", tag = "jobs",
    responses((status = 200, body = JobCounts), (status = 403, body = ProblemBody)))]
async fn counts(State(app): State<App>, caller: Caller) -> ApiResult<Json<JobCounts>> {
    caller.require(Action::JobsRead)?;
    let show = |q: Counted| QueueCounts {
        queue: q.queue,
        paused: q.paused,
        waiting: q.waiting,
        delayed: q.delayed,
        active: q.active,
        completed: q.completed,
        dead: q.dead,
        oldest_waiting_seconds: q.oldest_waiting.map(|age| age.as_secs()),
    };
    Ok(Json(JobCounts { queues: app.queue.counts().await.map_err(problem)?.into_iter().map(show).collect() }))
}

/// Read a job.
#[utoipa::path(get, path = "/{id}", operation_id = "getJob", tag = "jobs", params(("id" = Uuid, Path)),
    responses((status = 200, body = Job), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn get(State(app): State<App>, caller: Caller, Id(id): Id) -> ApiResult<Json<Job>> {
    caller.require(Action::JobsRead)?;
    let job = app.queue.get(id).await.map_err(problem)?.ok_or_else(not_found)?;
    Ok(Json(job.into()))
}

/// Send a dead job back to its queue. It gets all its tries again.
#[utoipa::path(post, path = "/{id}/retry", operation_id = "retryJob", tag = "jobs", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn retry(State(app): State<App>, caller: Caller, request: RequestId, Id(id): Id) -> ApiResult<StatusCode> {
    caller.require(Action::JobsManage)?;
    app.queue.retry_dead(id).await.map_err(problem)?;
    tell(&app, Author::of(&caller, request.as_str()), Subject::Job(id), Activity::Retried).await?;
    tracing::info!(user.id = %caller.id, job = %id, "dead job sent back");
    Ok(StatusCode::NO_CONTENT)
}

/// Pause a queue on every node. Running jobs go on.
#[utoipa::path(post, path = "/queues/{queue}/pause", operation_id = "pauseQueue", tag = "jobs", params(("queue" = String, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn pause(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Path(queue): Path<String>,
) -> ApiResult<StatusCode> {
    caller.require(Action::JobsManage)?;
    known(&app, &queue).await?;
    app.queue.pause(&queue).await.map_err(problem)?;
    tell(&app, Author::of(&caller, request.as_str()), Subject::Queue(queue.clone()), Activity::Paused).await?;
    tracing::info!(user.id = %caller.id, queue, "queue paused");
    Ok(StatusCode::NO_CONTENT)
}

/// Resume a queue.
#[utoipa::path(post, path = "/queues/{queue}/resume", operation_id = "resumeQueue", tag = "jobs", params(("queue" = String, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn resume(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Path(queue): Path<String>,
) -> ApiResult<StatusCode> {
    caller.require(Action::JobsManage)?;
    known(&app, &queue).await?;
    app.queue.resume(&queue).await.map_err(problem)?;
    tell(&app, Author::of(&caller, request.as_str()), Subject::Queue(queue.clone()), Activity::Resumed).await?;
    tracing::info!(user.id = %caller.id, queue, "queue resumed");
    Ok(StatusCode::NO_CONTENT)
}

/// Writes the act into the journal. The queue may be on another server than the database, so this comes after the act.
async fn tell(app: &App, author: Author<'_>, subject: Subject, activity: Activity) -> Result<()> {
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        author.on(subject.clone(), None).record(&mut tx, activity, vec![]).await?;
        Ok(tx.commit().await?)
    })
    .await
}

/// 404 for an empty queue that no worker runs.
async fn known(app: &App, queue: &str) -> Result<()> {
    if crate::workers::LANES.iter().any(|(lane, _)| *lane == queue)
        || app.queue.counts().await.map_err(problem)?.iter().any(|q| q.queue == queue)
    {
        Ok(())
    } else {
        Err(not_found())
    }
}
