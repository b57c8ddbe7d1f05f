//! `/healthz`: the process lives. `/readyz`: it can do its work, part by part.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::http::problem::{ApiResult, unavailable};
use crate::state::App;

pub async fn healthz() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

/// 200 when every part answers, else a 503 problem; both say which part is how, the problem's `component` the first that is away.
pub async fn readyz(State(app): State<App>) -> ApiResult<Json<Value>> {
    let (database, queue) = tokio::join!(app.db.ping(), app.queue.ping());
    let (database, queue) = (database.is_ok(), queue.is_ok());
    let plugins = database && app.plugins.ready().await;
    let parts = [("database", database), ("queue", queue), ("plugins", plugins)];
    let word = |ok: bool| if ok { "ok" } else { "unavailable" };
    match parts.iter().find(|(_, ok)| !ok) {
        None => Ok(Json(json!({"status": "ok", "database": "ok", "queue": "ok", "plugins": "ok"}))),
        Some((away, _)) => {
            Err(parts.iter().fold(unavailable(away), |problem, (part, ok)| problem.with(part, word(*ok))))
        }
    }
}
