//! Errors, for the person and for the client program. Every function of the host returns an [`Error`]; only `afpi_http`
//! turns it into an HTTP answer (RFC 9457). Code that branches on an error reads its [`ErrorKind`].

use serde::Serialize;
use serde_json::{Map, Value};

use crate::text::{Text, text};

/// The result of a function that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Every way in which a request or a job can fail. The name in kebab case is the stable code for programs
/// ([`ErrorKind::code`]). `docs/ERROR_HANDLING.md` lists them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "kebab-case")]
pub enum ErrorKind {
    // The request itself.
    BadRequest,
    BadParameter,
    BadCursor,
    MalformedJson,
    MethodNotAllowed,
    UnsupportedMediaType,
    TooLarge,
    TooSlow,
    TooManyRequests,
    CrossOrigin,
    VersionRequired,
    IdempotencyKeyReused,
    IdempotencyInProgress,
    AlreadyDone,
    // Its values.
    Validation,
    UnknownField,
    WrongType,
    // Who asks.
    Unauthenticated,
    BadCredentials,
    SecondFactorRequired,
    WrongCode,
    SecondFactorSetup,
    TokenExpired,
    Forbidden,
    ScopeMissing,
    AddressRefused,
    // The records.
    NotFound,
    Stale,
    Conflict,
    Duplicate,
    DoubleBooking,
    SeriesDate,
    SuccessorNeeded,
    LinkEnded,
    Merged,
    InBin,
    // Plugins.
    MoveRefused,
    HookVeto,
    HookFailed,
    PluginFailed,
    PluginRefused,
    NotPure,
    DeveloperMode,
    NameTaken,
    VersionInUse,
    VersionTaken,
    VersionRefused,
    TooManyVersions,
    KindChanged,
    AlreadyActive,
    Downgrade,
    NoPrevious,
    ConsentRequired,
    ConsentStale,
    SettingsRefused,
    Unsigned,
    UnknownKey,
    RevokedKey,
    BadSignature,
    FileChanged,
    // The system.
    Unavailable,
    Contention,
    Internal,
}

impl ErrorKind {
    /// The stable code for programs, e.g. `double-booking`.
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// Is it a fault of the system or of a plugin, not of the request? A retry may then help.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Unavailable | Self::Contention | Self::Internal | Self::PluginFailed)
    }
}

/// A refusal or a failure: its kind, and the message for people.
#[derive(Debug, Clone)]
pub struct Error(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    kind: ErrorKind,
    title: Text,
    detail: Option<Text>,
    fields: Vec<FieldProblem>,
    extra: Map<String, Value>,
    retry_after: Option<u64>,
}

/// An error of one field. `field` is a JSON Pointer (RFC 6901) into the body, or a parameter's name.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldProblem {
    pub field: String,
    pub code: String,
    pub message: Text,
}

/// An error of one field.
pub fn field(field: impl Into<String>, code: impl Into<String>, message: Text) -> FieldProblem {
    FieldProblem { field: field.into(), code: code.into(), message }
}

impl Error {
    pub fn new(kind: ErrorKind, title: Text) -> Error {
        Error(Box::new(Inner { kind, title, detail: None, fields: vec![], extra: Map::new(), retry_after: None }))
    }

    pub fn detail(mut self, detail: Text) -> Error {
        self.0.detail = Some(detail);
        self
    }

    pub fn fields(mut self, fields: Vec<FieldProblem>) -> Error {
        self.0.fields = fields;
        self
    }

    /// Adds a member to the answer, e.g. `current`.
    pub fn with(mut self, name: &str, value: impl Serialize) -> Error {
        self.0.extra.insert(name.to_owned(), serde_json::to_value(value).unwrap_or(Value::Null));
        self
    }

    /// Seconds after which a retry may help.
    pub fn retry_after(mut self, seconds: u64) -> Error {
        self.0.retry_after = Some(seconds);
        self
    }

    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    pub fn title(&self) -> &Text {
        &self.0.title
    }

