//! Counts what one piece of work, a request or a job, asks of the database.

use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::{Backend, Position};

tokio::task_local! {
    static METER: Arc<Meter>;
}

/// What the work has asked so far.
#[derive(Default)]
struct Meter {
    statements: AtomicU32,
    commits: AtomicU32,
    nanos: AtomicU64,
    /// The place of its last commit.
    position: Mutex<Option<Position>>,
    replica: AtomicBool,
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
    /// The place of its last commit, where there is a replica.
    pub position: Option<Position>,
    /// Has it read from the replica?
    pub replica: bool,
}

/// Runs the work, and tells what it asked of the database. Tasks that it starts are counted with [`metered_alike`].
pub async fn metered<T>(work: impl Future<Output = T>) -> (T, Usage) {
    let meter = Arc::new(Meter { outer: current(), ..Meter::default() });
    let result = METER.scope(meter.clone(), work).await;
    let usage = Usage {
        statements: meter.statements.load(Ordering::Relaxed),
        commits: meter.commits.load(Ordering::Relaxed),
        time: Duration::from_nanos(meter.nanos.load(Ordering::Relaxed)),
        position: *meter.position.lock().unwrap_or_else(PoisonError::into_inner),
        replica: meter.replica.load(Ordering::Relaxed),
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

/// Calls it with the meter of this work and those of the works that it is part of.
fn each(note: impl Fn(&Meter)) {
    let _ = METER.try_with(|meter| {
        let mut meter = Some(meter);
        while let Some(one) = meter {
            note(one);
            meter = one.outer.as_ref();
        }
    });
}

/// Does anybody want to know?
pub(crate) fn is_metered() -> bool {
    METER.try_with(|_| ()).is_ok()
}

pub(crate) fn note_position(position: Option<Position>) {
    each(|meter| *meter.position.lock().unwrap_or_else(PoisonError::into_inner) = position);
}

pub(crate) fn note_replica() {
    each(|meter| meter.replica.store(true, Ordering::Relaxed));
}

/// A running statement. It is counted when it ends, also when the caller goes away.
pub(crate) struct Statement {
    began: Instant,
    commit: bool,
    /// Its part in a trace.
    _span: tracing::Span,
}

/// Longer texts are lists of values, as `?`.
const LONGEST: usize = 500;

impl Statement {
    pub fn begins(backend: Backend, text: &str) -> Statement {
        let span = match afpi_trace::is_within() {
            true => afpi_trace::span!(
                "statement",
                otel.kind = "client",
                otel.name = text.split_ascii_whitespace().next(),
                db.system.name = if backend == Backend::MariaDb { "mariadb" } else { "sqlite" },
                db.query.text = &text[..text.floor_char_boundary(LONGEST)],
            ),
            false => tracing::Span::none(),
        };
        Statement { began: Instant::now(), commit: text == "COMMIT", _span: span }
    }
}

impl Drop for Statement {
    fn drop(&mut self) {
        let nanos = u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX);
        each(|meter| {
            meter.statements.fetch_add(1, Ordering::Relaxed);
            meter.commits.fetch_add(self.commit.into(), Ordering::Relaxed);
            meter.nanos.fetch_add(nanos, Ordering::Relaxed);
        });
    }
}
