//! Which sites are to be audited: those that were not today, and those where somebody has changed something since.

use afpi_db::{Conn, DbError, sql};
use afpi_jobs::NewJob;
use serde_json::json;
use std::time::Duration;

use super::KIND;
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Error, Result};
use afpi_core::id::LocalisationId;
use afpi_platform::plugins::jobs::QUEUE;
use afpi_platform::plugins::seat_name;
use afpi_platform::state::App;

/// Acts younger than this wait: people who type make several in a row, and the line of an act is visible a moment after
/// its instant.
pub(super) const QUIET: Duration = Duration::from_secs(10);

/// After an audit a site rests this many times as long as it took. So a busy site with many records costs a twentieth of one
/// core at most.
pub(super) const REST: u32 = 19;

/// The kinds of records in the journal whose changes may put something right or wrong.
const WATCHED: [&str; 6] = ["opportunite", "session", "stagiaire", "formateur", "salle", "plugin"];

/// Enqueues the audits that are due.
pub async fn look(app: &App, now: Instant) -> Result<()> {
    let due = due(app, now).await?;
    if due.is_empty() {
        return Ok(());
    }
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        for site in &due {
            enqueue(&mut tx, *site).await?;
        }
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    app.jobs.wake();
    Ok(())
}

/// Enqueues the audit of a site, unless one waits.
pub(super) async fn enqueue(tx: &mut Conn, site: LocalisationId) -> Result<()> {
    let job = NewJob::new(QUEUE, KIND, json!({"site": site})).dedupe(format!("{KIND}:{site}")).max_attempts(3);
    afpi_jobs::enqueue(tx, &job).await.map_err(DbError::from)?;
    Ok(())
}

afpi_db::row! {
    struct Row { site: LocalisationId, day: Option<Day>, acts_until: Option<Instant>, rests_until: Option<Instant> }
}

async fn due(app: &App, now: Instant) -> Result<Vec<LocalisationId>> {
    let mut conn = app.db.read().await?;
    let sites: Vec<Row> = sql("SELECT l.id AS site, c.day, c.acts_until, c.rests_until FROM localisations l \
         LEFT JOIN anomalie_controles c ON c.localisation_id = l.id ORDER BY l.code")
    .all(&mut conn)
    .await?;
    let mut due = Vec::new();
    for row in sites {
        let rests = row.rests_until.is_some_and(|until| until > now);
        if rests || app.plugins.registry().auditors(&seat_name(row.site)).is_empty() {
            continue;
        }
        let fresh = match row.acts_until {
            Some(until) if row.day == Some(now.day()) => {
                let mut query = sql("SELECT 1 FROM journal WHERE localisation_id = ?").bind(row.site);
                query.push(" AND at > ?").arg(until).push(" AND at <= ?").arg(now - QUIET);
                query.push(" AND subject_kind IN ").list(WATCHED).limit(1);
                query.optional::<(i64,)>(&mut conn).await?.is_none()
            }
            _ => false,
        };
        if !fresh {
            due.push(row.site);
        }
    }
    Ok(due)
}
