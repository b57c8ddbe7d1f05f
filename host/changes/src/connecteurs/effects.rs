//! The plugin's notes, jobs and events of a pass are stored with its run and take effect when the run is applied. A
//! preview that nobody applies, or a failed run, has no effects.

use afpi_db::{Conn, Json, sql};
use afpi_plugins::ports::{Effects, Quota};

use crate::engine::Stop;
use crate::engine::session::Session;
use afpi_core::id::{LocalisationId, RunId};
use afpi_platform::plugins::store::{self, Refused};

/// Stores them with the run.
pub async fn keep(session: &Session<'_>, effects: &Effects) -> Result<(), Stop> {
    if effects.is_empty() {
        return Ok(());
    }
    let text = serde_json::to_string(effects).map_err(|error| Stop::Away(error.to_string()))?;
    afpi_db::retry(|| async {
        let mut tx = session.app.db.begin().await?;
        sql("UPDATE sync_runs SET effects = ? WHERE id = ?").bind(&text).bind(session.run).execute(&mut tx).await?;
        Ok(tx.commit().await?)
    })
    .await
}

/// Carries them out once, and deletes them from the run in the same transaction. An effect that is impossible (its
/// quota is used up) is written to the run's log and stops nothing.
pub async fn apply(session: &mut Session<'_>) -> Result<(), Stop> {
    let Some(effects) = kept(&mut session.app.db.read().await?, session.run).await? else { return Ok(()) };
    let plugin = session.app.plugins.registry().plugin(&session.origin.name);
    let quota = plugin.map(|plugin| Quota::from(&plugin.manifest().capabilities)).unwrap_or_default();
    let written = afpi_db::retry(|| async {
        let mut tx = session.app.db.begin().await?;
        store::write(&mut tx, &session.origin.name, LocalisationId::NETWORK, &effects, quota).await?;
        forget(&mut tx, session.run).await?;
        Ok::<_, Refused>(tx.commit().await?)
    });
    match written.await {
        Ok(()) => {
            session.app.jobs.wake();
            Ok(())
        }
        Err(Refused::Db(error)) => Err(error.into()),
        Err(Refused::Other { cause, .. }) => Err(Stop::Away(cause)),
        Err(refused @ (Refused::Full | Refused::NotFound)) => {
            session
                .warn(format!("Les notes et traitements de l'extension n'ont pas été gardés : {}", refused.words().fr));
            let mut tx = session.app.db.begin().await?;
            forget(&mut tx, session.run).await?;
            Ok(tx.commit().await?)
        }
    }
}

async fn kept(conn: &mut Conn, run: RunId) -> afpi_db::Result<Option<Effects>> {
    let row = sql("SELECT effects FROM sync_runs WHERE id = ? AND effects IS NOT NULL")
        .bind(run)
        .optional::<(Json<Effects>,)>(conn)
        .await?;
    Ok(row.map(|(effects,)| effects.0))
}

async fn forget(tx: &mut Conn, run: RunId) -> afpi_db::Result<()> {
    sql("UPDATE sync_runs SET effects = NULL WHERE id = ?").bind(run).execute(tx).await.map(drop)
}
