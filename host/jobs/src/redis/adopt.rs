//! Brings over the jobs of an earlier version, which gave all installations the same prefix, without braces. During an
//! upgrade its nodes may still add jobs there and end those that they run.

use ::redis::cmd;

use super::RedisQueue;
use super::script::ADOPT;
use crate::Result;

/// The number of jobs that one call brings over from each set.
const BATCH: u64 = 200;

impl RedisQueue {
    /// Costs a call per queue when there is nothing left to bring over. The names stay: a node of the earlier version
    /// writes each one only once.
    pub(super) async fn adopt(&self) -> Result<()> {
        let Some(earlier) = &self.earlier else { return Ok(()) };
        let names: Vec<String> = self.server.run(cmd("SMEMBERS").arg(format!("{earlier}:queues"))).await?;
        let mut total = 0;
        for queue in names {
            loop {
                let mut call = self.call(&ADOPT, &queue);
                call.arg(&queue).arg(format!("{earlier}:{queue}:")).arg(BATCH);
                let jobs: u64 = self.server.call(&call).await?;
                total += jobs;
                if jobs == 0 {
                    break;
                }
            }
        }
        if total > 0 {
            tracing::info!(jobs = total, from = earlier, "jobs of an earlier version brought over");
        }
        Ok(())
    }
}
