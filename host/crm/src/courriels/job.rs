//! The job that empties the mailbox: every minute, on one node. Each mail is judged for itself, so one that cannot be taken
//! holds up no other.

use std::sync::Arc;
use std::time::Duration;

use afpi_db::DbError;
use afpi_jobs::{Handler, JobContext, JobError, Schedule, Scheduler};
use async_trait::async_trait;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::imap::{LARGEST, Open, Trouble, Waiting};
use super::take::{Outcome, take};
use afpi_core::error::{Error, Result};
use afpi_platform::config::Mailbox;
use afpi_platform::state::App;

/// Queue and kind of the job.
pub const QUEUE: &str = "mail";
pub const KIND: &str = "mailbox";

/// The schedule's id.
const SCHEDULE: &str = "host/mailbox";
/// Mails of one run. The next minute goes on.
const BATCH: usize = 100;

/// Has the mailbox read every minute, if there is one. Every worker may call it at its start.
pub async fn schedule(app: &App) -> Result<()> {
    let wanted = Schedule {
        id: SCHEDULE.into(),
        cron: "* * * * *".into(),
        queue: QUEUE.into(),
        kind: KIND.into(),
        payload: json!({}),
        priority: 0,
        max_attempts: 1,
    };
    let known = Scheduler::get(&mut app.db.read().await?, SCHEDULE).await.map_err(DbError::from)?;
    if known.is_none() && app.config.mailbox.is_none() {
        return Ok(());
    }
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        match &app.config.mailbox {
            Some(_) => Scheduler::upsert(&mut tx, &wanted).await.map_err(DbError::from)?,
            None => drop(Scheduler::remove(&mut tx, SCHEDULE).await.map_err(DbError::from)?),
        }
        Ok::<_, Error>(tx.commit().await?)
    })
    .await
}

/// Runs jobs of kind [`KIND`].
pub struct MailboxHandler(App);

impl MailboxHandler {
    pub fn new(app: App) -> Arc<MailboxHandler> {
        Arc::new(MailboxHandler(app))
    }
}

#[async_trait]
impl Handler for MailboxHandler {
    /// A mailbox that cannot be read is no failed job: the next minute tries again, and the metric tells.
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        // The setting was removed, and the schedule follows at the next start of a worker.
        let Some(mailbox) = &self.0.config.mailbox else { return Ok(()) };
        let read = empty(&self.0, mailbox, job.cancelled()).await;
        let outcome = if read.is_ok() { "ok" } else { "failed" };
        self.0.metrics.mailbox_reads.with_label_values(&[outcome]).inc();
        if let Err(trouble) = read {
            tracing::warn!(error.cause = %trouble, "the mailbox could not be read");
        }
        Ok(())
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(900)
    }
}

async fn empty(app: &App, mailbox: &Mailbox, stop: &CancellationToken) -> Result<(), Trouble> {
    let mut open = Open::open(mailbox).await?;
    for mail in open.waiting(BATCH).await? {
        if stop.is_cancelled() {
            break;
        }
        match judge(app, mailbox, &mut open, &mail).await? {
            Ok(Some(outcome)) => {
                // Written first, moved then: whoever dies between finds it known.
                open.put(mail.uid, outcome.folder()).await?;
                app.metrics.courriels.with_label_values(&[<&str>::from(outcome)]).inc();
                if outcome == Outcome::Unreadable {
                    tracing::warn!(mail.uid, bytes = mail.size, "a mail cannot be read and was set aside");
                }
            }
            Ok(None) => {}
            // It stays in the inbox and is tried again. The others go on.
            Err(problem) => {
                tracing::warn!(mail.uid, error.code = problem.kind().code(), "a mail could not be taken in yet");
            }
        }
    }
    open.close().await;
    Ok(())
}

/// What became of a mail. None: it is gone.
async fn judge(
    app: &App,
    mailbox: &Mailbox,
    open: &mut Open,
    mail: &Waiting,
) -> Result<Result<Option<Outcome>>, Trouble> {
    if mail.size > LARGEST {
        return Ok(Ok(Some(Outcome::Unreadable)));
    }
    let Some(raw) = open.read(mail.uid).await? else { return Ok(Ok(None)) };
    Ok(match take(app, mailbox, raw, mail.received_at).await {
        Ok(outcome) => Ok(Some(outcome)),
        // Not a failure of a part, so it will be the same tomorrow.
        Err(problem) if !problem.kind().is_failure() => {
            tracing::warn!(mail.uid, error.code = problem.kind().code(), "a mail cannot be filed");
            Ok(Some(Outcome::Unreadable))
        }
        Err(problem) => Err(problem),
    })
}
