//! Counts and times requests.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

use crate::state::App;

/// HTTP accepts any word as a method, and each one would become a permanent series.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Counts and times every request by its route; unknown paths share one label.
pub async fn track(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("(none)".to_owned(), |p| p.as_str().to_owned());
    let method = method(request.method());
    let start = Instant::now();
    let mut response = next.run(request).await;
    let elapsed = start.elapsed();
    app.metrics.http_requests.with_label_values(&[method, &route, response.status().as_str()]).inc();
    app.metrics.http_duration.with_label_values(&[method, &route]).observe(elapsed.as_secs_f64());
    response.extensions_mut().insert(super::access::Route(route));
    response
}
