//! A job's work on a run: progress, log, cancellation.

use std::sync::Arc;

use afpi_db::{Conn, Value as Sql, sql};
use afpi_jobs::JobContext;

use super::Stop;
use super::run::{self, Progress, State};
use super::source::{Rules, RunSource};
use super::tabular::Ground;
use afpi_core::clock::Instant;
use afpi_core::id::RunId;
use afpi_core::text::Text;
use afpi_platform::auth::caller;
use afpi_platform::events;
use afpi_platform::state::App;

/// The most lines of a run's log.
const MOST_LINES: i64 = 5_000;

/// A run in progress.
pub struct Session<'a> {
    pub app: &'a App,
    pub job: &'a JobContext,
    pub run: RunId,
    pub origin: RunSource,
    pub rules: Rules,
    /// Who imports, for a file.
    pub ground: Option<Arc<Ground>>,
    pub progress: Progress,
    lines: Vec<(Instant, &'static str, String)>,
    next_line: i64,
}

impl<'a> Session<'a> {
    pub async fn open(app: &'a App, job: &'a JobContext, run: RunId, origin: RunSource) -> Result<Session<'a>, Stop> {
        let mut conn = app.db.read().await?;
        let next_line =
            sql("SELECT COALESCE(MAX(seq), 0) + 1 FROM sync_log WHERE run_id = ?").bind(run).scalar(&mut conn).await?;
        let rules = origin.kind.rules(&mut conn, &origin.name).await?;
        let ground = ground(&mut conn, app, run, &origin, &rules).await?;
        Ok(Session {
            app,
            job,
            run,
            origin,
            rules,
            ground,
            progress: Progress::default(),
            lines: Vec::new(),
            next_line,
        })
    }

    /// Returns an error when the worker is stopping. The job goes on elsewhere or later.
    pub fn check(&self) -> Result<(), Stop> {
        if self.job.cancelled().is_cancelled() { Err(Stop::Later) } else { Ok(()) }
    }

    /// Returns an error when the run is no longer in this state: somebody cancelled it.
    pub async fn still(&self, state: State) -> Result<(), Stop> {
        let row = run::load(&mut self.app.db.read().await?, self.run, false).await?;
        if row.is_some_and(|row| row.state() == state) { Ok(()) } else { Err(Stop::Gone) }
    }

    pub fn info(&mut self, message: String) {
        self.line("info", message);
    }

    pub fn warn(&mut self, message: String) {
        self.line("warn", message);
    }

    /// Adds lines from the source.
    pub fn hear(&mut self, lines: Vec<(&'static str, String)>) {
        lines.into_iter().for_each(|(level, message)| self.line(level, message));
    }

    fn line(&mut self, level: &'static str, message: String) {
        if self.next_line + self.lines.len() as i64 <= MOST_LINES {
            self.lines.push((Instant::now(), level, message));
        }
    }

    /// Writes the log and informs the viewers of the run.
    pub async fn show(&mut self, state: State) -> Result<(), Stop> {
        self.flush().await?;
        if state != State::Fetching && self.progress.total > 0 {
            self.job.progress((self.progress.done * 100 / self.progress.total).clamp(0, 100) as u8).await;
        }
        self.origin.publish(self.app, self.run).await;
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), Stop> {
        if self.lines.is_empty() {
            return Ok(());
        }
        let (run, first, lines) = (self.run, self.next_line, std::mem::take(&mut self.lines));
        afpi_db::retry(|| async {
            let mut tx = self.app.db.begin().await?;
            let mut query = sql("INSERT INTO sync_log (run_id, seq, at, level, message) VALUES ");
            query.rows(lines.iter().enumerate().map(|(i, (at, level, message))| -> [Sql; 5] {
                [run.into(), (first + i as i64).into(), (*at).into(), (*level).into(), message.into()]
            }));
            query.execute(&mut tx).await?;
            tx.commit().await
        })
        .await?;
        self.next_line += lines.len() as i64;
        Ok(())
    }

    /// Changes the run's state, with its event in the same transaction when people should be told.
    pub async fn end(&mut self, from: &[State], to: State, message: Option<&Text>) -> Result<(), Stop> {
        self.flush().await?;
        let (app, run) = (self.app, self.run);
        let correlation = self.job.correlation_id.clone().unwrap_or_else(|| run.to_string());
        let event = self.origin.event(app, run, to, message);
        afpi_db::retry(|| async {
            let mut tx = app.db.begin().await?;
            if !run::go(&mut tx, run, from, to, message).await? {
                return Err(Stop::Gone);
            }
            if matches!(to, State::Done | State::Failed | State::Held)
                && let Some(event) = &event
            {
                events::emit(&mut tx, event, &correlation).await?;
            }
            Ok::<_, Stop>(tx.commit().await?)
        })
        .await?;
        self.app.jobs.wake();
        self.origin.publish(self.app, self.run).await;
        Ok(())
    }
}

/// The person in whose name a file is worked on. None for other sources, and once the account is deactivated.
async fn ground(
    conn: &mut Conn,
    app: &App,
    run: RunId,
    origin: &RunSource,
    rules: &Rules,
) -> Result<Option<Arc<Ground>>, Stop> {
    let (Some(site), Some(row)) = (rules.only, run::load(conn, run, false).await?) else { return Ok(None) };
    let Some(user) = row.user_id else { return Ok(None) };
    let person = caller::acting(conn, user).await?;
    Ok(person.map(|person| Arc::new(Ground::new(app, person, site, &origin.name, run))))
}
