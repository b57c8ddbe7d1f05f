//! The two writes that public code shows: a candidate, and an apprentice's document.

use super::{code, unknown};
use crate::container::object;
use crate::data::fixed;
use crate::guard::Call;
use crate::state::State as Shared;
use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header::CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::Arc;

/// Returns the bare number of the new candidate. There is no idempotency key, so the same body twice creates two.
pub async fn add_candidate(State(state): State<Arc<Shared>>, body: String) -> Response {
    match serde_json::from_str::<Value>(&body) {
        Ok(candidate) if named(&candidate) => {
            ([(CONTENT_TYPE, "application/json; charset=utf-8")], state.add_candidate(candidate).to_string())
                .into_response()
        }
        // A refusal is a text, and not always with a useful status.
        _ => "Le nom et le prénom de l'apprenant sont obligatoires".into_response(),
    }
}

fn named(candidate: &Value) -> bool {
    ["nomApprenant", "prenomApprenant"]
        .iter()
        .all(|field| candidate[*field].as_str().is_some_and(|text| !text.is_empty()))
}

pub async fn candidates(State(state): State<Arc<Shared>>, Extension(call): Extension<Call>) -> Response {
    let rows = state.candidates().into_iter().map(|(code, candidate)| (code, with_code(code, candidate)));
    call.shape.list(fixed(rows.collect()))
}

pub async fn candidate(
    State(state): State<Arc<Shared>>,
    Extension(call): Extension<Call>,
    Path(wanted): Path<String>,
) -> Response {
    let wanted = code(&wanted);
    let found = state.candidates().into_iter().find(|(code, _)| Some(*code) == wanted);
    found.map_or_else(|| unknown(&call), |(code, candidate)| object(with_code(code, candidate)))
}

fn with_code(code: u64, mut candidate: Value) -> Value {
    candidate["codeCandidat"] = json!(code);
    candidate
}

/// 200 on success; a body without content or name answers 500, as observed.
pub async fn add_document(State(state): State<Arc<Shared>>, RawQuery(query): RawQuery, body: String) -> Response {
    let document: Value = serde_json::from_str(&body).unwrap_or_default();
    let whole = ["contenu", "nomDocument", "typeMime", "extension"].iter().all(|field| document[*field].is_string());
    let folder = query.is_some_and(|query| query.contains("codeRepertoire="));
    if whole && folder {
        (StatusCode::OK, state.add_document().to_string()).into_response()
    } else {
        (StatusCode::INTERNAL_SERVER_ERROR, "Document refusé").into_response()
    }
}
