//! The engine of change-sets: reads changes of many records from a [`source`], stages them, applies them in batches
//! under the run's lock, and undoes them on request. It knows no connector, no file and no plugin.
//!
//! A job drives each run: it reads the run's state and continues from there. The job may run twice or be killed at any
//! moment. The state and the marks on the staged changes say what is left to do.

pub mod abandoned;
pub mod apply;
pub mod change;
pub mod companies;
pub mod contacts;
pub mod editable;
mod fetch;
pub mod fields;
mod hold;
pub mod known;
mod left_out;
pub mod lines;
pub mod list;
pub mod merge;
pub mod news;
pub mod owners;
pub mod run;
pub mod session;
pub mod sites;
pub mod source;
pub mod stage;
pub mod tabular;
pub mod undo;
pub mod veto;

use std::time::Duration;

use afpi_db::{AsContention, DbError, sql};
use afpi_jobs::{Handler, JobContext, JobError, NewJob};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use self::run::{Mode, Origin, RunRow, State};
use afpi_core::error::{Error, ErrorKind, Result};
use afpi_core::id::RunId;

use afpi_core::text::{Text, text};
use afpi_platform::journal::{self, Activity, Actor, Author};
use afpi_platform::state::App;
use session::Session;
use source::Sources;

/// Queue and kind of the jobs that drive runs.
pub const QUEUE: &str = "sync";
pub const KIND: &str = "sync";

/// Runs kept per source. Older ones are deleted with their changes.
const KEPT_RUNS: usize = 50;

/// The payload of a job.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", untagged)]
enum Task {
    /// Continue this run.
    Run { run: RunId },
    /// The schedule of this source is due.
    Scheduled { source: String },
}

/// The payload for the schedule of a source.
pub fn scheduled(source: &str) -> serde_json::Value {
    json!({"source": source})
}

/// Tries of the job that drives a run. The run itself ends in success or failure. Only an unavailable database is
/// retried, however long it takes.
const TRIES: u32 = 1_000;

/// Enqueues the job that continues a run, in the transaction that changed its state.
pub async fn drive(tx: &mut afpi_db::Conn, run: RunId, correlation_id: &str) -> Result<()> {
    let job = NewJob::new(QUEUE, KIND, json!({"run": run})).max_attempts(TRIES).correlation(correlation_id);
    let job = afpi_jobs::enqueue(tx, &job).await.map_err(DbError::from)?;
    sql("UPDATE sync_runs SET job_id = ? WHERE id = ?").bind(job).bind(run).execute(tx).await?;
    Ok(())
}

/// The handler of [`KIND`].
pub struct Sync {
    pub app: App,
    pub sources: Sources,
}

/// Why work on a run stops before its end.
#[derive(Debug)]
pub enum Stop {
    /// The run is no longer in the expected state: it was cancelled, or another worker has it.
    Gone,
    /// The worker stops; the job runs again later.
    Later,
    /// The run fails, with a message for people.
    Failed(Text),
    /// The database is away or busy; the job runs again later.
    Away(String),
    /// Two transactions collided; the batch is tried again.
    Collision(String),
}

impl From<DbError> for Stop {
    fn from(error: DbError) -> Self {
        match error {
            // A key was taken or a company deleted since the comparison. A second look at the batch refuses the changes
            // concerned.
            DbError::Contention(cause) | DbError::Unique(cause) | DbError::ForeignKey(cause) => Stop::Collision(cause),
            DbError::Unavailable(cause)
            | DbError::TooLong(cause)
            | DbError::Refused(cause)
            | DbError::NotWritable(cause) => Stop::Away(cause),
            other => {
                tracing::error!(error.cause = %other, "a run failed in the database");
                Stop::Failed(text(
                    "Erreur interne ; voir les journaux du serveur.",
                    "Internal error; see the server's logs.",
                ))
            }
        }
    }
}

impl From<Error> for Stop {
    fn from(problem: Error) -> Self {
        match problem.kind().code() {
            "contention" => Stop::Collision("contention".into()),
            "unavailable" => Stop::Away("unavailable".into()),
            other => Stop::Failed(text(format!("Erreur interne ({other})."), format!("Internal error ({other})."))),
        }
    }
}

impl AsContention for Stop {
    fn is_contention(&self) -> bool {
        matches!(self, Stop::Collision(_))
    }
}

#[async_trait]
impl Handler for Sync {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        let task: Task = serde_json::from_value(job.payload.clone()).map_err(JobError::fail)?;
        match task {
            Task::Run { run } => self.carry_on(&job, run).await,
            Task::Scheduled { source } => self.begin(&source).await,
        }
    }

    /// Thousands of small requests for contacts may take an hour. A source that hangs is stopped by its own limits.
    fn timeout(&self) -> Duration {
        Duration::from_secs(2 * 3600)
    }
}

