//! A lane takes the jobs of one queue, up to its concurrency, and waits efficiently if there are none.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{Worker, run};
use crate::Claim;

/// The largest number of jobs per claim. Further jobs would wait here, invisible to other workers.
const BATCH: usize = 20;
/// The first polling interval of an idle lane. It grows to [`SLOWEST`].
const FASTEST: Duration = Duration::from_millis(250);
const SLOWEST: Duration = Duration::from_secs(1);

pub(super) async fn run(worker: Arc<Worker>, queue: String, concurrency: usize, stop: CancellationToken) {
    let mut waiter = worker.queue.waiter(&queue);
    let mut running: JoinSet<()> = JoinSet::new();
    let hurry = CancellationToken::new();
    let mut idle = FASTEST;
    let mut away = false;

    while !stop.is_cancelled() {
        while running.try_join_next().is_some() {}
        let room = concurrency - running.len();
        let claimed = if room == 0 { Vec::new() } else { take(&worker, &queue, room.min(BATCH), &mut away).await };
        let found = !claimed.is_empty();
        for claim in claimed {
            running.spawn(run::execute(worker.clone(), claim, hurry.clone()));
        }
        if found {
            idle = FASTEST;
            if running.len() < concurrency {
                continue;
            }
        }
        tokio::select! {
            _ = stop.cancelled() => break,
            Some(_) = running.join_next() => {}
            waited = waiter.wait(idle), if running.len() < concurrency => {
                if waited.is_err() {
                    tokio::time::sleep(idle).await;
                }
                idle = (idle * 2).min(SLOWEST);
            }
        }
    }
    finish(&worker, running, hurry).await;
}

/// Claims jobs. It logs once that the queue is away, and once that it is back.
async fn take(worker: &Worker, queue: &str, room: usize, away: &mut bool) -> Vec<Claim> {
    match worker.queue.claim(queue, room as u32, &worker.id).await {
        Ok(claims) => {
            if std::mem::take(away) {
                tracing::info!(queue, "queue is back");
            }
            claims
        }
        Err(error) => {
            if !std::mem::replace(away, true) {
                tracing::warn!(queue, %error, "no jobs can be taken; trying until it works");
            }
            Vec::new()
        }
    }
}

/// Waits for running jobs within the grace period. Then it stops them and gives them back.
async fn finish(worker: &Worker, mut running: JoinSet<()>, hurry: CancellationToken) {
    let deadline = Instant::now() + worker.grace;
    while !running.is_empty() {
        tokio::select! {
            _ = running.join_next() => {}
            _ = tokio::time::sleep_until(deadline), if !hurry.is_cancelled() => hurry.cancel(),
        }
    }
}
