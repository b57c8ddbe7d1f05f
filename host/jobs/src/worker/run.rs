//! One run of one job. The handler runs in a separate task, which is supervised here. So a panic, an endless loop or a
//! lost lease ends only this run.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::{Ended, JobContext, JobError, Worker};
use crate::{Claim, Failure, Fate, JobsError, Lease, Queue, Retry};

/// The time between asking a handler to stop and stopping it.
const CANCEL_GRACE: Duration = Duration::from_secs(1);

/// What happened to the run.
enum Verdict {
    Done,
    Failed(Failure),
    /// The worker stops before the job has ended.
    Hurried,
    LeaseLost,
}

pub(super) async fn execute(worker: Arc<Worker>, claim: Claim, hurry: CancellationToken) {
    let span = tracing::info_span!(
        "job",
        id = %claim.lease.id,
        kind = claim.kind,
        queue = claim.lease.queue,
        attempt = claim.lease.attempt,
        correlation_id = claim.correlation_id,
    );
    async move {
        worker.observer.started(&claim);
        let started = Instant::now();
        let (lease, kind) = (claim.lease.clone(), claim.kind.clone());
        let verdict = supervise(&worker, claim, hurry).await;
        let ended = report(&worker, &lease, verdict).await;
        let took = started.elapsed();
        worker.observer.ended(&lease.queue, &kind, ended, took);
        tracing::debug!(ended = ended.as_str(), ms = took.as_millis() as u64, "job ended");
    }
    .instrument(span)
    .await;
}

async fn supervise(worker: &Worker, claim: Claim, hurry: CancellationToken) -> Verdict {
    let Some(handler) = worker.handlers.get(&claim.kind).cloned() else {
        return Verdict::Failed(Failure { message: format!("no handler for {}", claim.kind), retry: Retry::Backoff });
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
        lease: lease.clone(),
        queue: worker.queue.clone(),
        cancelled: cancelled.clone(),
    };
    let timeout = handler.timeout();
    let mut task = tokio::spawn(async move { handler.run(context).await }.in_current_span());

    let verdict = tokio::select! {
        result = &mut task => return judge(result),
        () = hold(worker.queue.as_ref(), &lease) => Verdict::LeaseLost,
        () = tokio::time::sleep(timeout) => Verdict::Failed(Failure {
            message: format!("not done after {} s", timeout.as_secs_f64()),
            retry: Retry::Backoff,
        }),
        () = hurry.cancelled() => Verdict::Hurried,
    };
    cancelled.cancel();
    match stop(task).await {
        // The job has ended after all, so its result counts. After a timeout or a lost lease it does not count.
        Some(result) if matches!(verdict, Verdict::Hurried) => match judge(result) {
            Verdict::Done => Verdict::Done,
            _ => verdict,
        },
        _ => verdict,
    }
}

fn judge(result: Result<Result<(), JobError>, tokio::task::JoinError>) -> Verdict {
    match result {
        Ok(Ok(())) => Verdict::Done,
        Ok(Err(error)) => Verdict::Failed(error.into()),
        Err(error) => Verdict::Failed(Failure { message: panic_message(error), retry: Retry::Backoff }),
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

/// Renews the lease until it is lost: the queue refuses, or the queue was away for too long.
async fn hold(queue: &dyn Queue, lease: &Lease) {
    let length = queue.settings().lease;
    let mut ticks = tokio::time::interval(length / 3);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.tick().await;
    let mut until = Instant::now() + length;
    loop {
        ticks.tick().await;
        let asked = Instant::now();
        match tokio::time::timeout_at(until, queue.renew(lease)).await {
            Ok(Ok(())) => until = asked + length,
            Ok(Err(JobsError::LeaseLost(_))) | Err(_) => break,
            Ok(Err(error)) => {
                tracing::warn!(%error, "lease not renewed");
                if Instant::now() >= until {
                    break;
                }
            }
        }
    }
    tracing::warn!("lease lost: the job is stopped here, another worker has it or will");
}

/// Reports the end to the queue. It retries while the queue is away, but for one lease at most. After that another
/// worker has the job.
async fn report(worker: &Worker, lease: &Lease, verdict: Verdict) -> Ended {
    let queue = worker.queue.as_ref();
    let deadline = Instant::now() + queue.settings().lease;
    let mut pause = Duration::from_millis(50);
    loop {
        let told = match &verdict {
            Verdict::Done => queue.complete(lease).await.map(|()| Ended::Completed),
            Verdict::Failed(failure) => {
                tracing::warn!(error = failure.message, "job failed");
                queue.fail(lease, failure).await.map(|fate| match fate {
                    Fate::Retried { .. } => Ended::Retried,
                    Fate::Dead => Ended::Dead,
                })
            }
            Verdict::Hurried => queue.release(lease).await.map(|()| Ended::Released),
            Verdict::LeaseLost => return Ended::Lost,
        };
        match told {
            Ok(ended) => return ended,
            Err(JobsError::LeaseLost(_)) => return Ended::Lost,
            Err(error) if Instant::now() + pause >= deadline => {
                tracing::error!(%error, "the end of the job could not be reported; it will run again");
                return Ended::Lost;
            }
            Err(error) => tracing::warn!(%error, "the end of the job is reported again"),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(2));
    }
}
