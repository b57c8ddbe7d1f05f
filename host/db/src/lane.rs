//! MariaDB's connection pool. sqlx's pool tests each connection twice per use, in separate tasks, which costs ten times
//! as much as a small query. And it does not notice a server that is no longer the primary.
//!
//! A connection returned in good state waits here and is used again without a test. One that was idle for long is
//! tested first. One is closed when it is old, was left in the middle of a statement, or belongs to a server that broke
//! the connection or refuses to write. Nothing here waits without end: a server that accepts connections but does not
//! answer (frozen, or behind a dead link) counts as down.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::mysql::MySqlConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, MySqlConnection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use crate::refusals::Refusals;
use crate::{DbError, Result, STATEMENT, meter};

/// How long a caller waits for a connection, including opening one, before the answer is “unavailable”.
pub(crate) const PATIENCE: Duration = Duration::from_secs(4);

/// How long to wait for the server's next answer. The server itself ends statements after [`STATEMENT`] with an error.
/// If it is silent three seconds later, it counts as down. A busy server may be late in ending a statement.
const ANSWER: Duration = STATEMENT.saturating_add(Duration::from_secs(3));

/// How long to wait for the answer to a test.
const PROBE: Duration = Duration::from_secs(1);

/// A connection that was idle longer is tested first: the server may have gone away.
const TRUSTED: Duration = Duration::from_secs(5);

/// A connection that was idle longer is closed: the peak that needed it is over.
const IDLE: Duration = Duration::from_secs(10 * 60);

/// The longest life of a connection. When a name moves to another server, or a connection's memory grows on the server,
/// old connections end by themselves.
const LIFETIME: Duration = Duration::from_secs(30 * 60);

/// READ COMMITTED: no gap locks, so concurrent inserts do not deadlock. Every read that a write depends on locks its
/// row with FOR UPDATE. The wait for a locked row is shorter than the limit of a statement ([`STATEMENT`]): it then
/// counts as a collision, and the whole transaction is tried again. `EXISTS` looks into an index for each row: made
/// into `IN`, it would read the whole inner table for a page of fifty rows.
const SETTINGS: &str = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; \
                        SET SESSION max_statement_time = 5, SESSION innodb_lock_wait_timeout = 3, \
                        SESSION optimizer_switch = 'exists_to_in=off'";

async fn run(conn: &mut MySqlConnection, statement: &'static str) -> Result<(), sqlx::Error> {
    conn.execute(sqlx::raw_sql(statement)).await.map(drop)
}

