//! `/api/suivi`: all that happened around a record, as one list: notes, calls and meetings, tasks, mails, documents and
//! files, moves, and changed fields. Of a company also what was written to its contacts, and how its opportunités moved.

mod entry;
mod read;
mod sources;

use afpi_core::clock::Instant;
use afpi_db::Sql;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

pub use entry::Of;

use afpi_platform::state::App;

/// Which rows of a source are read: those behind a place in the list, the newest first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    /// When the last row happened, and its id.
    pub after: Option<(Instant, Uuid)>,
    pub rows: u32,
}

impl Window {
    /// Appends condition, order and limit. `at` is the expression of the time.
    pub fn apply(&self, query: &mut Sql, at: &'static str, id: &'static str) {
        if let Some((when, last)) = self.after {
            query.push(" AND (").push(at).push(" < ?").arg(when);
            query.push(" OR (").push(at).push(" = ?").arg(when).push(" AND ").push(id).push(" < ?))").arg(last);
        }
        query.push(" ORDER BY ").push(at).push(" DESC, ").push(id).push(" DESC").limit(self.rows);
    }
}

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read::list))
}