    /// The reason, as specific as known.
    pub fn reason(&self) -> Text {
        let first = self.0.fields.first().map(|f| f.message.clone());
        self.0.detail.clone().or(first).unwrap_or_else(|| self.0.title.clone())
    }

    /// The explanation beyond the title.
    pub fn explanation(&self) -> Option<&Text> {
        self.0.detail.as_ref()
    }

    /// The errors of fields.
    pub fn faults(&self) -> &[FieldProblem] {
        &self.0.fields
    }

    pub fn into_fields(self) -> Vec<FieldProblem> {
        self.0.fields
    }

    /// Further members of the answer.
    pub fn extra(&self) -> &Map<String, Value> {
        &self.0.extra
    }

    /// Seconds after which a retry may help.
    pub fn wait(&self) -> Option<u64> {
        self.0.retry_after
    }
}

/// For logs.
impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.kind().code(), self.reason().en)
    }
}

impl std::error::Error for Error {}

pub fn not_found() -> Error {
    Error::new(ErrorKind::NotFound, text("Introuvable", "Not found"))
}

pub fn too_large() -> Error {
    Error::new(ErrorKind::TooLarge, text("Envoi trop volumineux", "Payload too large"))
}

/// The body came too slowly.
pub fn too_late() -> Error {
    Error::new(ErrorKind::TooSlow, text("Envoi trop lent", "The request came too slowly"))
}

pub fn unauthenticated() -> Error {
    Error::new(ErrorKind::Unauthenticated, text("Connexion requise", "Sign-in required"))
}

pub fn forbidden() -> Error {
    Error::new(ErrorKind::Forbidden, text("Action non autorisée pour votre rôle", "Your role may not do this"))
}

/// The values were readable but are invalid.
pub fn invalid(fields: Vec<FieldProblem>) -> Error {
    Error::new(ErrorKind::Validation, text("Saisie invalide", "Invalid input")).fields(fields)
}

pub fn bad_parameter(name: &str, message: Text) -> Error {
    Error::new(ErrorKind::BadParameter, text("Paramètre invalide", "Bad parameter")).fields(vec![field(
        name,
        "bad-parameter",
        message,
    )])
}

/// A part of the system is away. A retry may help.
pub fn unavailable(what: &'static str) -> Error {
    Error::new(ErrorKind::Unavailable, text("Service momentanément indisponible", "Service temporarily unavailable"))
        .with("component", what)
        .retry_after(2)
}

/// A defect. It is logged here once, with its cause. The caller gets only the correlation id.
pub fn internal(cause: impl std::fmt::Display) -> Error {
    tracing::error!(error.cause = %cause, "request failed");
    Error::new(ErrorKind::Internal, text("Erreur interne", "Internal error"))
}

/// Another writer was faster: the present record, and the fields that differ from what the caller saw.
pub fn stale(current: impl Serialize, changed: Vec<String>) -> Error {
    Error::new(
        ErrorKind::Stale,
        text("Modifié entre-temps par quelqu'un d'autre", "Changed by somebody else in the meantime"),
    )
    .with("current", current)
    .with("changed", changed)
}

impl From<afpi_db::DbError> for Error {
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
                Error::new(ErrorKind::Contention, text("Trop de modifications simultanées", "Too many changes at once"))
                    .retry_after(1)
            }
            E::NotWritable(cause) => {
                tracing::error!(error.cause = %cause, "database cannot be written: disk full or read-only");
                unavailable("database").detail(text(
                    "La base de données ne peut pas être écrite (disque plein ou en lecture seule).",
                    "The database cannot be written (disk full or read-only).",
                ))
            }
            E::Unique(_) => {
                Error::new(ErrorKind::Duplicate, text("Cet enregistrement existe déjà", "This record already exists"))
            }
            other => internal(other),
        }
    }
}

/// A transaction that collided is run again as a whole.
impl afpi_db::AsContention for Error {
    fn is_contention(&self) -> bool {
        self.kind() == ErrorKind::Contention
    }
}
