//! Problem answers (RFC 9457) in French and English. A handler returns a [`Problem`]; [`render`] writes it in the
//! caller's language with the correlation id, and turns every bare error answer of the layers around into one too.

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::http::request_id::RequestId;
use crate::text::{Locale, Text, text};

/// Result of a handler.
pub type ApiResult<T> = Result<T, Problem>;

/// What went wrong, for the person and for the client program.
#[derive(Debug, Clone)]
pub struct Problem(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    status: StatusCode,
    code: &'static str,
    title: Text,
    detail: Option<Text>,
    fields: Vec<FieldProblem>,
    extra: Map<String, Value>,
    retry_after: Option<u64>,
}

/// One field at fault; `field` is a JSON Pointer (RFC 6901) into the body, or a parameter's name.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldProblem {
    pub field: String,
    pub code: String,
    pub message: Text,
}

/// A field at fault.
pub fn field(field: impl Into<String>, code: impl Into<String>, message: Text) -> FieldProblem {
    FieldProblem { field: field.into(), code: code.into(), message }
}

/// The wire form, for the OpenAPI document.
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
    /// Stable word for programs.
    pub code: String,
    /// The request's id in logs, jobs and plugin calls.
    pub correlation_id: String,
    #[schema(required = false)]
    pub fields: Vec<ProblemField>,
}

/// One field at fault.
#[derive(Serialize, ToSchema)]
pub struct ProblemField {
    pub field: String,
    pub code: String,
    pub message: String,
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, title: Text) -> Problem {
        Problem(Box::new(Inner {
            status,
            code,
            title,
            detail: None,
            fields: vec![],
            extra: Map::new(),
            retry_after: None,
        }))
    }

    pub fn detail(mut self, detail: Text) -> Problem {
        self.0.detail = Some(detail);
        self
    }

    pub fn fields(mut self, fields: Vec<FieldProblem>) -> Problem {
        self.0.fields = fields;
        self
    }

    /// A further member of the answer, e.g. `current`.
    pub fn with(mut self, name: &str, value: impl Serialize) -> Problem {
        self.0.extra.insert(name.to_owned(), serde_json::to_value(value).unwrap_or(Value::Null));
        self
    }

    pub fn retry_after(mut self, seconds: u64) -> Problem {
        self.0.retry_after = Some(seconds);
        self
    }

    /// Why, in the most telling words there are.
    pub fn reason(&self) -> Text {
        let first = self.0.fields.first().map(|f| f.message.clone());
        self.0.detail.clone().or(first).unwrap_or_else(|| self.0.title.clone())
    }

    pub fn into_fields(self) -> Vec<FieldProblem> {
        self.0.fields
    }

    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    pub fn code(&self) -> &'static str {
        self.0.code
    }

    fn body(&self, locale: Locale, correlation_id: &str) -> Value {
        let mut body = self.0.extra.clone();
        body.insert("type".into(), json!(format!("/problems/{}", self.0.code)));
        body.insert("title".into(), json!(self.0.title.get(locale)));
        body.insert("status".into(), json!(self.0.status.as_u16()));
        body.insert("code".into(), json!(self.0.code));
        body.insert("correlationId".into(), json!(correlation_id));
        if let Some(detail) = &self.0.detail {
            body.insert("detail".into(), json!(detail.get(locale)));
        }
        if !self.0.fields.is_empty() {
            let fields = self
                .0
                .fields
                .iter()
                .map(|f| json!({"field": f.field, "code": f.code, "message": f.message.get(locale)}));
            body.insert("fields".into(), fields.collect());
        }
        Value::Object(body)
    }
}

