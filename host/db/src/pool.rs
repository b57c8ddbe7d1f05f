//! Pools: one for MariaDB; for SQLite a single writer and a few readers, because a file has one writer at a time.

use std::future::Future;
use std::str::FromStr;
use std::time::Duration;

use sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, MySqlPool, SqlitePool};

use crate::conn::Inner;
use crate::{Conn, DbError, Result, Tx, migrations, sql};

/// Which engine a database runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    MariaDb,
    Sqlite,
}

/// A database. Cloning shares the pools.
#[derive(Clone)]
pub struct Db(Pools);

#[derive(Clone)]
enum Pools {
    MariaDb(MySqlPool),
    Sqlite { read: SqlitePool, write: SqlitePool },
}

/// How busy the pools are.
#[derive(Debug, Clone, Copy)]
pub struct PoolStats {
    pub open: u32,
    pub idle: u32,
    pub max: u32,
}

/// How long a caller waits for a connection before the answer is “unavailable”.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(4);

impl Db {
    /// Opens `mysql://user:password@host:port/name` (MariaDB 10.6 or newer) or `sqlite://path` (created when missing). MariaDB
    /// pools connect on first use, so this succeeds while the server is away.
    pub async fn connect(url: &str, max_connections: u32) -> Result<Db> {
        if url.starts_with("sqlite:") {
            return Self::connect_sqlite(url, max_connections).await;
        }
        let options = MySqlConnectOptions::from_str(url)?.log_statements(tracing::log::LevelFilter::Trace);
        let pool = MySqlPoolOptions::new()
            .max_connections(max_connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .after_connect(|conn, _| {
                Box::pin(async move {
                    // READ COMMITTED: no gap locks, so inserts side by side do not deadlock; every read that a write
                    // depends on takes its row with FOR UPDATE.
                    sqlx::query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED").execute(&mut *conn).await?;
                    Ok(())
                })
            })
            .connect_lazy_with(options);
        Ok(Db(Pools::MariaDb(pool)))
    }

    async fn connect_sqlite(url: &str, readers: u32) -> Result<Db> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // WAL with NORMAL survives a killed process; only a power cut may lose the last commits.
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(Duration::from_secs(5))
            .foreign_keys(true)
            .pragma("cache_size", "-4000")
            .log_statements(tracing::log::LevelFilter::Trace);
        let write = SqlitePoolOptions::new().max_connections(1).acquire_timeout(ACQUIRE_TIMEOUT).connect_with(options.clone()).await?;
        let read = SqlitePoolOptions::new()
            .max_connections(readers.clamp(1, 8))
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_lazy_with(options.pragma("query_only", "on"));
        Ok(Db(Pools::Sqlite { read, write }))
    }

    /// Applies the migrations that are missing. Safe to run from several processes at once on MariaDB (advisory lock).
    pub async fn migrate(&self) -> Result<()> {
        match &self.0 {
            Pools::MariaDb(pool) => migrations::of(Backend::MariaDb)?.run(pool).await?,
            Pools::Sqlite { write, .. } => migrations::of(Backend::Sqlite)?.run(write).await?,
        }
        Ok(())
    }

    /// A connection for reading; on SQLite it cannot write.
    pub async fn read(&self) -> Result<Conn> {
        Ok(Conn(match &self.0 {
            Pools::MariaDb(pool) => Inner::MariaDb(pool.acquire().await?),
            Pools::Sqlite { read, .. } => Inner::Sqlite(read.acquire().await?),
        }))
    }

    /// A transaction for writing. On SQLite it takes the write lock at once (`BEGIN IMMEDIATE`): one that reads first and
    /// writes later would fail without waiting when another has written in between.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(Tx(Conn(match &self.0 {
            Pools::MariaDb(pool) => Inner::MariaDbTx(pool.begin().await?),
            Pools::Sqlite { write, .. } => Inner::SqliteTx(write.begin_with("BEGIN IMMEDIATE").await?),
        })))
    }

    /// Asks the database for an answer.
    pub async fn ping(&self) -> Result<()> {
        let mut conn = self.read().await?;
        sql("SELECT 1").scalar::<i64>(&mut conn).await.map(drop)
    }

    /// Which engine this is.
    pub fn backend(&self) -> Backend {
        match self.0 {
            Pools::MariaDb(_) => Backend::MariaDb,
            Pools::Sqlite { .. } => Backend::Sqlite,
        }
    }

    /// Pool figures for the metrics.
    pub fn stats(&self) -> PoolStats {
        match &self.0 {
            Pools::MariaDb(p) => PoolStats { open: p.size(), idle: p.num_idle() as u32, max: p.options().get_max_connections() },
            Pools::Sqlite { read, write } => PoolStats {
                open: read.size() + write.size(),
                idle: (read.num_idle() + write.num_idle()) as u32,
                max: read.options().get_max_connections() + 1,
            },
        }
    }

    /// Closes the pools; on SQLite the write-ahead log is folded back into the file.
    pub async fn close(&self) {
        match &self.0 {
            Pools::MariaDb(pool) => pool.close().await,
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
        }
    }
}

/// Runs a whole transaction again when it collided with another, at most five times with a little random waiting.
pub async fn retry<T, E, F, Fut>(mut run: F) -> Result<T, E>
where
    E: AsContention,
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    let mut attempt = 0u64;
    loop {
        match run().await {
            Err(error) if attempt < 5 && error.is_contention() => {
                attempt += 1;
                let jitter = u64::from(uuid::Uuid::now_v7().as_bytes()[15]) % 20;
                tokio::time::sleep(Duration::from_millis(attempt * 10 + jitter)).await;
            }
            other => return other,
        }
    }
}

/// An error that may be a collision of transactions.
pub trait AsContention {
    fn is_contention(&self) -> bool;
}

impl AsContention for DbError {
    fn is_contention(&self) -> bool {
        matches!(self, DbError::Contention(_))
    }
}
