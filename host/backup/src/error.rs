//! What goes wrong, in words for the person at the terminal.

use afpi_db::DbError;

pub type Result<T, E = BackupError> = std::result::Result<T, E>;

/// Why a backup cannot be made, read or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("there is no backup here")]
    NoBackup,
    #[error("there is no backup of this name: {0}")]
    Unknown(String),
    #[error("{object} is damaged: {why}")]
    Damaged { object: String, why: String },
    #[error("{0} is missing in the backup")]
    Missing(String),
    #[error("the passphrase is wrong")]
    Passphrase,
    #[error("these backups are encrypted and need their passphrase")]
    Encrypted,
    #[error("these backups are not encrypted, but a passphrase is given: choose another place, or give none")]
    NotEncrypted,
    #[error("these are backups of another installation ({0}): choose another place")]
    Foreign(String),
    #[error("the backup has format {0}, which this program does not know: use a newer one")]
    Format(u32),
    #[error("the backup is of a newer program: it has migration {schema}, and this program knows them up to {known}")]
    Newer { schema: i64, known: i64 },
    #[error("the database has no tables of this product")]
    NoTables,
    #[error("the database is not empty")]
    NotEmpty,
    #[error("the rows of {table} are not the same on both sides: {rows} instead of {expected}")]
    Unequal { table: String, rows: u64, expected: u64 },
    /// The disk is full, the server does not answer, or the folder is not writable.
    #[error("{object}: {source}")]
    Place { object: String, source: afpi_files::Lost },
    #[error("the rows of {table} cannot be written: {source}")]
    Rows { table: String, source: DbError },
    #[error(transparent)]
    Db(#[from] DbError),
}

impl BackupError {
    pub(crate) fn damaged(object: &str, why: impl ToString) -> Self {
        BackupError::Damaged { object: object.to_owned(), why: why.to_string() }
    }
}
