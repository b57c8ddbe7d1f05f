//! Makes sessions of the plannings that were written before sessions were records.

use afpi_db::sql;
use uuid::Uuid;

use super::follow::{Followed, LOST, follow};
use crate::opportunites::stored::{self, StoredOpportunite};
use afpi_core::error::{Error, Result};
use afpi_core::id::OpportuniteId;
use afpi_core::scope::{Loaded, Scope};
use afpi_platform::journal::{Actor, Author};
use afpi_platform::state::App;
use afpi_platform::workflow::Definition;

/// Opportunités per batch.
const BATCH: u32 = 200;

/// Follows the planning of every opportunité whose site has a workflow. Several processes may do so at once. Each
/// opportunité is a transaction, so a killed process loses nothing.
pub async fn adopt(app: &App) -> Result<()> {
    let mut last = OpportuniteId::from(Uuid::nil());
    loop {
        let mut query = stored::select(&Scope::All);
        query.push(" AND o.sessions_kept = ?").arg(false).push(" AND o.id > ?").arg(last);
        query.push(" ORDER BY o.id").limit(BATCH);
        let subjects: Vec<Loaded<StoredOpportunite>> = query.all_loaded(&mut app.db.read().await?).await?;
        let Some(end) = subjects.last().map(|subject| subject.id) else { return Ok(()) };
        last = end;
        for found in subjects {
            let Ok((_, definition)) = app.plugins.workflow(found.localisation_id).await else { continue };
            afpi_db::retry(|| one(app, &found, &definition)).await?;
        }
    }
}

async fn one(app: &App, of: &Loaded<StoredOpportunite>, definition: &Definition) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let first = sql("UPDATE opportunites SET sessions_kept = ? WHERE id = ? AND sessions_kept = ?")
        .bind(true)
        .bind(of.id)
        .bind(false)
        .execute(&mut tx)
        .await?;
    if first == 1 {
        let booked = sql("SELECT COUNT(*) FROM reservations WHERE opportunite_id = ?").bind(of.id);
        let followed = Followed {
            of,
            definition,
            data: &of.data,
            lost: of.outcome == LOST,
            booked: booked.scalar::<i64>(&mut tx).await? > 0,
            joined: None,
            author: Author { actor: Actor::System, correlation_id: "start" },
            now: of.updated_at,
        };
        follow(&mut tx, &followed).await?;
    }
    Ok::<_, Error>(tx.commit().await?)
}
