//! The origin of a request: operations that need only the cookie are for the product's own pages. `SameSite=Strict`
//! already protects the cookie from other sites. This check also protects it from other hosts of the same domain, and
//! from browser bugs.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use afpi_core::error::{Error, ErrorKind};
use afpi_http::problem::Problem;

use afpi_core::text::text;
use afpi_platform::state::App;

const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// 403 for sign-in, refresh, sign-out and links of letters from another site's page. Programs send no origin and pass.
pub async fn same(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let by_cookie = ["login", "refresh", "logout", "forgotten", "link", "link/password"]
        .iter()
        .any(|verb| path.strip_prefix("/api").unwrap_or(path).strip_prefix("/auth/").is_some_and(|rest| rest == *verb));
    if by_cookie && elsewhere(request.headers(), &app.config.public_url) {
        return Problem(Error::new(
            ErrorKind::CrossOrigin,
            text("Demande venue d'une autre page", "Request made by another page"),
        ))
        .into_response();
    }
    next.run(request).await
}

/// Browsers send it themselves (Fetch Metadata). Older ones send the page's origin.
fn elsewhere(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text(&SITE), text(&header::ORIGIN)) {
        (Some(site), _) => !matches!(site, "same-origin" | "none"),
        (None, None) => false,
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            origin != public_url && (host.is_none() || host != text(&header::HOST))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_and_programs_pass() {
        let of = |given: &[(&'static str, &str)]| {
            let pairs = given.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
            elsewhere(&pairs.collect(), "https://crm.test")
        };
        for ours in [
            &[][..],
            &[("sec-fetch-site", "same-origin")],
            &[("sec-fetch-site", "none")],
            &[("origin", "https://crm.test")],
            &[("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")],
        ] {
            assert!(!of(ours), "{ours:?}");
        }
        for theirs in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site"), ("origin", "https://crm.test")],
            &[("origin", "https://evil.test"), ("host", "crm.test")],
            &[("origin", "null"), ("host", "crm.test")],
        ] {
            assert!(of(theirs), "{theirs:?}");
        }
    }
}
