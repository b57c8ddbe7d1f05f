//! The operations of a lease's holder. They use BullMQ's own scripts. Each script compares the lock with the token
//! before it changes anything.

use std::sync::Arc;
use std::time::Instant;

use ::redis::pipe;
use bullmq::JobProgress;
use bullmq::error::error_code;
use uuid::Uuid;

use super::{RedisQueue, timely};
use crate::clock::ms;
use crate::policy::short;
use crate::{Failure, Fate, JobsError, Lease, Result, now_ms};

impl RedisQueue {
    pub(super) async fn extend(&self, lease: &Lease) -> Result<()> {
        let job = self.held(lease)?;
        let length = u64::try_from(ms(self.settings.lease)).unwrap_or(u64::MAX);
        self.leased(lease, job.lock().await.extend_lock(&lease.token.to_string(), length)).await?;
        if let Some(held) = self.held.lock().expect("no panic while held").get_mut(&lease.token) {
            held.since = Instant::now();
        }
        Ok(())
    }

    pub(super) async fn set_progress(&self, lease: &Lease, percent: u8) -> Result<()> {
        // BullMQ lets every caller set the progress. Renewing the lock first excludes a worker that has lost its lease.
        self.extend(lease).await?;
        let handle = self.handle(&lease.queue).await?;
        let progress = JobProgress::Number(f64::from(percent.min(100)));
        self.leased(lease, handle.queue.update_job_progress(&lease.id.to_string(), progress)).await
    }

    pub(super) async fn end_completed(&self, lease: &Lease) -> Result<()> {
        let job = self.held(lease)?;
        self.leased(lease, job.lock().await.move_to_completed("")).await?;
        self.let_go(lease.token);
        Ok(())
    }

    pub(super) async fn end_failed(&self, lease: &Lease, failure: &Failure) -> Result<Fate> {
        let job = self.held(lease)?;
        let error = short(&failure.message);
        let fate = match self.settings.next_try(lease.attempt, lease.max_attempts, failure.retry) {
            Some(delay) => {
                // The port delays a job without counting the attempt or keeping the error. So both are written first,
                // under a renewed lock. If the process dies in between, the attempt is counted and the stalled job is
                // taken back.
                self.extend(lease).await?;
                let handle = self.handle(&lease.queue).await?;
                let key = handle.queue.keys().job_key(&lease.id.to_string());
                let mut count = pipe();
                count.atomic().hset(&key, "atm", lease.attempt).ignore().hset(&key, "failedReason", &error).ignore();
                timely(self.connection().await?.pipe::<()>(&count)).await?;
                let at = now_ms() + ms(delay);
                self.leased(lease, job.lock().await.move_to_delayed(u64::try_from(at).unwrap_or(0))).await?;
                Fate::Retried { at }
            }
            None => {
                self.leased(lease, job.lock().await.move_to_failed(&error)).await?;
                Fate::Dead
            }
        };
        self.let_go(lease.token);
        Ok(fate)
    }

    pub(super) async fn give_back(&self, lease: &Lease) -> Result<()> {
        let job = self.held(lease)?;
        self.leased(lease, job.lock().await.move_to_wait(Some(&lease.token.to_string()))).await?;
        self.let_go(lease.token);
        Ok(())
    }

    fn held(&self, lease: &Lease) -> Result<Arc<tokio::sync::Mutex<bullmq::Job>>> {
        let held = self.held.lock().expect("no panic while held");
        held.get(&lease.token).map(|held| held.job.clone()).ok_or(JobsError::LeaseLost(lease.id))
    }

    fn let_go(&self, token: Uuid) {
        self.held.lock().expect("no panic while held").remove(&token);
    }

    /// Maps BullMQ's different errors for a lost lock to one error, and stops holding the job.
    async fn leased<T>(&self, lease: &Lease, work: impl Future<Output = Result<T, bullmq::Error>>) -> Result<T> {
        use error_code::{JOB_LOCK_MISMATCH, JOB_LOCK_NOT_EXIST, JOB_NOT_EXIST, JOB_NOT_IN_STATE};
        let work = async {
            match work.await {
                Err(bullmq::Error::JobLocked(_)) => Ok(None),
                Err(bullmq::Error::Script { code, .. })
                    if [JOB_NOT_EXIST, JOB_LOCK_NOT_EXIST, JOB_NOT_IN_STATE, JOB_LOCK_MISMATCH].contains(&code) =>
                {
                    Ok(None)
                }
                other => other.map(Some),
            }
        };
        match timely(work).await? {
            Some(value) => Ok(value),
            None => {
                self.let_go(lease.token);
                Err(JobsError::LeaseLost(lease.id))
            }
        }
    }
}
