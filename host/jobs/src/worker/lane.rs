//! A lane runs the jobs of one queue, up to its concurrency. It ends jobs and takes others in one call to the queue: what
//! has ended during a call waits for the next one, and no longer. It never takes a job that it cannot run at once.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use super::leases::Leases;
use super::run::{self, Run};
use super::{Ended, Worker};
use crate::{Fate, now_ms};

/// The largest number of jobs per claim.
const BATCH: usize = 50;
/// The first polling interval of an idle lane. It grows to [`SLOWEST`].
const FASTEST: Duration = Duration::from_millis(250);
const SLOWEST: Duration = Duration::from_secs(1);
/// The first wait while the queue is away. It grows to [`SLOWEST`].
const AWAY: Duration = Duration::from_millis(50);

struct Lane {
    worker: Arc<Worker>,
    queue: String,
    concurrency: usize,
    leases: Arc<Leases>,
    /// Fires at the end of the grace period.
    hurry: CancellationToken,
    running: JoinSet<Run>,
    /// Ends that are not reported yet.
    ended: Vec<Run>,
    /// While the queue is away: how long to wait for it.
    away: Option<Duration>,
    /// When the next job of this lane is due that asked to run again soon.
    again: Option<Instant>,
}

pub(super) async fn run(worker: Arc<Worker>, queue: String, concurrency: usize, stop: CancellationToken) {
    let leases = Arc::new(Leases::default());
    let mut lane = Lane {
        worker: worker.clone(),
        queue: queue.clone(),
        concurrency,
        leases: leases.clone(),
        hurry: CancellationToken::new(),
        running: JoinSet::new(),
        ended: Vec::new(),
        away: None,
        again: None,
    };
    tokio::select! {
        () = lane.work(stop) => {}
        () = leases.keep(worker.queue.as_ref(), &queue) => {}
    }
}

impl Lane {
    /// Returns after the stop, when all jobs have ended or are given back.
    async fn work(&mut self, stop: CancellationToken) {
        let mut waiter = self.worker.queue.waiter(&self.queue);
        let mut idle = FASTEST;
        let mut grace = None;
        loop {
            self.gather().await;
            let open = !stop.is_cancelled();
            let until = (!open).then(|| *grace.get_or_insert_with(|| Instant::now() + self.worker.grace));
            let room = if open { self.concurrency - self.running.len() } else { 0 };
            let wanted = room.min(BATCH);
            self.again.take_if(|again| *again <= Instant::now());
            if wanted > 0 || !self.ended.is_empty() {
                let found = self.exchange(wanted).await;
                if found > 0 {
                    idle = FASTEST;
                }
                if found > 0 && found == wanted && found < room {
                    continue;
                }
            }
            if !open && self.running.is_empty() && self.ended.is_empty() {
                return;
            }
            let pause = self.pause(idle);
            let has_room = open && self.running.len() < self.concurrency;
            tokio::select! {
                () = stop.cancelled(), if open => {}
                Some(run) = self.running.join_next() => self.collect(run),
                waited = waiter.wait(pause), if has_room && self.away.is_none() => {
                    if waited.is_err() {
                        sleep(idle).await;
                    }
                    idle = (idle * 2).min(SLOWEST);
                }
                () = sleep(self.away.unwrap_or_default()), if self.away.is_some() => {}
                () = sleep_until(until.unwrap_or_else(Instant::now)), if until.is_some() && !self.hurry.is_cancelled() => {
                    self.hurry.cancel();
                }
            }
        }
    }

    /// How long to wait for work: not longer than until a job is due again.
    fn pause(&self, idle: Duration) -> Duration {
        self.again.map_or(idle, |again| again.saturating_duration_since(Instant::now()).min(idle))
    }

    /// Collects the jobs that have ended. If there are any, others that are ready to end come along.
    async fn gather(&mut self) {
        if !self.ended.is_empty() {
            tokio::task::yield_now().await;
        }
        while let Some(run) = self.running.try_join_next() {
            self.collect(run);
        }
    }

    fn collect(&mut self, run: Result<Run, JoinError>) {
        match run {
            Ok(run) if run.end.is_some() => self.ended.push(run),
            Ok(run) => self.tell(&run, Ended::Lost),
            // A handler runs in a task of its own, so this is a defect of the worker. The lease expires.
            Err(error) => tracing::error!(%error, "a run ended abnormally"),
        }
    }

    /// Reports ends and starts the jobs that it gets for them. Returns their number.
    async fn exchange(&mut self, wanted: usize) -> usize {
        let ends: Vec<_> = self.ended.iter().filter_map(|run| Some((run.lease.clone(), run.end.clone()?))).collect();
        let queue = self.worker.queue.clone();
        let until = Instant::now() + queue.settings().lease;
        let exchanged = match queue.exchange(&self.queue, &ends, wanted as u32, &self.worker.id).await {
            Ok(exchanged) => exchanged,
            Err(error) => {
                self.fall_back(&error);
                return 0;
            }
        };
        if self.away.take().is_some() {
            tracing::info!(queue = self.queue, "queue is back");
        }
        let retried = exchanged.fates.iter().flatten().filter_map(|fate| match fate {
            Fate::Retried { at } => u64::try_from(at - now_ms()).ok(),
            _ => None,
        });
        // A millisecond more: due times are whole milliseconds.
        if let Some(first) = retried.min().map(|wait| Instant::now() + Duration::from_millis(wait + 1)) {
            self.again = Some(self.again.map_or(first, |again| again.min(first)));
        }
        for (run, fate) in std::mem::take(&mut self.ended).iter().zip(&exchanged.fates) {
            self.tell(run, fate.map_or(Ended::Lost, Ended::from));
        }
        let found = exchanged.claims.len();
        for claim in exchanged.claims {
            let hold = self.leases.hold(&claim.lease, until);
            self.running.spawn(run::execute(self.worker.clone(), claim, hold, self.hurry.clone()));
        }
        found
    }

    /// The queue is away. An end is reported again for one lease at most: after that another worker has the job.
    fn fall_back(&mut self, error: &crate::JobsError) {
        if self.away.is_none() {
            tracing::warn!(queue = self.queue, %error, "jobs can be neither taken nor ended; trying until it works");
        }
        self.away = Some(self.away.map_or(AWAY, |pause| (pause * 2).min(SLOWEST)));
        let lease = self.worker.queue.settings().lease;
        let (late, ended): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.ended).into_iter().partition(|run| run.ended.elapsed() >= lease);
        self.ended = ended;
        for run in late {
            run.span.in_scope(|| tracing::error!("the end of the job could not be reported; it will run again"));
            self.tell(&run, Ended::Lost);
        }
    }

    fn tell(&self, run: &Run, ended: Ended) {
        let took = run.ended - run.started;
        self.worker.observer.ended(&self.queue, &run.kind, ended, took);
        run.span.in_scope(|| {
            tracing::info!(
                ended = ended.as_str(),
                duration_ms = took.as_millis() as u64,
                db.statements = run.database.statements,
                db.commits = run.database.commits,
                db.duration_ms = run.database.time.as_millis() as u64,
                "job ended"
            );
        });
    }
}

impl From<Fate> for Ended {
    fn from(fate: Fate) -> Ended {
        match fate {
            Fate::Completed => Ended::Completed,
            Fate::Retried { .. } => Ended::Retried,
            Fate::Dead => Ended::Dead,
            Fate::Released => Ended::Released,
        }
    }
}
