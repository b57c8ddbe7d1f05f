//! `/healthz`: the process is alive. `/readyz`: it can do its work, checked part by part.

use std::future::Future;
use std::time::Duration;

use afpi_db::{Db, dialect};
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::state::App;
use afpi_core::error::unavailable;
use afpi_http::problem::ApiResult;

/// How long a part may take to answer. All parts are asked at once.
const PROBE: Duration = Duration::from_secs(1);
/// How long a result is reused, so that many requests cause one check.
const FRESH: Duration = Duration::from_secs(1);

pub async fn healthz() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

/// The state of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Found {
    database: &'static str,
    queue: &'static str,
    plugins: &'static str,
}

const OK: &str = "ok";
const AWAY: &str = "unavailable";
const NOT_WRITABLE: &str = "not-writable";

/// The last check of the parts.
#[derive(Default)]
pub struct Readiness(Mutex<Option<(Instant, Found)>>);

impl Readiness {
    async fn look(&self, app: &App) -> Found {
        let mut last = self.0.lock().await;
        if let Some((at, found)) = *last
            && at.elapsed() < FRESH
        {
            return found;
        }
        let (read, written, queue, plugins) = tokio::join!(
            in_time(async { app.db.ping().await.is_ok() }),
            in_time(async { write(&app.db).await.is_ok() }),
            in_time(async { app.queue.ping().await.is_ok() }),
            in_time(app.plugins.ready()),
        );
        let word = |ok| if ok { OK } else { AWAY };
        let database = match (read, written && !app.db.refused_lately()) {
            (false, _) => AWAY,
            (true, false) => NOT_WRITABLE,
            (true, true) => OK,
        };
        let found = Found { database, queue: word(queue), plugins: word(plugins) };
        *last = Some((Instant::now(), found));
        found
    }
}

async fn in_time(probe: impl Future<Output = bool>) -> bool {
    timeout(PROBE, probe).await.unwrap_or(false)
}

/// Writes a row: only a commit shows that the disk and the server accept writes.
async fn write(db: &Db) -> afpi_db::Result<()> {
    let mut tx = db.begin().await?;
    let key = [("serie", "readyz".into()), ("scope", "".into()), ("year", 0i64.into())];
    dialect::count_up(db.backend(), "compteurs", key, "value", 1).scalar::<i64>(&mut tx).await?;
    tx.commit().await
}

/// 200 with `ok` when every part answers. 200 with `degraded` when only the queue is away: writes succeed, jobs wait in
/// the outbox. Otherwise a 503 problem whose `component` is the first failed part. All answers list the state of each
/// part.
pub async fn readyz(State(app): State<App>) -> ApiResult<Json<Value>> {
    let found = app.readiness.look(&app).await;
    let Found { database, queue, plugins } = found;
    let away = [("database", database), ("plugins", plugins)].into_iter().find(|(_, word)| *word != OK);
    if let Some((part, _)) = away {
        let problem = unavailable(part).with("database", database).with("queue", queue).with("plugins", plugins);
        return Err(problem.into());
    }
    let status = if queue == OK { OK } else { "degraded" };
    Ok(Json(json!({"status": status, "database": database, "queue": queue, "plugins": plugins})))
}
