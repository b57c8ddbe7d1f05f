//! The web application, built into the binary (read from the folder in development builds). Hashed files are cached for
//! ever and already compressed. The page itself is never cached and gets a new nonce for its styles.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use rand::RngCore;

#[derive(rust_embed::RustEmbed)]
#[folder = "../../dist/web"]
#[allow_missing = true]
struct Web;

/// The placeholder that the build leaves for the nonce.
const NONCE: &str = "__NONCE__";

/// Serves all other paths: files of the web application, and the page for its own addresses. Paths for machines stay
/// 404.
pub async fn serve(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let machine = ["api/", "auth/", "metrics", "healthz", "readyz"].iter().any(|p| path.starts_with(p));
    if machine || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::NOT_FOUND.into_response();
    }
    if path.is_empty() || path == "index.html" {
        return page();
    }
    let brotli =
        request.headers().get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("br"));
    match file(path, brotli) {
        Some(response) => response,
        None if path.rsplit('/').next().is_some_and(|name| name.contains('.')) => StatusCode::NOT_FOUND.into_response(),
        None => page(),
    }
}

fn file(path: &str, brotli: bool) -> Option<Response> {
    let packed = brotli.then(|| Web::get(&format!("{path}.br"))).flatten();
    let encoded = packed.is_some();
    let found = packed.or_else(|| Web::get(path))?;
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let mut response = Response::new(Body::from(found.data.into_owned()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(kind.as_ref()).ok()?);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if encoded {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    // The build names files after their content, except those in the public folder.
    let hashed = path.rsplit('/').next().is_some_and(|name| name.split(['-', '.']).any(|part| part.len() == 8));
    let cache = if hashed { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    Some(response)
}

fn page() -> Response {
    let Some(index) = Web::get("index.html") else {
        return (StatusCode::NOT_FOUND, "The web application is not built: run `make web`.").into_response();
    };
    let mut bytes = [0u8; 16];
    rand::rng().fill_bytes(&mut bytes);
    let nonce = STANDARD_NO_PAD.encode(bytes);
    let html = String::from_utf8_lossy(&index.data).replace(NONCE, &nonce);
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; frame-src blob:; font-src 'self'; connect-src 'self'; \
         base-uri 'self'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
         trusted-types angular angular#bundler angular#components angular#unsafe-bypass"
    );
    let mut response = html.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
