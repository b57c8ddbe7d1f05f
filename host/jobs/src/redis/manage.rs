//! Operations on jobs without a worker: recovery, retry, deletion.

use std::sync::LazyLock;

use ::redis::{Script, pipe};
use bullmq::RetryOptions;
use uuid::Uuid;

use super::{RedisQueue, timely};
use crate::sql::crash_message;
use crate::{JobsError, Recovered, Result, now_ms};

static RECOVER: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("recover.lua")));

impl RedisQueue {
    pub(super) async fn recover(&self) -> Result<Vec<Recovered>> {
        let mut recovered = Vec::new();
        for name in self.names().await? {
            let handle = self.handle(&name).await?;
            let keys = handle.queue.keys();
            let mut script = RECOVER.prepare_invoke();
            for key in
                [keys.active(), keys.wait(), keys.meta(), keys.marker(), keys.events(), keys.failed(), keys.stalled()]
            {
                script.key(key);
            }
            script
                .arg(keys.key_prefix())
                .arg(now_ms())
                .arg(self.settings.max_crashes)
                .arg(crash_message(self.settings.max_crashes));
            let mut connection = self.connection().await?.connection();
            let answer: Vec<String> = timely(async { Ok(script.invoke_async(&mut connection).await?) }).await?;
            recovered.extend(answer.chunks_exact(3).filter_map(|job| {
                let id = Uuid::parse_str(&job[0]).ok()?;
                Some(Recovered { id, queue: name.clone(), kind: job[1].clone(), dead: job[2] == "1" })
            }));
        }
        Ok(recovered)
    }

    pub(super) async fn revive(&self, id: Uuid) -> Result<()> {
        let Some(queue) = self.queue_of(id).await? else { return Err(JobsError::NotFound(id)) };
        let handle = self.handle(&queue).await?;
        let Some(mut job) = timely(handle.queue.get_job(&id.to_string())).await? else {
            return Err(JobsError::NotFound(id));
        };
        if !timely(job.is_failed()).await? {
            return Err(JobsError::NotDead(id));
        }
        // Before the job can be claimed, this resets its crashes and the mark of a Node worker, if there is one.
        let key = handle.queue.keys().job_key(&id.to_string());
        let mut forgive = pipe();
        forgive.atomic().hset(&key, "stc", 0).ignore().hdel(&key, &["defa", "progress"]).ignore();
        timely(self.connection().await?.pipe::<()>(&forgive)).await?;
        timely(job.retry("failed", Some(RetryOptions { reset_attempts_made: true, reset_attempts_started: true })))
            .await
    }

    /// `state` is the name that BullMQ uses.
    pub(super) async fn delete_finished(&self, state: &str, before: i64) -> Result<u64> {
        let mut total = 0;
        for name in self.names().await? {
            let handle = self.handle(&name).await?;
            let grace = u64::try_from(now_ms() - before).unwrap_or(0);
            total += timely(handle.queue.clean(grace, 0, state)).await?.len() as u64;
        }
        Ok(total)
    }
}
