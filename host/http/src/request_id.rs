//! The correlation id: the caller's `X-Request-Id` when it is valid, otherwise a new one. It is on every answer, log
//! line, job and plugin call.

use axum::extract::{FromRequestParts, Request};
use axum::http::{HeaderName, HeaderValue, request::Parts};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;
use tracing::field::Empty;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// A correlation id: 1–64 characters of `[A-Za-z0-9._-]`.
#[derive(Debug, Clone)]
pub struct RequestId(std::sync::Arc<str>);

impl RequestId {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn fresh() -> RequestId {
        RequestId(uuid::Uuid::now_v7().to_string().into())
    }

    fn accept(value: &HeaderValue) -> Option<RequestId> {
        let value = value.to_str().ok()?;
        let sane =
            (1..=64).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
        sane.then(|| RequestId(value.into()))
    }
}

/// Gives the request an id and a log span, and the answer the header.
pub async fn assign(mut request: Request, next: Next) -> Response {
    let id = request.headers().get(&HEADER).and_then(RequestId::accept).unwrap_or_else(RequestId::fresh);
    request.extensions_mut().insert(id.clone());
    let place = request.headers().get("traceparent").and_then(|value| value.to_str().ok());
    // The same span under two names. Only the first one is part of traces.
    macro_rules! span {
        ($name:literal) => {
            tracing::info_span!(
                $name,
                correlation_id = id.as_str(),
                method = %request.method(),
                path = request.uri().path(),
                // Only traces need the rest; it is filled in for them.
                http.route = Empty,
                http.response.status_code = Empty,
                otel.kind = Empty,
                otel.status_code = Empty,
            )
        };
    }
    let path = request.uri().path();
    let span = if path.starts_with("/api/") || path.starts_with("/auth/") {
        afpi_trace::within(place, || span!("request"))
    } else {
        span!("probe")
    };
    if afpi_trace::is_on() {
        span.record("otel.kind", "server");
    }
    let mut response = next.run(request).instrument(span).await;
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

impl<S: Send + Sync> FromRequestParts<S> for RequestId {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get().cloned().unwrap_or_else(RequestId::fresh))
    }
}
