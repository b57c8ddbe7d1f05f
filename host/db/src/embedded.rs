//! SQLite in this process: one connection that writes and a few that read, because a file has one writer at a time.
//!
//! Statements run on the calling thread. With one thread per connection, as in sqlx, switches and copies would cost
//! several times the work of a small statement. Two things that may take long because of others do not block that
//! thread: the write lock of another process is polled, and a thread that may wait for the disk checkpoints the
//! write-ahead log.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql, params_from_iter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::lane::PATIENCE;
use crate::refusals::Refusals;
use crate::{DbError, Result, STATEMENT, Value};

/// How long another process may use the file: for a write transaction, or for the repair after a crash.
const LOCK_PATIENCE: Duration = STATEMENT;
/// Prepared statements kept per connection.
const STATEMENTS: usize = 128;
/// Pages of 4 KiB in the write-ahead log that trigger a checkpoint. SQLite's default of 1 000 is only about twenty
/// requests, and each checkpoint waits for the disk.
const LONG_LOG: u32 = 4_000;

thread_local! {
    /// Pages in the write-ahead log after this thread's last commit. SQLite reports it during the commit.
    static LOGGED: Cell<u32> = const { Cell::new(0) };
    /// The deadline of this thread's statement.
    static UNTIL: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Steps of SQLite's virtual machine between two checks of the deadline: a fraction of a millisecond.
const STEPS: i32 = 20_000;

/// A deadline for one statement.
struct Deadline;

impl Deadline {
    /// Starts now.
    fn set() -> Deadline {
        UNTIL.set(Some(Instant::now() + STATEMENT));
        Deadline
    }
}

impl Drop for Deadline {
    fn drop(&mut self) {
        UNTIL.set(None);
    }
}

/// An open file. Clones share it.
#[derive(Clone)]
pub(crate) struct File(Arc<Shared>);

struct Shared {
    path: PathBuf,
    readers: Connections,
    writer: Connections,
    refusals: Refusals,
}

/// Connections of one kind: idle ones, and one permit for each allowed connection.
struct Connections {
    idle: Mutex<Vec<Connection>>,
    places: Arc<Semaphore>,
    open: AtomicU32,
    max: u32,
}

impl Connections {
    fn new(max: u32) -> Connections {
        Connections {
            idle: Mutex::default(),
            places: Arc::new(Semaphore::new(max as usize)),
            open: AtomicU32::new(0),
            max,
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until all are returned.
    async fn close(&self) {
        let all_back = tokio::time::timeout(PATIENCE, self.places.acquire_many(self.max)).await;
        self.places.close();
        self.idle().clear();
        drop(all_back);
    }
}

impl File {
    /// Opens a file, created when missing.
    pub fn open(path: &Path, readers: u32) -> Result<File> {
        let file = File(Arc::new(Shared {
            path: path.to_owned(),
            readers: Connections::new(readers.clamp(1, 8)),
            writer: Connections::new(1),
            refusals: Refusals::default(),
        }));
        // Opened now instead of at the first write: a missing folder, or a file that is no database, is a configuration
        // error.
        let writer = file.0.connect(Sort::Writer)?;
        file.0.writer.idle().push(writer);
        Ok(file)
    }

    /// A connection that cannot write, as soon as one is free.
    pub async fn read(&self) -> Result<Lease> {
        self.take(Sort::Reader).await
    }

    /// The connection that can write, as soon as it is free.
    pub async fn write(&self) -> Result<Lease> {
        self.take(Sort::Writer).await
    }

    async fn take(&self, sort: Sort) -> Result<Lease> {
        let connections = self.0.of(sort);
        let place = tokio::time::timeout(PATIENCE, connections.places.clone().acquire_owned()).await;
        let Ok(Ok(place)) = place else {
            return Err(DbError::Unavailable(format!("no connection became free in {PATIENCE:?}")));
        };
        let kept = connections.idle().pop();
        let conn = kept.map_or_else(|| self.0.connect(sort), Ok)?;
        Ok(Lease { conn: Some(conn), sort, in_transaction: false, home: self.0.clone(), _place: place })
    }

    /// See [`crate::Db::refused_lately`].
    pub fn refusals(&self) -> &Refusals {
        &self.0.refusals
    }

    /// Open, idle, and most connections.
    pub fn stats(&self) -> (u32, u32, u32) {
        let of = |connections: &Connections| {
            (connections.open.load(Ordering::Relaxed), connections.idle().len() as u32, connections.max)
        };
        let (readers, writer) = (of(&self.0.readers), of(&self.0.writer));
        (readers.0 + writer.0, readers.1 + writer.1, readers.2 + writer.2)
    }

    /// Waits for connections in use. The last connection that closes checkpoints the write-ahead log.
    pub async fn close(&self) {
        self.0.readers.close().await;
        self.0.writer.close().await;
    }
}

#[derive(Clone, Copy)]
enum Sort {
    Reader,
    Writer,
}

impl Shared {
    fn of(&self, sort: Sort) -> &Connections {
        match sort {
            Sort::Reader => &self.readers,
            Sort::Writer => &self.writer,
        }
    }

    fn connect(&self, sort: Sort) -> Result<Connection> {
        // One thread at a time uses a connection, so SQLite's own lock on it is not needed.
        let conn = Connection::open_with_flags(
            &self.path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        conn.busy_timeout(LOCK_PATIENCE)?;
        conn.pragma_update(None, "journal_mode", "wal")?;
        // WAL with NORMAL survives a killed process. Only a power failure may lose the last commits.
        conn.pragma_update(None, "synchronous", "normal")?;
        conn.pragma_update(None, "foreign_keys", true)?;
        // Replaces SQLite's own hook, which checkpoints at once on the committing thread.
        conn.wal_hook(Some(|_, pages| {
            LOGGED.set(pages.unsigned_abs());
            Ok(())
        }));
        conn.progress_handler(STEPS, Some(|| UNTIL.get().is_some_and(|until| Instant::now() > until)))?;
        // Negative: KiB of pages kept in memory.
        match sort {
            Sort::Reader => {
                conn.pragma_update(None, "cache_size", -4_000)?;
                conn.pragma_update(None, "query_only", true)?;
            }
            Sort::Writer => {
                conn.pragma_update(None, "cache_size", -16_000)?;
                // `Lease::begin` waits for the lock without blocking the thread.
                conn.busy_timeout(Duration::ZERO)?;
            }
        }
        conn.set_prepared_statement_cache_capacity(STATEMENTS);
        self.of(sort).open.fetch_add(1, Ordering::Relaxed);
        Ok(conn)
    }
}

/// A connection in use.
pub(crate) struct Lease {
    /// Taken on drop.
    conn: Option<Connection>,
    sort: Sort,
    in_transaction: bool,
    home: Arc<Shared>,
    _place: OwnedSemaphorePermit,
}

impl Lease {
    pub fn conn(&self) -> &Connection {
        self.conn.as_ref().expect("only drop takes it")
    }

    /// Takes the write lock at once. A transaction that reads first and writes later would fail without waiting when
    /// another one has written in between.
    pub async fn begin(&mut self) -> Result<()> {
        let started = Instant::now();
        loop {
            match self.run("BEGIN IMMEDIATE") {
                Err(DbError::Contention(_)) if started.elapsed() < LOCK_PATIENCE => {
                    tokio::time::sleep(Duration::from_millis(3)).await
                }
                other => {
                    self.in_transaction = other.is_ok();
                    return other;
                }
            }
        }
    }

    /// Ends the transaction with `COMMIT` or `ROLLBACK`. A failed one is rolled back on drop.
    pub fn end(mut self, how: &'static str) -> Result<()> {
        LOGGED.set(0);
        self.run(how)?;
        self.in_transaction = false;
        if LOGGED.get() >= LONG_LOG {
            // While this lease is held nobody in this process writes. So the log can be checkpointed completely and
            // then starts again.
            match tokio::runtime::Handle::try_current() {
                Ok(runtime) => drop(runtime.spawn_blocking(move || self.fold())),
                Err(_) => self.fold(),
            }
        }
        Ok(())
    }

    /// Begins a transaction that reads what is there now, whatever others write.
    pub fn begin_snapshot(&mut self) -> Result<()> {
        self.run("BEGIN")?;
        self.in_transaction = true;
        // The engine fixes the moment at the first read.
        Ok(self.conn().query_row("SELECT COUNT(*) FROM sqlite_master", [], |_| Ok(()))?)
    }

    /// After many changes outside transactions: checkpoints the write-ahead log, so that it does not grow with them.
    pub fn fold_when_long(&self) {
        if LOGGED.replace(0) >= LONG_LOG {
            self.fold();
        }
    }

    /// Closes it, which ends its settings and locks.
    pub fn discard(mut self) {
        if self.conn.take().is_some() {
            self.home.of(self.sort).open.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Checkpoints the write-ahead log as far as readers allow. This waits for the disk.
    fn fold(&self) {
        if let Err(error) = self.conn().query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) {
            tracing::warn!(%error, "the write-ahead log could not be folded back");
        }
    }

    fn run(&self, statement: &'static str) -> Result<()> {
        let done = self.conn().prepare_cached(statement).and_then(|mut statement| statement.execute([]));
        let done = done.map(drop).map_err(DbError::from);
        self.home.refusals.note(&done);
        done
    }

    /// Runs a statement to its end. Returns the number of changed rows.
    pub fn execute(&self, text: &str, values: &[Value]) -> Result<u64> {
        self.each(text, values, |_| Ok(true))?;
        Ok(self.conn().changes())
    }

    /// Row by row; `false` stops.
    pub fn each(&self, text: &str, values: &[Value], f: impl FnMut(&rusqlite::Row<'_>) -> Result<bool>) -> Result<()> {
        let done = self.step(text, values, f);
        self.home.refusals.note(&done);
        done
    }

    fn step(&self, text: &str, values: &[Value], mut f: impl FnMut(&rusqlite::Row<'_>) -> Result<bool>) -> Result<()> {
        let mut statement = self.conn().prepare_cached(text)?;
        let mut rows = statement.query(params_from_iter(values))?;
        let _deadline = Deadline::set();
        while let Some(row) = rows.next()? {
            if !f(row)? {
                break;
            }
        }
        Ok(())
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(v) => ValueRef::Integer(*v),
            Value::Float(v) => ValueRef::Real(*v),
            Value::Text(v) => ValueRef::Text(v.as_bytes()),
            Value::Bytes(v) => ValueRef::Blob(v),
        }))
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(conn) = self.conn.take() else { return };
        // If ROLLBACK fails, there is nothing to roll back any more. Otherwise the connection is closed, which also
        // rolls back.
        if self.in_transaction && conn.execute_batch("ROLLBACK").is_err() && !conn.is_autocommit() {
            self.home.of(self.sort).open.fetch_sub(1, Ordering::Relaxed);
            return;
        }
        self.home.of(self.sort).idle().push(conn);
    }
}
