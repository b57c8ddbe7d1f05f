//! Adds the jobs that the relay moves.

use afpi_db::{Value, dialect};

use super::SqlQueue;
use crate::{Queued, Result, now_ms};

/// The number of rows per statement.
const CHUNK: usize = 200;

impl SqlQueue {
    pub(super) async fn add_all(&self, jobs: &[Queued]) -> Result<()> {
        let now = now_ms();
        afpi_db::retry(|| async {
            let mut tx = self.db.begin().await?;
            for chunk in jobs.chunks(CHUNK) {
                // The statement ignores a known id (a repeated job) and a dedupe key in use (a copy). Both have unique
                // indexes.
                let mut insert = dialect::insert_or_ignore(tx.backend());
                insert
                    .push(
                        " INTO jobs (id, queue, kind, state, payload, priority, due_at, run_at, dedupe_key, attempt, max_attempts, \
                         crashes, correlation_id, trace_parent, created_at) VALUES ",
                    )
                    .rows(chunk.iter().map(|q| row(q, now)));
                insert.execute(&mut tx).await?;
            }
            tx.commit().await
        })
        .await?;
        self.announce();
        Ok(())
    }
}

fn row(queued: &Queued, now: i64) -> [Value; 15] {
    let Queued { id, created_at, job } = queued;
    let due = job.run_at.unwrap_or(*created_at);
    [
        id.into(),
        (&job.queue).into(),
        (&job.kind).into(),
        if due > now { "delayed" } else { "waiting" }.into(),
        job.payload.to_string().into(),
        job.priority.into(),
        due.into(),
        job.run_at.into(),
        (&job.dedupe_key).into(),
        0.into(),
        job.max_attempts.into(),
        0.into(),
        (&job.correlation_id).into(),
        (&job.trace).into(),
        (*created_at).into(),
    ]
}
