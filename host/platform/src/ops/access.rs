//! One line of the log per request: what was asked, what was answered, and what it cost.

use std::time::Instant;

use afpi_db::metered;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

/// The route that answered, as the routes are written. [`super::track::track`] leaves it in the answer.
#[derive(Clone)]
pub(super) struct Route(pub String);

/// Writes the line. Probes, metrics and files of the web application are only worth `debug`.
pub async fn line(request: Request, next: Next) -> Response {
    let (start, method) = (Instant::now(), request.method().clone());
    let worth = request.uri().path().starts_with("/api/") || request.uri().path().starts_with("/auth/");
    let (response, database) = metered(next.run(request)).await;
    let route = response.extensions().get::<Route>().map_or("(none)", |route| route.0.as_str());
    macro_rules! write {
        ($level:ident) => {
            tracing::$level!(
                http.route = route,
                http.status = response.status().as_u16(),
                duration_ms = milliseconds(start.elapsed()),
                db.statements = database.statements,
                db.commits = database.commits,
                db.duration_ms = milliseconds(database.time),
                "answered"
            )
        };
    }
    if worth {
        write!(info)
    } else {
        write!(debug)
    }
    if afpi_trace::is_on() {
        trace(&method, route, response.status());
    }
    response
}

/// Completes the request's span.
fn trace(method: &Method, route: &str, status: StatusCode) {
    let span = tracing::Span::current();
    afpi_trace::rename(format!("{method} {route}"));
    span.record("http.route", route);
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
}

/// In thousandths.
fn milliseconds(time: std::time::Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}
