//! `/_control`: reads and changes a running simulator. Only for this machine, and outside the instance's prefix.

use crate::options::Options;
use crate::state::State as Shared;
use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;

/// `{"options": {…}, "requests": {"entreprises": 3}}`.
pub async fn show(ConnectInfo(from): ConnectInfo<SocketAddr>, State(state): State<Arc<Shared>>) -> Response {
    if !from.ip().is_loopback() {
        return StatusCode::NOT_FOUND.into_response();
    }
    Json(json!({"options": &*state.options(), "requests": state.requests()})).into_response()
}

/// Replaces the given fields of the options (objects field by field). `{"reset": true}` first restores the initial
/// options. An unknown name is refused, and nothing is changed.
pub async fn change(
    from: ConnectInfo<SocketAddr>,
    State(state): State<Arc<Shared>>,
    Json(mut change): Json<Value>,
) -> Response {
    if !from.0.ip().is_loopback() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let reset = change.as_object_mut().and_then(|fields| fields.remove("reset")) == Some(Value::Bool(true));
    let base = if reset { state.initial().clone() } else { (*state.options()).clone() };
    match changed(&base, &change) {
        Ok(options) => {
            if reset {
                state.reset();
            }
            state.set(options);
            show(from, State(state)).await
        }
        Err(why) => (StatusCode::BAD_REQUEST, why).into_response(),
    }
}

/// The options with some fields replaced.
pub fn changed(options: &Options, change: &Value) -> Result<Options, String> {
    let mut value = serde_json::to_value(options).map_err(|error| error.to_string())?;
    let Some(fields) = change.as_object() else { return Err("a JSON object is expected".into()) };
    for (name, new) in fields {
        match (value.get_mut(name), new) {
            (Some(Value::Object(old)), Value::Object(new)) => old.extend(new.clone()),
            (_, new) => value[name] = new.clone(),
        }
    }
    let changed: Options = serde_json::from_value(value).map_err(|error| error.to_string())?;
    if changed.prefix != options.prefix || changed.listen != options.listen {
        return Err("prefix and listen cannot change while it runs".into());
    }
    Ok(changed)
}
