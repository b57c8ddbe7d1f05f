//! `Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header): a client that does not know whether its request
//! was carried out sends it again under the same key, and the server carries it out only once.
//!
//! A request first gets a claim in the table `idempotency_keys`. The handler calls [`done`] in the transaction of its
//! change, so the row says “done” exactly when the change exists, even if the process dies. Then the answer is stored
//! for a day and repeated on request. If the process dies before storing it, the answer is read again from the changed
//! record.

mod store;

use afpi_db::metered_alike;
use afpi_plugins::manifest::MAX_PLUGIN_BYTES;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use tracing::Instrument;

use crate::auth::caller::Caller;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, bad_parameter, internal, too_large, too_late};
use afpi_http::problem::Problem;

use crate::served::Served;
use crate::state::App;
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_http::body::too_slow;
use afpi_http::body::{MAX_BODY, MAX_IMPORT};
use store::{Answer, Claim, Found};
pub use store::{done, forget};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Marks an answer that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The upload path of plugin files.
const PLUGINS: &str = "/api/plugins";
/// The upload path of import files.
pub const IMPORTS: &str = "/api/imports";
/// The upload path of files.
pub const UPLOADS: &str = "/api/uploads";
/// The longest key, in characters.
pub const MAX_KEY: usize = 255;
/// The longest stored answer, in bytes. A longer one is read again.
const MAX_ANSWER: usize = 4 << 20;

/// Wraps all routes: carries out a request with a key only once.
pub async fn once(State((app, served)): State<(App, Served)>, request: Request, next: Next) -> Response {
    // An unknown operation answers 404 or 405, with or without a key.
    if !concerned(&request) || served.find(request.method(), request.uri().path()).is_none() {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    // The handler answers 401 to anonymous requests.
    let Ok(caller) = Caller::from_request_parts(&mut parts, &app).await else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    match carry_out(&app, &caller, parts, body, next).await {
        Ok(response) => response,
        Err(error) => Problem(error).into_response(),
    }
}

/// Is it a change with a key? Sign-in has its own rules.
fn concerned(request: &Request) -> bool {
    let path = request.uri().path();
    matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH | Method::DELETE)
        && honoured(path)
        && request.headers().contains_key(KEY)
}

/// The body limit in bytes: that of the file for an upload of a plugin or an import by a caller who may upload it.
fn most(caller: &Caller, parts: &Parts) -> Result<usize> {
    let (action, most) = match parts.uri.path() {
        PLUGINS if parts.method == Method::POST => (Action::PluginsInstall, MAX_PLUGIN_BYTES),
        IMPORTS if parts.method == Method::POST => (Action::EntreprisesImport, MAX_IMPORT),
        _ => return Ok(MAX_BODY),
    };
    caller.require(action)?;
    Ok(most)
}

/// Do changes at this path accept a key? An upload needs none: it is streamed, and the same file sent twice is kept
/// once. The answer to an invitation contains a secret that is stored nowhere, and a second invitation does no harm. The same is true of keys of the API and of webhooks.
pub fn honoured(path: &str) -> bool {
    let secret = path.ends_with("/invitation")
        || ["/api/api-keys", "/api/webhooks"].iter().any(|secret| path.starts_with(secret));
    let excepted = path.starts_with("/api/auth/") || path == UPLOADS || secret;
    path.starts_with("/api/") && !excepted
}

async fn carry_out(app: &App, caller: &Caller, parts: Parts, body: Body, next: Next) -> Result<Response> {
    let key = key(&parts)?;
    let read = to_bytes(body, most(caller, &parts)?).await;
    let body = read.map_err(|error| if too_slow(&error) { too_late() } else { too_large() })?;
    let asked = store::Asked {
        user: caller.id,
        key,
        fingerprint: fingerprint(&parts, &body),
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().chars().take(2000).collect(),
    };
    match store::claim(&app.db, &asked, Instant::now()).await? {
        Found::Ours(claim) => {
            let request = Request::from_parts(parts, body.into());
            let app = app.clone();
            // A task of its own: when the client disconnects half way, the work still completes, and a retry finds it
            // done.
            let work = async move {
                let response = store::under(claim.clone(), next.run(request)).await;
                keep(&app, &claim, response).await
            };
            tokio::spawn(metered_alike(work).instrument(tracing::Span::current())).await.map_err(internal)
        }
        Found::UnderWay => Err(under_way()),
        Found::Another => Err(Error::new(
            ErrorKind::IdempotencyKeyReused,
            text("Clé d'idempotence déjà utilisée", "Idempotency key already used"),
        )
        .detail(text("Cette clé a servi pour une autre demande.", "This key was used for another request."))),
        Found::Answered(answer) => Ok(replay(answer)),
        Found::Done { status, location } => reread(parts, status, location, next).await,
    }
}

