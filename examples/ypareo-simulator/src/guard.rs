//! Runs before every route: counts, checks the token and its permissions, and applies the rules for misbehaviour.

use crate::container::Shape;
use crate::options::{How, Options};
use crate::spoil;
use crate::state::State;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State as Shared};
use axum::http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::time::Duration;

/// The data that a handler needs about its request.
#[derive(Debug, Clone)]
pub struct Call {
    pub options: Arc<Options>,
    pub shape: Shape,
}

pub async fn guard(Shared(state): Shared<Arc<State>>, mut request: Request, next: Next) -> Response {
    let route = route_of(&request, &state.options().prefix);
    let (options, hows) = state.arrive(&route);
    let allowed = may(&options, request.headers(), &route) && !hows.contains(&How::Refused);
    if !allowed {
        return spoil::refusal(options.profile.refusal);
    }
    // Systems in front of the web service answer before it.
    for how in &hows {
        match how {
            How::HtmlForbidden => return spoil::page(StatusCode::FORBIDDEN),
            How::HtmlNotFound => return spoil::page(StatusCode::NOT_FOUND),
            How::Status(status) => {
                let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                return (status, "Erreur interne").into_response();
            }
            _ => {}
        }
    }
    request.extensions_mut().insert(Call { shape: Shape::new(&options, &hows), options });
    let mut response = next.run(request).await;
    for how in hows {
        response = match how {
            How::Slow(ms) => {
                tokio::time::sleep(Duration::from_millis(ms)).await;
                response
            }
            How::CutMidway(after) => spoil::cut(response, after, true),
            How::TruncatedJson(after) => spoil::cut(response, after, false),
            How::EmptyBody => json(Body::empty()),
            How::HtmlOk => spoil::page(StatusCode::OK),
            How::ErrorObject => json(Body::from(r#"{"error":"Erreur interne","code":500}"#)),
            How::TextOk => "Le candidat n'a pas pu être créé".into_response(),
            How::Windows1252 => spoil::windows_1252(response),
            _ => response,
        };
    }
    response
}

fn json(body: Body) -> Response {
    ([(CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response()
}

/// The route as the field sheet names it: below the prefix (`entreprises/{code}`), or below `/r` for another version.
fn route_of(request: &Request, prefix: &str) -> String {
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let below = path.strip_prefix(prefix).or_else(|| path.strip_prefix(&*above(prefix))).unwrap_or(path);
    below.trim_start_matches('/').to_owned()
}

/// `/index.php/r` for `/index.php/r/v1`: the prefix of routes of other versions.
pub fn above(prefix: &str) -> String {
    prefix.rsplit_once('/').map_or("", |(above, _)| above).to_owned()
}

fn may(options: &Options, headers: &HeaderMap, route: &str) -> bool {
    // Header names are already case-insensitive.
    let token = headers.get("x-auth-token").and_then(|value| value.to_str().ok());
    token == Some(&*options.token) && !options.denied.contains(route)
}