impl Sync {
    /// The schedule is due: starts a run, unless one is running.
    async fn begin(&self, source: &str) -> Result<(), JobError> {
        let app = &self.app;
        abandoned::give_up(app, &self.sources).await.map_err(|problem| JobError::retry(problem.kind().code()))?;
        let begun = async {
            let mut tx = app.db.begin().await?;
            let run = run::create(&mut tx, source, Mode::Apply, Origin::Schedule, &[]).await?;
            let correlation_id = run.to_string();
            let author = Author { actor: Actor::System, correlation_id: &correlation_id };
            if let Some(subject) = self.sources.of(source).and_then(|origin| origin.subject()) {
                let started = vec![journal::field("run", Value::Null, correlation_id.as_str())];
                author.on(subject, None).record(&mut tx, Activity::RunStarted, started).await?;
            }
            drive(&mut tx, run, &correlation_id).await?;
            tx.commit().await?;
            Ok::<_, Error>(run)
        };
        match begun.await {
            Ok(run) => {
                app.jobs.wake();
                if let Some(origin) = self.sources.of(source) {
                    origin.publish(app, run).await;
                }
                Ok(())
            }
            Err(problem) if problem.kind() == ErrorKind::Conflict => {
                tracing::info!(source, "a run is under way; the scheduled one is left out");
                Ok(())
            }
            Err(problem) => Err(JobError::retry(problem.kind().code())),
        }
    }

    async fn carry_on(&self, job: &JobContext, run: RunId) -> Result<(), JobError> {
        let row = async { run::load(&mut self.app.db.read().await?, run, false).await };
        let Some(row) = row.await.map_err(JobError::retry)? else { return Ok(()) };
        let Some(origin) = self.sources.of(&row.source) else {
            return Err(JobError::fail(format!("a run of an unknown source: {}", row.source)));
        };
        let mut session = match Session::open(&self.app, job, run, origin).await {
            Ok(session) => session,
            Err(stop) => return Err(JobError::retry(format!("{stop:?}"))),
        };
        let result = match row.state() {
            State::Queued => from_the_start(&mut session, &row).await,
            State::Fetching => Err(Stop::Failed(text(
                "Le passage a été interrompu par l'arrêt du serveur ; rien n'a été appliqué.",
                "The run was interrupted by a stop of the server; nothing was applied.",
            ))),
            State::Applying => apply::apply(&mut session).await,
            State::Undoing => undo::undo(&mut session).await,
            State::Staged | State::Held | State::Done | State::Failed | State::Undone => Ok(()),
        };
        match result {
            Ok(()) | Err(Stop::Gone) => Ok(()),
            Err(Stop::Failed(message)) => fail(&mut session, &message).await,
            Err(Stop::Later) => {
                again(&session).await?;
                Err(JobError::retry("the worker stops"))
            }
            Err(Stop::Away(cause) | Stop::Collision(cause)) => Err(JobError::retry(cause)),
        }
    }
}

async fn from_the_start(session: &mut Session<'_>, row: &RunRow) -> Result<(), Stop> {
    tidy(session.app, &row.source, session.run).await?;
    let mut tx = session.app.db.begin().await?;
    if !run::go(&mut tx, session.run, &[State::Queued], State::Fetching, None).await? {
        return Err(Stop::Gone);
    }
    tx.commit().await?;
    match fetch::fetch(session, &row.entities.0, row.previews()).await? {
        State::Applying => apply::apply(session).await,
        _ => Ok(()),
    }
}

/// Fails the run from any state.
async fn fail(session: &mut Session<'_>, message: &Text) -> Result<(), JobError> {
    session.warn(message.fr.clone());
    tracing::warn!(source = session.origin.name, run = %session.run, reason = message.en, "run failed");
    match session
        .end(&[State::Queued, State::Fetching, State::Applying, State::Undoing], State::Failed, Some(message))
        .await
    {
        Ok(()) | Err(Stop::Gone) => Ok(()),
        Err(stop) => Err(JobError::retry(format!("{stop:?}"))),
    }
}

/// The worker stops during fetching: the staged changes are deleted and the run is queued again. Applying simply goes
/// on later.
async fn again(session: &Session<'_>) -> Result<(), JobError> {
    let reset = async {
        let mut tx = session.app.db.begin().await?;
        if run::go(&mut tx, session.run, &[State::Fetching], State::Queued, None).await? {
            sql("DELETE FROM sync_changes WHERE run_id = ?").bind(session.run).execute(&mut tx).await?;
            tx.commit().await?;
        }
        Ok::<_, Error>(())
    };
    reset.await.map_err(|problem| JobError::retry(problem.kind().code()))
}

