//! Storage errors, divided by how the caller can react.

use rusqlite::ffi;
use sqlx::mysql::MySqlDatabaseError;

/// A storage error. The text is for logs. The edge decides what a person sees.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// No row where one was required.
    #[error("no such row")]
    NotFound,
    /// A unique key is taken; the engine's message names the index or columns.
    #[error("unique key violated: {0}")]
    Unique(String),
    /// A reference points nowhere, or a row is still referred to.
    #[error("foreign key violated: {0}")]
    ForeignKey(String),
    /// Two transactions collided. Running the whole transaction again helps.
    #[error("transactions collided: {0}")]
    Contention(String),
    /// The server is away or frozen, all connections are in use, or the connection broke.
    #[error("database unavailable: {0}")]
    Unavailable(String),
    /// The statement took too long.
    #[error("statement took too long: {0}")]
    TooLong(String),
    /// The server refuses this account, or has no such database. Waiting does not help.
    #[error("database refuses this account or has no such database: {0}")]
    Refused(String),
    /// The disk is full, the file is read-only, or the server is no longer the primary.
    #[error("database cannot be written: {0}")]
    NotWritable(String),
    /// A migration failed, or differs from the applied one.
    #[error("migration failed: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The tables are not such as this program can use.
    #[error("{0}")]
    Schema(String),
    /// A stored value has an unexpected shape.
    #[error("stored value unreadable in {column}: {reason}")]
    Decode { column: String, reason: String },
    /// Anything else: a defect.
    #[error("database error: {0}")]
    Other(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl DbError {
    /// Is this a unique violation on an index or column whose name contains `name`?
    pub fn unique_on(&self, name: &str) -> bool {
        matches!(self, DbError::Unique(message) if message.contains(name))
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match error {
            E::RowNotFound => DbError::NotFound,
            E::ColumnDecode { index, source } => DbError::Decode { column: index, reason: source.to_string() },
            E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed => DbError::Unavailable(error.to_string()),
            E::Io(_) | E::Tls(_) | E::Protocol(_) => DbError::Unavailable(error.to_string()),
            E::Database(ref db) => {
                let message = db.message().to_owned();
                // MariaDB error numbers.
                match db.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number) {
                    Some(1205 | 1213 | 1020) => DbError::Contention(message),
                    Some(1021 | 1036 | 1114 | 1290 | 1792 | 1836) => DbError::NotWritable(message),
                    Some(1040 | 1053 | 1152 | 1203 | 1226 | 1927 | 2006 | 2013) => DbError::Unavailable(message),
                    Some(1044 | 1045 | 1049 | 1130 | 1698) => DbError::Refused(message),
                    Some(1969) => DbError::TooLong(message),
                    _ if db.is_unique_violation() => DbError::Unique(message),
                    _ if db.is_foreign_key_violation() => DbError::ForeignKey(message),
                    _ => DbError::Other(error.into()),
                }
            }
            other => DbError::Other(other.into()),
        }
    }
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error as E;
        let E::SqliteFailure(code, ref message) = error else { return DbError::Other(error.into()) };
        let message = message.clone().unwrap_or_else(|| code.to_string());
        // Extended result codes (sqlite.org/rescode.html), then primary ones.
        match code.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => DbError::Unique(message),
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => DbError::ForeignKey(message),
            other => match other & 0xff {
                ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => DbError::Contention(message),
                ffi::SQLITE_INTERRUPT => DbError::TooLong(message),
                ffi::SQLITE_READONLY | ffi::SQLITE_FULL => DbError::NotWritable(message),
                ffi::SQLITE_IOERR | ffi::SQLITE_CANTOPEN => DbError::Unavailable(message),
                _ => DbError::Other(error.into()),
            },
        }
    }
}
