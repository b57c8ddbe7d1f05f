//! Operations on jobs without a worker: recovery, pause, retry, deletion.

use uuid::Uuid;

use super::RedisQueue;
use super::script::{FORGET, PAUSE, RECOVER, REVIVE};
use crate::sql::crash_message;
use crate::{JobsError, Recovered, Result};

/// The number of finished jobs that one call deletes.
const BATCH: u64 = 500;

impl RedisQueue {
    pub(super) async fn recover(&self) -> Result<Vec<Recovered>> {
        self.adopt().await?;
        let mut recovered = Vec::new();
        for queue in self.names().await? {
            let mut call = self.call(&RECOVER, &queue);
            call.arg(self.settings.max_crashes).arg(crash_message(self.settings.max_crashes));
            let answer: Vec<String> = self.server.call(&call).await?;
            recovered.extend(answer.chunks_exact(3).filter_map(|job| {
                let id = Uuid::parse_str(&job[0]).ok()?;
                Some(Recovered { id, queue: queue.clone(), kind: job[1].clone(), dead: job[2] == "1" })
            }));
        }
        Ok(recovered)
    }

    /// `event` is `paused` or `resumed`.
    pub(super) async fn set_paused(&self, queue: &str, event: &str) -> Result<()> {
        self.server.call(self.call(&PAUSE, queue).arg(queue).arg(event)).await
    }

    pub(super) async fn revive(&self, id: Uuid) -> Result<()> {
        let Some(queue) = self.queue_of(id).await? else { return Err(JobsError::NotFound(id)) };
        match self.server.call::<i64>(self.call(&REVIVE, &queue).arg(id.to_string())).await? {
            -1 => Err(JobsError::NotFound(id)),
            0 => Err(JobsError::NotDead(id)),
            _ => Ok(()),
        }
    }

    /// `set` is `completed` or `failed`.
    pub(super) async fn delete_finished(&self, set: &str, before: i64) -> Result<u64> {
        let mut total = 0;
        for queue in self.names().await? {
            loop {
                let deleted: u64 = self.server.call(self.call(&FORGET, &queue).arg(set).arg(before).arg(BATCH)).await?;
                total += deleted;
                if deleted < BATCH {
                    break;
                }
            }
        }
        Ok(total)
    }
}
