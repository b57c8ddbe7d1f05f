//! Enqueues work in the transaction that causes it.

use afpi_db::{Conn, Value, sql};
use uuid::Uuid;

use crate::job::MAX_PAYLOAD_BYTES;
use crate::{JobsError, NewJob, Result, now_ms};

/// The most jobs of one statement.
const TOGETHER: usize = 500;

/// Writes the job in the caller's transaction. The job runs after a commit, and never exists after a rollback. It keeps
/// the returned id. Call [`crate::Relay::wake`] after the commit to avoid the polling delay.
pub async fn enqueue(tx: &mut Conn, job: &NewJob) -> Result<Uuid> {
    let id = Uuid::now_v7();
    write(tx, vec![row(id, job)?]).await?;
    Ok(id)
}

/// The same for several jobs, in few statements.
pub async fn enqueue_all(tx: &mut Conn, jobs: &[NewJob]) -> Result<()> {
    for some in jobs.chunks(TOGETHER) {
        write(tx, some.iter().map(|job| row(Uuid::now_v7(), job)).collect::<Result<_>>()?).await?;
    }
    Ok(())
}

type Row = [Value; 11];

fn row(id: Uuid, job: &NewJob) -> Result<Row> {
    job.check()?;
    let payload = job.payload.to_string();
    if payload.len() > MAX_PAYLOAD_BYTES {
        return Err(JobsError::Refused(format!("payload of {} bytes, {MAX_PAYLOAD_BYTES} are allowed", payload.len())));
    }
    Ok([
        id.into(),
        (&job.queue).into(),
        (&job.kind).into(),
        Value::Text(payload),
        job.priority.into(),
        job.run_at.into(),
        (&job.dedupe_key).into(),
        job.max_attempts.into(),
        (&job.correlation_id).into(),
        job.trace.clone().or_else(afpi_trace::current).into(),
        now_ms().into(),
    ])
}

async fn write(tx: &mut Conn, rows: Vec<Row>) -> Result<()> {
    let mut insert = sql(
        "INSERT INTO outbox (id, queue, kind, payload, priority, run_at, dedupe_key, max_attempts, correlation_id, trace_parent, created_at) VALUES ",
    );
    insert.rows(rows);
    insert.execute(tx).await?;
    Ok(())
}
