//! Counts what one piece of work, a request or a job, asks of the database.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

tokio::task_local! {
    static METER: Arc<Meter>;
}

/// What the work has asked so far.
#[derive(Default)]
struct Meter {
    statements: AtomicU32,
    commits: AtomicU32,
    nanos: AtomicU64,
    /// The work that this one is part of counts it too.
    outer: Option<Arc<Meter>>,
}

/// What a piece of work asked of the database.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Statements, with `BEGIN`, `COMMIT` and `ROLLBACK`.
    pub statements: u32,
    pub commits: u32,
    /// The time until the answers were read.
    pub time: Duration,
}

/// Runs the work, and tells what it asked of the database. Tasks that it starts are counted with [`metered_alike`].
pub async fn metered<T>(work: impl Future<Output = T>) -> (T, Usage) {
    let meter = Arc::new(Meter { outer: current(), ..Meter::default() });
    let result = METER.scope(meter.clone(), work).await;
    let usage = Usage {
        statements: meter.statements.load(Ordering::Relaxed),
        commits: meter.commits.load(Ordering::Relaxed),
        time: Duration::from_nanos(meter.nanos.load(Ordering::Relaxed)),
    };
    (result, usage)
}

/// The same work, for a task of its own: it is counted as part of the work that starts it.
pub fn metered_alike<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    let meter = current();
    async move {
        match meter {
            Some(meter) => METER.scope(meter, work).await,
            None => work.await,
        }
    }
}

fn current() -> Option<Arc<Meter>> {
    METER.try_with(Arc::clone).ok()
}

/// A running statement. It is counted when it ends, also when the caller goes away.
pub(crate) struct Statement {
    began: Instant,
    commit: bool,
}

impl Statement {
    pub fn begins() -> Statement {
        Statement { began: Instant::now(), commit: false }
    }

    pub fn commits() -> Statement {
        Statement { began: Instant::now(), commit: true }
    }
}

impl Drop for Statement {
    fn drop(&mut self) {
        let _ = METER.try_with(|meter| {
            let nanos = u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX);
            let mut meter = Some(meter);
            while let Some(one) = meter {
                one.statements.fetch_add(1, Ordering::Relaxed);
                one.commits.fetch_add(self.commit.into(), Ordering::Relaxed);
                one.nanos.fetch_add(nanos, Ordering::Relaxed);
                meter = one.outer.as_ref();
            }
        });
    }
}
