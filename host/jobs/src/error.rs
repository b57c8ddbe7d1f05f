//! What can go wrong with a queue, told apart by what the caller can do about it.

use afpi_db::{AsContention, DbError};
use uuid::Uuid;

/// A queue error. The text is for logs.
#[derive(Debug, thiserror::Error)]
pub enum JobsError {
    /// The backend is away; trying later helps.
    #[error("queue unavailable: {0}")]
    Unavailable(String),
    /// The lease is no longer the caller's: it ran out and another worker has the job, or the job has ended. Stop
    /// working on it.
    #[error("lease lost on job {0}")]
    LeaseLost(Uuid),
    /// There is no such job.
    #[error("no such job: {0}")]
    NotFound(Uuid),
    /// Only a dead job can be sent back.
    #[error("job {0} is not dead")]
    NotDead(Uuid),
    /// A job or schedule that cannot be taken as it is.
    #[error("refused: {0}")]
    Refused(String),
    /// The database said no; away counts as [`JobsError::Unavailable`].
    #[error(transparent)]
    Db(DbError),
    /// The backend holds something this program cannot read, or answered what it never should: a defect.
    #[error("queue defect: {0}")]
    Defect(String),
}

impl JobsError {
    /// Does trying again later make sense?
    pub fn is_unavailable(&self) -> bool {
        matches!(self, JobsError::Unavailable(_))
    }
}

impl From<DbError> for JobsError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Unavailable(reason) | DbError::TooLong(reason) | DbError::Refused(reason) => {
                JobsError::Unavailable(reason)
            }
            other => JobsError::Db(other),
        }
    }
}

impl AsContention for JobsError {
    fn is_contention(&self) -> bool {
        matches!(self, JobsError::Db(error) if error.is_contention())
    }
}
