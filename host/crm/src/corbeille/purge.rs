//! What was in the bin long enough goes for good, with its files (`attachments::collect()`). The journal stays.

use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result};
use afpi_core::id::LocalisationId;
use afpi_db::sql;
use afpi_platform::journal::{Activity, Actor, Line, write};
use afpi_platform::state::App;
use uuid::Uuid;

use super::{Kind, restore};

/// Records of one look.
const BATCH: u32 = 200;

/// Deletes what should have gone by this instant: what the page of the bin said beforehand.
pub async fn purge(app: &App, now: Instant) -> Result<()> {
    loop {
        let mut query =
            sql("SELECT record_id, record_kind, localisation_id FROM corbeille WHERE purge_at < ? ORDER BY purge_at")
                .bind(now);
        query.limit(BATCH);
        let due: Vec<(Uuid, String, LocalisationId)> = query.all(&mut app.db.read().await?).await?;
        let (mut gone, all) = (0, due.len());
        for (id, kind, site) in due {
            // A kind of a later version waits for that version.
            let Ok(kind) = kind.parse::<Kind>() else { continue };
            gone += 1;
            afpi_db::retry(|| async {
                let mut tx = app.db.begin().await?;
                if !restore::forget(&mut tx, id).await? {
                    return Ok(());
                }
                // Merges into a company that is gone cannot be taken back, and their content is of the same people.
                sql("DELETE FROM fusions WHERE survivor_id = ?").bind(id).execute(&mut tx).await?;
                sql("DELETE FROM doublons_ecartes WHERE one_id = ? OR other_id = ?")
                    .bind(id)
                    .bind(id)
                    .execute(&mut tx)
                    .await?;
                let line = Line::new(kind.subject(id), Some(site), Actor::System, Activity::Deleted, now);
                write(&mut tx, vec![line], "corbeille").await?;
                Ok::<_, Error>(tx.commit().await?)
            })
            .await?;
        }
        if gone > 0 {
            tracing::info!(records = gone, "records that were in the bin long enough are deleted");
        }
        if gone == 0 || all < BATCH as usize {
            return Ok(());
        }
    }
}
