//! Reads that may be a moment old: lists and exports. With a replica they go there. A person reads at
//! least what that person wrote: the place of the last write travels in a cookie, so that every node knows it. Whoever
//! sends no such cookie reads the primary.

use std::convert::Infallible;

use afpi_db::{Position, ReadDb, Usage, metered};
use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use crate::config::Config;
use crate::state::App;

/// Reads that may be a moment old, as a parameter of a handler.
pub struct Reads(pub ReadDb);

impl FromRequestParts<App> for Reads {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Reads(app.db.stale(seen(&parts.headers))))
    }
}

const COOKIE: &str = "afpi_seen";

fn seen(headers: &HeaderMap) -> Option<Position> {
    CookieJar::from_headers(headers).get(COOKIE)?.value().parse().ok()
}

/// Wraps all routes where there is a replica: keeps the cookie, and answers a read from the primary when the replica
/// fails half way.
pub async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    if !app.db.has_replica() {
        return next.run(request).await;
    }
    let before = seen(request.headers());
    let (parts, body) = request.into_parts();
    let again = (parts.method == Method::GET).then(|| (parts.clone(), next.clone()));
    let (mut response, mut usage) = metered(next.run(Request::from_parts(parts, body))).await;
    if let Some((parts, next)) = again.filter(|_| usage.replica && response.status().is_server_error()) {
        app.db.distrust_replica();
        (response, usage) = metered(next.run(Request::from_parts(parts, Body::empty()))).await;
    }
    let value = after(before, &usage).and_then(|value| HeaderValue::from_str(&cookie(value, &app.config)).ok());
    if let Some(value) = value {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// The new value of the cookie, if it changes. A commit that wrote nothing tells an older place, which changes nothing.
fn after(before: Option<Position>, usage: &Usage) -> Option<String> {
    match usage.position {
        Some(place) => before.is_none_or(|before| place.is_after(&before)).then(|| place.to_string()),
        // It wrote something, and nobody knows where: the next reads are from the primary.
        None if usage.commits > 0 => before.map(|_| String::new()),
        None => None,
    }
}

fn cookie(value: String, config: &Config) -> String {
    let mut cookie = Cookie::new(COOKIE, value);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Strict);
    cookie.set_secure(config.https());
    cookie.to_string()
}
