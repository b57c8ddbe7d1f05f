//! The errors of a queue, by how the caller can react.

use afpi_db::{AsContention, DbError};
use uuid::Uuid;

/// A queue error. The text is for logs.
#[derive(Debug, thiserror::Error)]
pub enum JobsError {
    /// The backend is away. A later retry may help.
    #[error("queue unavailable: {0}")]
    Unavailable(String),
    /// The caller has lost the lease: it expired and another worker has the job, or the job has ended. The caller must
    /// stop working on the job.
    #[error("lease lost on job {0}")]
    LeaseLost(Uuid),
    /// The job does not exist.
    #[error("no such job: {0}")]
    NotFound(Uuid),
    /// Only a dead job can be retried by a person.
    #[error("job {0} is not dead")]
    NotDead(Uuid),
    /// The job or the schedule is invalid.
    #[error("refused: {0}")]
    Refused(String),
    /// An error of the database. An unavailable database is [`JobsError::Unavailable`].
    #[error(transparent)]
    Db(DbError),
    /// The backend contains unreadable data or gave an impossible answer. This is a defect.
    #[error("queue defect: {0}")]
    Defect(String),
}

impl JobsError {
    /// Whether a later retry may help.
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

/// For [`crate::enqueue`], which only writes to the database of its caller.
impl From<JobsError> for DbError {
    fn from(error: JobsError) -> Self {
        match error {
            JobsError::Db(error) => error,
            JobsError::Unavailable(reason) => DbError::Unavailable(reason),
            other => DbError::Other(Box::new(other)),
        }
    }
}

impl AsContention for JobsError {
    fn is_contention(&self) -> bool {
        matches!(self, JobsError::Db(error) if error.is_contention())
    }
}