/// 409: the first request is still running.
fn under_way() -> Error {
    Error::new(ErrorKind::IdempotencyInProgress, text("Demande déjà en cours", "Request already under way"))
        .retry_after(1)
}

/// The key, with or without the quotes of a structured field.
fn key(parts: &Parts) -> Result<String> {
    let mut values = parts.headers.get_all(KEY).iter();
    let value = values.next().and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
    let bare = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
    let sane = (1..=MAX_KEY).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_graphic() && b != b'"');
    if !sane || values.next().is_some() {
        let message = text(
            format!("Une clé, de 1 à {MAX_KEY} caractères ASCII sans espace ni guillemet."),
            format!("One key of 1 to {MAX_KEY} ASCII characters, without spaces and quotes."),
        );
        return Err(bad_parameter("Idempotency-Key", message));
    }
    Ok(bare.to_owned())
}

/// The hash by which two requests count as the same.
fn fingerprint(parts: &Parts, body: &Bytes) -> [u8; 32] {
    let version = parts.headers.get(header::IF_MATCH).map_or(&b""[..], HeaderValue::as_bytes);
    let target = parts.uri.path_and_query().map_or("", |target| target.as_str());
    let mut hash = Sha256::new();
    for part in [parts.method.as_str().as_bytes(), target.as_bytes(), version, body] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// Stores the answer of a success. A refused request has changed nothing and may be retried.
async fn keep(app: &App, claim: &Claim, response: Response) -> Response {
    let now = Instant::now();
    if !response.status().is_success() {
        if let Err(problem) = store::release(&app.db, claim).await {
            tracing::warn!(error.code = problem.kind().code(), "a claim could not be given back; it ends by itself");
        }
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, MAX_ANSWER).await else {
        return Problem(internal("an answer could not be kept")).into_response();
    };
    let header = |name: HeaderName| parts.headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let answer = Answer {
        status: parts.status,
        etag: header(header::ETAG),
        location: header(header::LOCATION),
        content_type: header(header::CONTENT_TYPE),
        body: body.to_vec(),
    };
    if let Err(problem) = store::answered(&app.db, claim, &answer, now).await {
        // A retry reads the answer again.
        tracing::warn!(error.code = problem.kind().code(), "an answer could not be kept");
    }
    Response::from_parts(parts, body.into())
}

fn replay(answer: Answer) -> Response {
    let mut response = (answer.status, Body::from(answer.body)).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    for (name, value) in [
        (header::ETAG, answer.etag),
        (header::LOCATION, answer.location.filter(|_| answer.status == StatusCode::CREATED)),
        (header::CONTENT_TYPE, answer.content_type),
        (REPLAYED, Some("true".to_owned())),
    ] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            headers.insert(name, value);
        }
    }
    response
}

/// The request was carried out and the answer was lost. Returns the present record, or at least that it was done.
async fn reread(mut parts: Parts, status: StatusCode, location: Option<String>, next: Next) -> Result<Response> {
    if status == StatusCode::NO_CONTENT {
        return Ok((status, [(REPLAYED, "true")]).into_response());
    }
    let Some(uri) = location.as_deref().and_then(|location| location.parse().ok()) else { return Err(already_done()) };
    parts.method = Method::GET;
    parts.uri = uri;
    for name in [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::IF_MATCH, KEY] {
        parts.headers.remove(name);
    }
    let mut response = next.run(Request::from_parts(parts, Body::empty())).await;
    if response.status().is_client_error() {
        return Err(already_done());
    }
    if response.status().is_success() {
        *response.status_mut() = status;
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        let value = location.and_then(|location| HeaderValue::from_str(&location).ok());
        if let Some(value) = value.filter(|_| status == StatusCode::CREATED) {
            response.headers_mut().insert(header::LOCATION, value);
        }
    }
    Ok(response)
}

/// 409: it succeeded, but there is no answer to repeat.
fn already_done() -> Error {
    let detail = text("Elle a abouti ; sa réponse n'a pas été conservée.", "It succeeded; its answer was not kept.");
    Error::new(ErrorKind::AlreadyDone, text("Demande déjà exécutée", "Request already carried out")).detail(detail)
}
