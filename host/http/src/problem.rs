//! Problem answers (RFC 9457) in French and English. A handler returns `Result<_, Problem>`; `?` turns any [`Error`]
//! into one. [`render`] writes it in the caller's language with the correlation id. It also turns plain error answers
//! of other layers into problems.

use afpi_core::error::{Error, ErrorKind, not_found, too_large, unavailable};
use afpi_core::text::{Locale, text};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::language;
use crate::request_id::RequestId;

/// Result of a handler.
pub type ApiResult<T> = Result<T, Problem>;

/// An error as an answer.
#[derive(Debug, Clone)]
pub struct Problem(pub Error);

impl<E: Into<Error>> From<E> for Problem {
    fn from(error: E) -> Problem {
        Problem(error.into())
    }
}

/// An error of the API (RFC 9457).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Stable URI reference of the kind of problem, `/problems/<code>`.
    pub r#type: String,
    pub title: String,
    pub status: u16,
    #[schema(required = false)]
    pub detail: Option<String>,
    /// Stable code for programs.
    pub code: String,
    /// The request's id in logs, jobs and plugin calls.
    pub correlation_id: String,
    #[schema(required = false)]
    pub fields: Vec<ProblemField>,
}

/// An error of one field.
#[derive(Serialize, ToSchema)]
pub struct ProblemField {
    pub field: String,
    pub code: String,
    pub message: String,
}

/// The status (RFC 9110 §15) of each kind of error.
pub fn status(kind: ErrorKind) -> StatusCode {
    use ErrorKind as K;
    match kind {
        K::BadRequest | K::BadParameter | K::BadCursor | K::MalformedJson => StatusCode::BAD_REQUEST,
        K::Unauthenticated | K::BadCredentials | K::SecondFactorRequired | K::WrongCode | K::TokenExpired => {
            StatusCode::UNAUTHORIZED
        }
        K::Forbidden | K::CrossOrigin | K::SecondFactorSetup | K::ScopeMissing | K::AddressRefused => {
            StatusCode::FORBIDDEN
        }
        K::NotFound => StatusCode::NOT_FOUND,
        K::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        K::TooSlow => StatusCode::REQUEST_TIMEOUT,
        K::LinkEnded | K::Merged | K::InBin => StatusCode::GONE,
        K::Stale => StatusCode::PRECONDITION_FAILED,
        K::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        K::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        K::VersionRequired => StatusCode::PRECONDITION_REQUIRED,
        K::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        K::Validation
        | K::UnknownField
        | K::WrongType
        | K::IdempotencyKeyReused
        | K::PluginRefused
        | K::Unsigned
        | K::UnknownKey
        | K::RevokedKey
        | K::BadSignature
        | K::FileChanged => StatusCode::UNPROCESSABLE_ENTITY,
        K::Conflict
        | K::Duplicate
        | K::DoubleBooking
        | K::SeriesDate
        | K::SuccessorNeeded
        | K::IdempotencyInProgress
        | K::AlreadyDone
        | K::MoveRefused
        | K::HookVeto
        | K::HookFailed
        | K::NotPure
        | K::DeveloperMode
        | K::NameTaken
        | K::VersionInUse
        | K::VersionTaken
        | K::VersionRefused
        | K::TooManyVersions
        | K::KindChanged
        | K::AlreadyActive
        | K::Downgrade
        | K::NoPrevious
        | K::ConsentRequired
        | K::ConsentStale
        | K::SettingsRefused => StatusCode::CONFLICT,
        K::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        K::PluginFailed => StatusCode::BAD_GATEWAY,
        K::Unavailable | K::Contention => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn body(error: &Error, locale: Locale, correlation_id: &str) -> Value {
    let code = error.kind().code();
    let mut body = error.extra().clone();
    body.insert("type".into(), json!(format!("/problems/{code}")));
    body.insert("title".into(), json!(error.title().get(locale)));
    body.insert("status".into(), json!(status(error.kind()).as_u16()));
    body.insert("code".into(), json!(code));
    body.insert("correlationId".into(), json!(correlation_id));
    if let Some(detail) = error.explanation() {
        body.insert("detail".into(), json!(detail.get(locale)));
    }
    if !error.faults().is_empty() {
        let shown =
            error.faults().iter().map(|f| json!({"field": f.field, "code": f.code, "message": f.message.get(locale)}));
        body.insert("fields".into(), shown.collect());
    }
    Value::Object(body)
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = status(self.0.kind()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes problems. Wraps the whole router.
pub async fn render(request: Request, next: Next) -> Response {
    let locale = language::wanted(request.headers());
    let id = request.extensions().get::<RequestId>().cloned();
    let response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let error = match response.extensions().get::<Problem>() {
        Some(Problem(error)) => error.clone(),
        None => bare(status),
    };
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = error.wait() {
        parts.headers.insert(header::RETRY_AFTER, seconds.into());
    }
    if status == StatusCode::UNAUTHORIZED {
        parts.headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    let mut body = body(&error, locale, id.as_ref().map_or("", |id| id.as_str()));
    body["status"] = json!(status.as_u16());
    Response::from_parts(parts, body.to_string().into())
}

/// An error answer from a layer instead of a handler.
fn bare(status: StatusCode) -> Error {
    match status {
        StatusCode::NOT_FOUND => not_found(),
        StatusCode::METHOD_NOT_ALLOWED => {
            Error::new(ErrorKind::MethodNotAllowed, text("Méthode non autorisée", "Method not allowed"))
        }
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            Error::new(ErrorKind::UnsupportedMediaType, text("Format non pris en charge", "Unsupported media type"))
        }
        StatusCode::SERVICE_UNAVAILABLE => unavailable("request"),
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => {
            unavailable("request").detail(text("La requête a pris trop de temps.", "The request took too long."))
        }
        s if s.is_client_error() => Error::new(ErrorKind::BadRequest, text("Requête invalide", "Bad request")),
        _ => Error::new(ErrorKind::Internal, text("Erreur interne", "Internal error")),
    }
}
