//! Abandoned runs: their job was killed too often, or is gone from the queue. They fail, so that the next run can
//! begin.

use afpi_db::{Conn, sql};
use afpi_jobs::State as JobState;
use uuid::Uuid;

use super::run::{self, State};
use super::source::Sources;
use afpi_core::error::{Error, Result, internal};
use afpi_core::id::RunId;

use afpi_core::text::text;
use afpi_platform::events;
use afpi_platform::state::App;

const UNDER_WAY: [State; 4] = [State::Queued, State::Fetching, State::Applying, State::Undoing];

/// Fails running runs whose job is dead or gone. What they applied stays and can be undone.
pub async fn give_up(app: &App, sources: &Sources) -> Result<()> {
    let mut conn = app.db.read().await?;
    let under_way = sql("SELECT id, source, job_id FROM sync_runs WHERE active_key IS NOT NULL AND job_id IS NOT NULL")
        .all::<(RunId, String, Uuid)>(&mut conn)
        .await?;
    for (run, source, job) in under_way {
        if carried_on(app, &mut conn, job).await? {
            continue;
        }
        let origin = sources.of(&source);
        let message = text(
            "Le traitement s'est arrêté trop de fois ; ce qui était appliqué le reste et peut être annulé.",
            "The work was interrupted too often; what was applied stays and can be undone.",
        );
        let failed = afpi_db::retry(|| async {
            let mut tx = app.db.begin().await?;
            if !run::go(&mut tx, run, &UNDER_WAY, State::Failed, Some(&message)).await? {
                return Ok(false);
            }
            let event = origin.as_ref().and_then(|origin| origin.event(app, run, State::Failed, Some(&message)));
            if let Some(event) = event {
                events::emit(&mut tx, &event, &run.to_string()).await?;
            }
            tx.commit().await?;
            Ok::<_, Error>(true)
        });
        if failed.await? {
            tracing::warn!(source, %run, "a run whose job is dead or gone is given up");
            app.jobs.wake();
            if let Some(origin) = origin {
                origin.publish(app, run).await;
            }
        }
    }
    Ok(())
}

/// Is its job in the queue or in the outbox?
async fn carried_on(app: &App, conn: &mut Conn, job: Uuid) -> Result<bool> {
    if sql("SELECT 1 FROM outbox WHERE id = ?").bind(job).optional::<(i64,)>(conn).await?.is_some() {
        return Ok(true);
    }
    let job = app.queue.get(job).await.map_err(internal)?;
    Ok(job.is_some_and(|job| job.state != JobState::Dead))
}
