//! Whether anybody hears of a change: a hook of its site, or a webhook. Changes that nobody hears put no job into the
//! outbox.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use afpi_core::error::Result;
use afpi_core::id::LocalisationId;
use afpi_db::{Conn, sql};
use afpi_platform::state::App;

/// How long a process may not know of the first webhook that another process has made.
const FRESH: Duration = Duration::from_secs(5);

/// Are there webhooks? As last read by this process.
#[derive(Default)]
struct Known(Mutex<Option<(Instant, bool)>>);

/// Does a hook of this site or a webhook hear of changes?
pub async fn heard(app: &App, tx: &mut Conn, site: LocalisationId) -> Result<bool> {
    if app.plugins.hooked(site) {
        return Ok(true);
    }
    let known = app.kept.get::<Known>();
    let last = *known.0.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((at, any)) = last
        && at.elapsed() < FRESH
    {
        return Ok(any);
    }
    let query = sql("SELECT id FROM webhooks WHERE active = ? LIMIT 1").bind(true);
    let any = query.optional::<(uuid::Uuid,)>(tx).await?.is_some();
    *known.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), any));
    Ok(any)
}

/// This process has made or changed a webhook: it asks again.
pub(super) fn changed(app: &App) {
    *app.kept.get::<Known>().0.lock().unwrap_or_else(PoisonError::into_inner) = None;
}