/// Deletes old runs, and from the kept ones the rows without a change. A preview or a held run keeps all its rows,
/// because it may still be applied.
async fn tidy(app: &App, source: &str, run: RunId) -> Result<(), Stop> {
    let older = {
        let mut query = sql("SELECT id, state FROM sync_runs WHERE active_key IS NULL AND source = ?").bind(source);
        query.push(" AND id < ?").arg(run).push(" ORDER BY id DESC");
        query.all::<(Uuid, String)>(&mut app.db.read().await?).await?
    };
    let (kept, old) = older.split_at(older.len().min(KEPT_RUNS - 1));
    let mut tx = app.db.begin().await?;
    let mut query = sql("DELETE FROM sync_changes WHERE action = 'unchanged' AND run_id IN ");
    query.list(
        kept.iter().filter(|(_, state)| !matches!(State::parse(state), State::Staged | State::Held)).map(|(id, _)| *id),
    );
    query.execute(&mut tx).await?;
    let mut query = sql("DELETE FROM sync_runs WHERE id IN ");
    query.list(old.iter().map(|(id, _)| *id));
    query.execute(&mut tx).await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use afpi_db::testing;

    /// Runs, changes and a schedule in the format before sources existed, and the result of their migration.
    #[tokio::test]
    async fn runs_from_before_sources_go_on_after_the_upgrade() {
        testing::on_both_as_of(31, |db| async move {
            let (over, under_way) = (RunId::generate(), RunId::generate());
            let mut tx = db.begin().await.unwrap();
            for (id, state, key) in [(over, "done", None), (under_way, "applying", Some("ypareo"))] {
                let mut query = sql(
                    "INSERT INTO sync_runs (id, plugin_id, mode, origin, entities, state, active_key, done, total, counts, created_at) VALUES ",
                );
                query.rows([[
                    id.into(),
                    "ypareo".into(),
                    "apply".into(),
                    "schedule".into(),
                    r#"["entreprise"]"#.into(),
                    state.into(),
                    key.into(),
                    3i64.into(),
                    7i64.into(),
                    afpi_db::Value::json(&run::Counts { created: 3, ..run::Counts::default() }),
                    1i64.into(),
                ]]);
                query.execute(&mut tx).await.unwrap();
                sql("INSERT INTO sync_changes (run_id, seq, entity, external_id, parent, action, label, record_id, after_fields) VALUES (?, 1, 'entreprise', '12', '', 'created', 'ACME', ?, '{\"name\":\"ACME\"}')")
                    .bind(id)
                    .bind(Uuid::now_v7())
                    .execute(&mut tx)
                    .await
                    .unwrap();
            }
            for (id, kind, payload) in
                [("connecteur:ypareo", KIND, r#"{"connecteur":"ypareo"}"#), ("other", "other", r#"{"connecteur":"x"}"#)]
            {
                sql("INSERT INTO schedules (id, cron, queue, kind, payload, priority, max_attempts, next_at) VALUES (?, '0 3 * * *', 'sync', ?, ?, 0, 3, 5)")
                    .bind(id)
                    .bind(kind)
                    .bind(payload)
                    .execute(&mut tx)
                    .await
                    .unwrap();
            }
            tx.commit().await.unwrap();

            db.migrate().await.unwrap();

            let mut tx = db.begin().await.unwrap();
            for (id, state) in [(over, State::Done), (under_way, State::Applying)] {
                let row = run::load(&mut tx, id, false).await.unwrap().unwrap();
                assert_eq!((row.source.as_str(), row.state(), row.done, row.total), ("connecteur:ypareo", state, 3, 7));
                assert_eq!((row.counts.0.created, row.entities.0), (3, vec!["entreprise".to_owned()]));
                let staged = change::to_apply(&mut tx, id, 0, 10).await.unwrap();
                assert_eq!((staged.len(), staged[0].after["name"].as_str()), (1, Some("ACME")));
            }
            // The running run is still the only one of its source.
            let second = run::create(&mut tx, "connecteur:ypareo", Mode::Apply, Origin::Schedule, &[]).await;
            assert_eq!(second.unwrap_err().kind(), ErrorKind::Conflict);
            tx.rollback().await.unwrap();
            let mut conn = db.read().await.unwrap();
            let payloads = sql("SELECT payload FROM schedules ORDER BY id").all::<(String,)>(&mut conn).await.unwrap();
            let task = serde_json::from_str::<Task>(&payloads[0].0).unwrap();
            assert!(matches!(task, Task::Scheduled { source } if source == "connecteur:ypareo"));
            assert_eq!(payloads[1].0, r#"{"connecteur":"x"}"#, "other kinds keep theirs");
        })
        .await;
    }
}
