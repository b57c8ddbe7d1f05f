//! `/healthz`: the process is alive. `/readyz`: it can do its work, checked part by part.

use std::future::Future;
use std::time::Duration;

use afpi_db::{Db, dialect};
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::plugins::Loaded;
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

/// The parts that are checked. Requests need the first two; without the others something waits or is refused.
const PARTS: [&str; 8] = ["database", "workflow", "queue", "plugins", "files", "documents", "antivirus", "replica"];
const ESSENTIAL: usize = 2;

/// The state of each part.
type Found = [&'static str; PARTS.len()];

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
        let (read, written, queue, loaded, files, documents, antivirus) = tokio::join!(
            in_time(async { app.db.ping().await.is_ok() }),
            in_time(async { write(&app.db).await.is_ok() }),
            in_time(async { app.queue.ping().await.is_ok() }),
            timeout(PROBE, app.plugins.loaded()),
            in_time(async { app.files.ping().await.is_ok() }),
            in_time(async { app.documents.is_installed().await }),
            in_time(async {
                match &app.clamd {
                    Some(clamd) => clamd.ping().await.is_ok(),
                    None => true,
                }
            }),
        );
        let word = |ok| if ok { OK } else { AWAY };
        let database = match (read, written && !app.db.refused_lately()) {
            (false, _) => AWAY,
            (true, false) => NOT_WRITABLE,
            (true, true) => OK,
        };
        let Loaded { workflow, all } = loaded.unwrap_or_default();
        let parts = [workflow, queue, all, files, documents, antivirus, app.db.replica_is_read()].map(word);
        let [workflow, queue, all, files, documents, antivirus, replica] = parts;
        let found = [database, workflow, queue, all, files, documents, antivirus, replica];
        *last = Some((Instant::now(), found));
        found
    }

    /// 1 for each part that works, otherwise 0.
    pub async fn up(&self, app: &App) -> impl Iterator<Item = (&'static str, bool)> {
        PARTS.into_iter().zip(self.look(app).await).map(|(part, word)| (part, word == OK))
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

/// 200 with `ok` when every part works, and with `degraded` while one is away that requests can do without: jobs wait in
/// the outbox, one plugin is silent, files or documents are refused, uploads wait for the virus scanner, the primary
/// answers what its replica should. 503 when the database or the workflow of a site is away; `component` names it. All answers list the state of each part.
pub async fn readyz(State(app): State<App>) -> ApiResult<Json<Value>> {
    let found = app.readiness.look(&app).await;
    let states = PARTS.into_iter().zip(found);
    if let Some((part, _)) = states.clone().take(ESSENTIAL).find(|(_, word)| *word != OK) {
        return Err(states.fold(unavailable(part), |problem, (part, word)| problem.with(part, word)).into());
    }
    let status = if found.iter().all(|word| *word == OK) { OK } else { "degraded" };
    let mut answer = json!({"status": status});
    for (part, word) in states {
        answer[part] = word.into();
    }
    Ok(Json(answer))
}
