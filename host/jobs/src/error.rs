//! Queue errors, divided by how the caller can react.

use afpi_db::{AsContention, DbError};
use uuid::Uuid;

/// A queue error. The text is for logs.
#[derive(Debug, thiserror::Error)]
pub enum JobsError {
    /// The backend is away. A later try helps.
    #[error("queue unavailable: {0}")]
    Unavailable(String),
    /// The caller has lost the lease: it expired and another worker has the job, or the job has ended. Stop working on
    /// it.
    #[error("lease lost on job {0}")]
    LeaseLost(Uuid),
    /// There is no such job.
    #[error("no such job: {0}")]
    NotFound(Uuid),
    /// Only a dead job can be sent back.
    #[error("job {0} is not dead")]
    NotDead(Uuid),
    /// An invalid job or schedule.
    #[error("refused: {0}")]
    Refused(String),
    /// A database error. An unavailable database is [`JobsError::Unavailable`].
    #[error(transparent)]
    Db(DbError),
    /// The backend holds unreadable data, or gave an impossible answer: a defect.
    #[error("queue defect: {0}")]
    Defect(String),
}

impl JobsError {
    /// Does a later try make sense?
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
