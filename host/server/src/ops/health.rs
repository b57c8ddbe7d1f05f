//! `/healthz`: the process lives. `/readyz`: it can do its work, part by part.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::state::App;

pub async fn healthz() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

/// 200 when every part answers, else 503; the body says which part is how.
pub async fn readyz(State(app): State<App>) -> (StatusCode, Json<Value>) {
    let database = app.db.ping().await.is_ok();
    let queue = app.queue.ping().await.is_ok();
    let plugins = database && app.plugins.ready(&app.db).await;
    let all = database && queue && plugins;
    let status = if all { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = |ok: bool| if ok { "ok" } else { "unavailable" };
    (status, Json(json!({"status": word(all), "database": word(database), "queue": word(queue), "plugins": word(plugins)})))
}
