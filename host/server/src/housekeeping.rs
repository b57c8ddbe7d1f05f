//! Deletes old data: once an hour, in workers, and has files scanned for viruses that were not. Finished jobs and runs of connectors are deleted where they end.
//!
//! | what | goes |
//! |---|---|
//! | failed sign-ins | a day after the first of them |
//! | sessions | when they are over |
//! | links of letters | a day after they expired |
//! | keys of requests with their answers | a day after the request |
//! | notifications | 90 days after they were read, 400 days after they were written |
//! | recordings of plugins | see [`recorder`] |
//! | files of imports, with their runs | 30 days after they came in |
//! | what plugins have said about themselves with settings of long ago | after 400 days; it is asked again if need be |
//! | changes that every process has read | a day after they were written |
//! | records in the bin | when the page of the bin said: after `AFPI_BIN_DAYS`, 30 days |
//! | personal data | when a rule of `/api/conservation` is switched on and the record's time is over |
//! | deliveries of webhooks | 30 days after they were written |
//! | archives of dossiers de preuve | a week after they were asked for |
//! | mails of the drop box that belong to no record | 60 days after they came |
//! | mails in the folders of its mailbox | 30 days after they came |
//! | uploads, and files that nothing refers to | a day after they were uploaded, see [`attachments::collect()`] |
//! | tickets of jobs of plugins | when the job is dead or gone without having handed its own in |

use std::time::Duration;

use afpi_db::sql;
use afpi_jobs::State;
use uuid::Uuid;

use afpi_changes::imports;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result, internal};
use afpi_crm::personnes::conservation;
use afpi_crm::{antivirus, attachments, corbeille, courriels, preuves, webhooks};
use afpi_platform::idempotency;

use afpi_platform::feed;
use afpi_platform::plugins::recorder;
use afpi_platform::state::App;

/// How often.
pub const PERIOD: Duration = Duration::from_secs(3600);

const DAY: Duration = Duration::from_secs(24 * 3600);
/// Younger tickets may belong to jobs in the outbox.
const TICKET: Duration = Duration::from_secs(10 * 60);
/// Rows per statement: short locks do not block others for long.
const BATCH: u32 = 1000;

/// Deletes all of it. A failed part is tried again an hour later.
pub async fn keep(app: &App) {
    for (what, done) in [
        ("sign-ins and sessions", sessions(app).await),
        ("keys of requests", idempotency::forget(&app.db, Instant::now()).await),
        ("notifications", notifications(app).await),
        ("recordings", recorder::expire(app).await),
        ("imports", imports::expire(&app.db, Instant::now()).await),
        ("tickets", tickets(app).await),
        ("facts of plugins", facts(app).await),
        ("changes that were read", feed::forget(&app.db, Instant::now()).await),
        ("the bin", corbeille::purge(app, Instant::now()).await),
        ("personal data", conservation::keep(app, Instant::now()).await),
        ("deliveries of webhooks", webhooks::expire(app, Instant::now()).await),
        ("archives", preuves::expire(app, Instant::now()).await),
        ("scans of files", antivirus::keep(app).await),
        ("mails", courriels::keep(app, Instant::now()).await),
        ("files", attachments::collect(app, Instant::now()).await),
        ("objects without a file", strays(app).await),
    ] {
        if let Err(problem) = done {
            tracing::warn!(what, error.code = problem.kind().code(), "housekeeping could not be done");
        }
    }
}

async fn sessions(app: &App) -> Result<()> {
    let now = Instant::now();
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        sql("DELETE FROM login_failures WHERE first_at < ? AND blocked_until < ?")
            .bind(now - DAY)
            .bind(now)
            .execute(&mut tx)
            .await?;
        sql("DELETE FROM refresh_tokens WHERE family_expires_at < ?").bind(now).execute(&mut tx).await?;
        sql("DELETE FROM account_links WHERE expires_at < ?").bind(now - DAY).execute(&mut tx).await?;
        Ok::<(), Error>(tx.commit().await?)
    })
    .await
}

async fn notifications(app: &App) -> Result<()> {
    let now = Instant::now();
    loop {
        let mut old = sql("SELECT id FROM notifications WHERE created_at < ? OR read_at < ?")
            .bind(now - DAY * 400)
            .bind(now - DAY * 90);
        old.limit(BATCH);
        let old: Vec<(Uuid,)> = old.all(&mut app.db.read().await?).await?;
        if old.is_empty() {
            return Ok(());
        }
        afpi_db::retry(|| async {
            let mut tx = app.db.begin().await?;
            let mut query = sql("DELETE FROM notifications WHERE id IN ");
            query.list(old.iter().map(|(id,)| *id));
            query.execute(&mut tx).await?;
            Ok::<(), Error>(tx.commit().await?)
        })
        .await?;
    }
}

async fn facts(app: &App) -> Result<()> {
    let old = Instant::now() - DAY * 400;
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        sql("DELETE FROM plugin_facts WHERE kept_at < ?").bind(old).execute(&mut tx).await?;
        Ok::<(), Error>(tx.commit().await?)
    })
    .await
}

/// Reads the whole store of files, so once a day.
async fn strays(app: &App) -> Result<()> {
    let hour = i64::try_from(PERIOD.as_millis()).unwrap_or(i64::MAX);
    match Instant::now().0 / hour % 24 {
        2 => attachments::collect::strays(app, 2 * attachments::collect::GRACE).await,
        _ => Ok(()),
    }
}

/// Frees the quota and key that a plugin's job kept when it died in a crash or was never read.
async fn tickets(app: &App) -> Result<()> {
    let before = Instant::now() - TICKET;
    let known: Vec<(Uuid,)> = {
        let mut query = sql("SELECT t.id FROM plugin_jobs t WHERE t.created_at < ? AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id = t.id)").bind(before);
        query.limit(BATCH);
        query.all(&mut app.db.read().await?).await?
    };
    let mut orphans = Vec::new();
    for (id,) in known {
        let job = app.queue.get(id).await.map_err(internal)?;
        if job.is_none_or(|job| matches!(job.state, State::Dead | State::Completed)) {
            orphans.push(id);
        }
    }
    if orphans.is_empty() {
        return Ok(());
    }
    tracing::info!(orphans = orphans.len(), "tickets of dead jobs of plugins are taken back");
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let mut query = sql("DELETE FROM plugin_jobs WHERE id IN ");
        query.list(orphans.iter().copied());
        query.execute(&mut tx).await?;
        Ok::<(), Error>(tx.commit().await?)
    })
    .await
}
