//! One run of one job. The handler runs in a separate task, which is supervised here. So a panic, an endless loop or a
//! lost lease ends only this run.

use std::sync::Arc;
use std::time::Duration;

use afpi_db::{Usage, metered, metered_alike};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::field::Empty;
use tracing::{Instrument, Span};

use super::leases::Hold;
use super::{JobContext, JobError, Worker};
use crate::{Claim, End, Failure, Lease, Retry};

/// The time between asking a handler to stop and stopping it.
const CANCEL_GRACE: Duration = Duration::from_secs(1);

/// A run that is over.
pub(super) struct Run {
    pub lease: Lease,
    pub kind: String,
    /// What to report to the queue. `None` if the lease is lost.
    pub end: Option<End>,
    pub started: Instant,
    pub ended: Instant,
    /// What it asked of the database.
    pub database: Usage,
    /// For the log lines about this run.
    pub span: Span,
}

pub(super) async fn execute(worker: Arc<Worker>, claim: Claim, hold: Hold, hurry: CancellationToken) -> Run {
    let span = afpi_trace::within(claim.trace.as_deref(), || {
        tracing::info_span!(
            "job",
            id = %claim.lease.id,
            kind = claim.kind,
            queue = claim.lease.queue,
            attempt = claim.lease.attempt,
            correlation_id = claim.correlation_id,
            // Only traces need the rest; it is filled in for them.
            otel.kind = Empty,
            otel.name = Empty,
            otel.status_code = Empty,
        )
    });
    if afpi_trace::is_on() {
        span.record("otel.kind", "consumer").record("otel.name", format!("job {}", claim.kind));
    }
    let (lease, kind, started) = (claim.lease.clone(), claim.kind.clone(), Instant::now());
    let work = async {
        worker.observer.started(&claim);
        let end = supervise(&worker, claim, &hold, hurry).await;
        if let Some(End::Failed(failure)) = &end {
            tracing::warn!(error = failure.message, "job failed");
            if afpi_trace::is_on() {
                Span::current().record("otel.status_code", "ERROR");
            }
        }
        end
    };
    let (end, database) = metered(work.instrument(span.clone())).await;
    Run { lease, kind, end, started, ended: Instant::now(), database, span }
}

/// Returns how to end the job, or `None` if the lease is lost.
async fn supervise(worker: &Worker, claim: Claim, hold: &Hold, hurry: CancellationToken) -> Option<End> {
    let Some(handler) = worker.handlers.get(&claim.kind).cloned() else {
        return Some(failed(format!("no handler for {}", claim.kind)));
    };
    let lease = claim.lease;
    let cancelled = CancellationToken::new();
    let context = JobContext {
        id: lease.id,
        kind: claim.kind,
        payload: claim.payload,
        attempt: lease.attempt,
        last_attempt: lease.attempt >= lease.max_attempts,
        correlation_id: claim.correlation_id,
        lease,
        queue: worker.queue.clone(),
        cancelled: cancelled.clone(),
    };
    let timeout = handler.timeout();
    let mut task = tokio::spawn(metered_alike(async move { handler.run(context).await }).in_current_span());

    let end = tokio::select! {
        result = &mut task => return Some(judge(result)),
        () = hold.lost() => {
            tracing::warn!("lease lost: the job is stopped here, another worker has it or will");
            None
        }
        () = tokio::time::sleep(timeout) => Some(failed(format!("not done after {} s", timeout.as_secs_f64()))),
        // The worker stops before the job has ended.
        () = hurry.cancelled() => Some(End::Released),
    };
    cancelled.cancel();
    match (stop(task).await, &end) {
        // The job has ended after all, so its result counts. After a timeout or a lost lease it does not count.
        (Some(Ok(Ok(()))), Some(End::Released)) => Some(End::Completed),
        _ => end,
    }
}

fn failed(message: String) -> End {
    End::Failed(Failure { message, retry: Retry::Backoff })
}

fn judge(result: Result<Result<(), JobError>, tokio::task::JoinError>) -> End {
    match result {
        Ok(Ok(())) => End::Completed,
        Ok(Err(error)) => End::Failed(error.into()),
        Err(error) => failed(panic_message(error)),
    }
}

fn panic_message(error: tokio::task::JoinError) -> String {
    match error.try_into_panic() {
        Ok(panic) => {
            let text = panic
                .downcast_ref::<&str>()
                .map(|s| (*s).to_owned())
                .or_else(|| panic.downcast_ref::<String>().cloned());
            format!("panicked: {}", text.as_deref().unwrap_or("no message"))
        }
        Err(error) => error.to_string(),
    }
}

/// Gives the handler a moment to stop by itself. Then it is stopped at its next await.
async fn stop(
    mut task: JoinHandle<Result<(), JobError>>,
) -> Option<Result<Result<(), JobError>, tokio::task::JoinError>> {
    match tokio::time::timeout(CANCEL_GRACE, &mut task).await {
        Ok(result) => Some(result),
        Err(_) => {
            task.abort();
            None
        }
    }
}
