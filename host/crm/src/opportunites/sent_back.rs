//! Whether the last move of a file sent it back: by whom and why. The next person need not search the history.

use std::collections::HashMap;

use afpi_db::{Conn, sql};
use serde::Serialize;
use utoipa::ToSchema;

use super::item::OpportuniteItem;
use afpi_core::clock::Instant;
use afpi_core::id::OpportuniteId;
use afpi_platform::state::App;
use afpi_platform::workflow::Direction;

/// The person who sent it back, and the reason.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SentBack {
    pub(super) at: Instant,
    /// The person's name.
    pub(super) by: String,
    pub(super) reason: String,
}

/// The last move of a file.
pub(super) struct LastMove {
    pub transition: String,
    pub told: SentBack,
}

/// Marks those of these files whose last move went back and has a reason.
pub async fn mark(app: &App, items: &mut [OpportuniteItem]) -> afpi_db::Result<()> {
    let mut last = last_moves(&mut app.db.read().await?, items.iter().map(|item| item.id)).await?;
    for item in items {
        if let Some(last) = last.remove(&item.id) {
            mark_one(app, std::slice::from_mut(item), last).await;
        }
    }
    Ok(())
}

/// Marks these files if their last move, which is this one, went back and has a reason.
pub(super) async fn mark_one(app: &App, items: &mut [OpportuniteItem], last: LastMove) {
    for item in items {
        let definition = app.plugins.definition(item.localisation.id).await;
        let back = definition.and_then(|d| d.transition(&last.transition).map(|t| t.direction == Direction::Back));
        if back == Some(true) && !last.told.reason.is_empty() {
            item.sent_back = Some(last.told.clone());
        }
    }
}

async fn last_moves(
    conn: &mut Conn,
    ids: impl Iterator<Item = OpportuniteId>,
) -> afpi_db::Result<HashMap<OpportuniteId, LastMove>> {
    let mut query = sql(
        "SELECT j.subject_id, j.at, j.transition, j.reason, u.name FROM journal j JOIN users u ON u.id = j.actor_id \
         WHERE j.act = 'moved' AND j.subject_kind = 'opportunite' AND j.subject_id IN ",
    );
    query.list(ids).push(" ORDER BY j.subject_id, j.seq");
    let rows = query.all::<(OpportuniteId, Instant, Option<String>, Option<String>, String)>(conn).await?;
    let read = |(id, at, transition, reason, by): (OpportuniteId, Instant, Option<String>, Option<String>, String)| {
        let told = SentBack { at, by, reason: reason.unwrap_or_default() };
        (id, LastMove { transition: transition.unwrap_or_default(), told })
    };
    // Later lines overwrite earlier ones.
    Ok(rows.into_iter().map(read).collect())
}