/// For logs.
impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.0.code, self.reason().en)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes problems out; wraps the whole router.
pub async fn render(request: Request, next: Next) -> Response {
    let locale = Locale::of(request.headers());
    let id = request.extensions().get::<RequestId>().cloned();
    let response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let problem = match response.extensions().get::<Problem>() {
        Some(problem) => problem.clone(),
        None => bare(status),
    };
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = problem.0.retry_after {
        parts.headers.insert(header::RETRY_AFTER, seconds.into());
    }
    if status == StatusCode::UNAUTHORIZED {
        parts.headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    let body = problem.body(locale, id.as_ref().map_or("", |id| id.as_str()));
    Response::from_parts(parts, body.to_string().into())
}

/// An error answer made by a layer rather than by a handler.
fn bare(status: StatusCode) -> Problem {
    match status {
        StatusCode::NOT_FOUND => not_found(),
        StatusCode::METHOD_NOT_ALLOWED => {
            Problem::new(status, "method-not-allowed", text("Méthode non autorisée", "Method not allowed"))
        }
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            Problem::new(status, "unsupported-media-type", text("Format non pris en charge", "Unsupported media type"))
        }
        StatusCode::SERVICE_UNAVAILABLE => unavailable("request"),
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => {
            unavailable("request").detail(text("La requête a pris trop de temps.", "The request took too long."))
        }
        s if s.is_client_error() => Problem::new(s, "bad-request", text("Requête invalide", "Bad request")),
        s => Problem::new(s, "internal", text("Erreur interne", "Internal error")),
    }
}

pub fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not-found", text("Introuvable", "Not found"))
}

pub fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", text("Envoi trop volumineux", "Payload too large"))
}

/// The body came too slowly.
pub fn too_late() -> Problem {
    Problem::new(StatusCode::REQUEST_TIMEOUT, "too-slow", text("Envoi trop lent", "The request came too slowly"))
}

pub fn unauthenticated() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "unauthenticated", text("Connexion requise", "Sign-in required"))
}

pub fn forbidden() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "forbidden",
        text("Action non autorisée pour votre rôle", "Your role may not do this"),
    )
}

/// The values were readable but are wrong.
pub fn invalid(fields: Vec<FieldProblem>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "validation", text("Saisie invalide", "Invalid input"))
        .fields(fields)
}

pub fn bad_parameter(name: &str, message: Text) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad-parameter", text("Paramètre invalide", "Bad parameter"))
        .fields(vec![field(name, "bad-parameter", message)])
}

pub fn conflict(code: &'static str, title: Text) -> Problem {
    Problem::new(StatusCode::CONFLICT, code, title)
}

/// A part of the system is away; trying again helps.
pub fn unavailable(what: &'static str) -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "unavailable",
        text("Service momentanément indisponible", "Service temporarily unavailable"),
    )
    .with("component", what)
    .retry_after(2)
}

/// A defect: logged here, once, with its cause; the caller only gets the correlation id.
pub fn internal(cause: impl std::fmt::Display) -> Problem {
    tracing::error!(error.cause = %cause, "request failed");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", text("Erreur interne", "Internal error"))
}

impl From<afpi_db::DbError> for Problem {
    fn from(error: afpi_db::DbError) -> Self {
        use afpi_db::DbError as E;
        match error {
            E::NotFound => not_found(),
            E::Unavailable(cause) => {
                tracing::warn!(error.cause = %cause, "database unavailable");
                unavailable("database")
            }
            E::TooLong(cause) => {
                tracing::warn!(error.cause = %cause, "a statement took too long");
                unavailable("database").detail(text("La requête a pris trop de temps.", "The request took too long."))
            }
            E::Refused(cause) => {
                tracing::error!(error.cause = %cause, "the database refuses this account or has no such database");
                unavailable("database")
            }
            E::Contention(cause) => {
                tracing::warn!(error.cause = %cause, "transactions collided");
                // The code, not the status, is what a retry of the whole transaction looks at.
                Problem::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "contention",
                    text("Trop de modifications simultanées", "Too many changes at once"),
                )
                .retry_after(1)
            }
            E::NotWritable(cause) => {
                tracing::error!(error.cause = %cause, "database cannot be written: disk full or read-only");
                unavailable("database").detail(text(
                    "La base de données ne peut pas être écrite (disque plein ou en lecture seule).",
                    "The database cannot be written (disk full or read-only).",
                ))
            }
            E::Unique(_) => conflict("duplicate", text("Cet enregistrement existe déjà", "This record already exists")),
            other => internal(other),
        }
    }
}

impl afpi_db::AsContention for Problem {
    fn is_contention(&self) -> bool {
        self.0.code == "contention"
    }
}

/// Somebody else was faster: the record as it is now, and which of its fields differ from what the caller saw.
pub fn stale(current: impl Serialize, changed: Vec<String>) -> Problem {
    Problem::new(
        StatusCode::PRECONDITION_FAILED,
        "stale",
        text("Modifié entre-temps par quelqu'un d'autre", "Changed by somebody else in the meantime"),
    )
    .with("current", current)
    .with("changed", changed)
}