/// Waits for the server, with a limit.
pub(crate) async fn answered<T>(answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T> {
    match timeout(ANSWER, answer).await {
        Ok(answer) => answer.map_err(DbError::from),
        Err(_) => Err(DbError::Unavailable(format!("no answer within {ANSWER:?}"))),
    }
}

/// The connections to one server. Clones share them.
#[derive(Clone)]
pub(crate) struct Lane(Arc<Shared>);

struct Shared {
    options: MySqlConnectOptions,
    /// Last in, first out: unneeded connections age at the front.
    kept: Mutex<VecDeque<(Line, Instant)>>,
    places: Arc<Semaphore>,
    max: u32,
    lifetime: Duration,
    open: Arc<AtomicU32>,
    /// Counts how often the server broke a connection or refused to write. Connections opened before are not used
    /// again.
    era: AtomicU64,
    refusals: Refusals,
}

/// An open connection.
struct Line {
    conn: MySqlConnection,
    opened: Instant,
    era: u64,
    _counted: Counted,
}

/// Counts an open connection until it is closed in any way.
struct Counted(Arc<AtomicU32>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Lane {
    /// Opens connections when needed, so this succeeds while the server is away.
    pub fn new(options: MySqlConnectOptions, max: u32) -> Self {
        Lane::living(options, max, LIFETIME)
    }

    fn living(options: MySqlConnectOptions, max: u32, lifetime: Duration) -> Self {
        Lane(Arc::new(Shared {
            options,
            kept: Mutex::default(),
            places: Arc::new(Semaphore::new(max as usize)),
            max,
            lifetime,
            open: Arc::default(),
            era: AtomicU64::new(0),
            refusals: Refusals::default(),
        }))
    }

    /// A connection, as soon as one is free.
    pub async fn take(&self) -> Result<Lease> {
        let taken = timeout(PATIENCE, async {
            let Ok(place) = self.0.places.clone().acquire_owned().await else {
                return Err(DbError::Unavailable("the database is being closed".into()));
            };
            Ok((self.0.line().await?, place))
        });
        let Ok(taken) = taken.await else {
            return Err(DbError::Unavailable(format!("no connection within {PATIENCE:?}")));
        };
        let (line, place) = taken?;
        Ok(Lease {
            line: Some(line),
            state: State::Idle,
            in_transaction: false,
            home: self.0.clone(),
            place: Some(place),
        })
    }

    /// Open, idle, and most connections.
    pub fn stats(&self) -> (u32, u32, u32) {
        (self.0.open.load(Ordering::Relaxed), self.0.kept().len() as u32, self.0.max)
    }

    /// See [`crate::Db::refused_lately`].
    pub fn refusals(&self) -> &Refusals {
        &self.0.refusals
    }

    /// Waits for connections in use, closes all of them properly, and gives out no more.
    pub async fn close(&self) {
        let all_back = timeout(PATIENCE, self.0.places.acquire_many(self.0.max)).await;
        self.0.places.close();
        let kept: Vec<Line> = self.0.kept().drain(..).map(|(line, _)| line).collect();
        for line in kept {
            // A server that misses it notices by itself.
            let _ = timeout(PROBE, line.conn.close()).await;
        }
        drop(all_back);
    }
}

impl Shared {
    fn kept(&self) -> MutexGuard<'_, VecDeque<(Line, Instant)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn era(&self) -> u64 {
        self.era.load(Ordering::Relaxed)
    }

    /// Stops reusing the open connections: their server is down or no longer the primary.
    fn end_era(&self) {
        self.era.fetch_add(1, Ordering::Relaxed);
        self.kept().clear();
    }

    /// May this connection be used again?
    fn good(&self, line: &Line) -> bool {
        line.era == self.era() && line.opened.elapsed() < self.lifetime
    }

    fn keep(&self, line: Line) {
        // Closed outside the lock.
        let mut old = Vec::new();
        let mut kept = self.kept();
        if !self.places.is_closed() {
            kept.push_back((line, Instant::now()));
        }
        while let Some(one) = kept.pop_front_if(|(_, since)| since.elapsed() > IDLE) {
            old.push(one);
        }
        drop(kept);
    }

    /// An idle connection, or a new one.
    async fn line(&self) -> Result<Line> {
        loop {
            let kept = self.kept().pop_back();
            let Some((mut line, since)) = kept else { return self.open().await };
            if !self.good(&line) {
                continue;
            }
            if since.elapsed() < TRUSTED {
                return Ok(line);
            }
            match timeout(PROBE, line.conn.ping()).await {
                Ok(Ok(())) => return Ok(line),
                // The others were idle as long or longer.
                _ => self.end_era(),
            }
        }
    }

    async fn open(&self) -> Result<Line> {
        let era = self.era();
        let mut conn = self.options.connect().await?;
        run(&mut conn, SETTINGS).await?;
        self.open.fetch_add(1, Ordering::Relaxed);
        Ok(Line { conn, opened: Instant::now(), era, _counted: Counted(self.open.clone()) })
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Idle,
    /// A statement is running. If this is so on drop, the caller went away.
    Busy,
    Broken,
}

/// A connection in use.
pub(crate) struct Lease {
    /// Taken on drop.
    line: Option<Line>,
    state: State,
    in_transaction: bool,
    home: Arc<Shared>,
    place: Option<OwnedSemaphorePermit>,
}

impl Lease {
    /// For one statement, followed by [`Lease::settle`].
    pub fn conn(&mut self) -> &mut MySqlConnection {
        self.state = State::Busy;
        &mut self.line.as_mut().expect("only drop takes it").conn
    }

    /// Notes how the statement ended.
    pub fn settle<T>(&mut self, result: Result<T>) -> Result<T> {
        self.home.refusals.note(&result);
        self.state = match result {
            Err(DbError::Unavailable(_) | DbError::NotWritable(_)) => State::Broken,
            _ => State::Idle,
        };
        result
    }

    /// Closes it, which ends its settings and locks.
    pub fn discard(mut self) {
        self.line = None;
    }

    pub async fn begin(&mut self) -> Result<()> {
        // Set before BEGIN: a caller that goes away meanwhile leaves a connection that must be rolled back.
        self.in_transaction = true;
        let begun = answered(run(self.conn(), "BEGIN")).await;
        self.settle(begun)
    }

    /// Begins a transaction that reads what is committed now, whatever others commit later.
    pub async fn begin_snapshot(&mut self) -> Result<()> {
        self.in_transaction = true;
        let begun = answered(run(
            self.conn(),
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
        ));
        let begun = begun.await;
        self.settle(begun)
    }

    /// Ends the transaction with `COMMIT` or `ROLLBACK`. A failed one is rolled back on drop. `placed`: notes the place
    /// of the commit for the reader.
    pub async fn end(mut self, how: &'static str, placed: bool) -> Result<()> {
        let ended = answered(run(self.conn(), how)).await;
        self.settle(ended)?;
        self.in_transaction = false;
        if placed && meter::is_metered() {
            // The commit stands, whatever becomes of this question: without an answer, the author reads the primary.
            let asked = answered(sqlx::query_scalar("SELECT @@last_gtid").fetch_one(self.conn())).await;
            meter::note_position(self.settle::<String>(asked).ok().and_then(|place| place.parse().ok()));
        }
        Ok(())
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(mut line) = self.line.take() else { return };
        if self.state == State::Broken {
            // The others belong to the same server, which is down or no longer the primary.
            self.home.end_era();
        }
        if self.state != State::Idle || !self.home.good(&line) {
            // The server rolls back when the connection is closed. In the middle of a statement the answer is still
            // pending, and waiting for it could take for ever.
            return;
        }
        if !self.in_transaction {
            return self.home.keep(line);
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (home, place) = (self.home.clone(), self.place.take());
        runtime.spawn(async move {
            if answered(run(&mut line.conn, "ROLLBACK")).await.is_ok() {
                home.keep(line);
            }
            drop(place);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ids of the connections that two uses, one after the other, got.
    async fn two(lane: &Lane) -> (u64, u64) {
        let mut ids = Vec::new();
        for _ in 0..2 {
            let mut lease = lane.take().await.unwrap();
            let id = answered(sqlx::query_scalar("SELECT CONNECTION_ID()").fetch_one(lease.conn())).await;
            ids.push(lease.settle(id).unwrap());
        }
        (ids[0], ids[1])
    }

    #[tokio::test]
    async fn no_connection_lives_for_ever() {
        let Some(server) = std::env::var("AFPI_TEST_MARIADB_URL").ok().filter(|url| !url.is_empty()) else { return };
        let options: MySqlConnectOptions = server.parse().unwrap();
        let (first, second) = two(&Lane::new(options.clone(), 2)).await;
        assert_eq!(first, second, "one that came back whole is used again");
        let (first, second) = two(&Lane::living(options, 2, Duration::ZERO)).await;
        assert!(second > first);
    }
}
