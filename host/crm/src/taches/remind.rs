//! Reminds people of tasks on the day on which they are due.

use afpi_db::sql;
use uuid::Uuid;

use super::read;
use super::write::{site_of, told};
use crate::attachments::holder;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result};
use afpi_core::id::TacheId;
use afpi_platform::events::{self, Event};
use afpi_platform::state::App;

/// The hour of Paris from which on people are reminded.
const FROM: u32 = 7;
/// Tasks that are looked at at once.
const BATCH: u32 = 200;

/// Emits `tache.due` for each open task whose day has come, once. Any number of processes may do it at once.
///
/// # Errors
/// The database does not answer.
pub async fn remind(app: &App, now: Instant) -> Result<()> {
    if now.hour() < FROM {
        return Ok(());
    }
    loop {
        let mut due = sql("SELECT id FROM taches WHERE due_on <= ? AND done_at IS NULL AND (reminded_on IS NULL OR reminded_on <> due_on) ORDER BY due_on, id")
            .bind(now.day());
        due.limit(BATCH);
        let due: Vec<(TacheId,)> = due.all(&mut app.db.read().await?).await?;
        if due.is_empty() {
            return Ok(());
        }
        let active = app.people.active(&app.db).await?;
        for (id,) in due {
            afpi_db::retry(|| async {
                let mut tx = app.db.begin().await?;
                let update = "UPDATE taches SET reminded_on = due_on WHERE id = ? AND done_at IS NULL AND (reminded_on IS NULL OR reminded_on <> due_on)";
                if sql(update).bind(id).execute(&mut tx).await? == 0 {
                    return Ok(());
                }
                if let Some((tache, record)) = read::of_its_owner(&mut tx, &active, id).await? {
                    let holder = match record {
                        Some((scope, kind, id)) => Some(holder::load(&mut tx, &scope, kind, id).await?.into_inner()),
                        None => None,
                    };
                    let event = Event {
                        name: "tache.due".to_owned(),
                        at: now,
                        site_id: holder.as_ref().map_or_else(|| site_of(&active, tache.owner.id), |holder| holder.site),
                        actor_id: None,
                        about: holder.as_ref().and_then(|holder| holder.about),
                        data: told(&tache),
                        depth: 0,
                    };
                    events::emit(&mut tx, &event, &Uuid::new_v4().to_string()).await?;
                }
                Ok::<_, Error>(tx.commit().await?)
            })
            .await?;
        }
        app.jobs.wake();
    }
}
