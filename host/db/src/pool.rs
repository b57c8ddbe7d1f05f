//! A database of either engine: its connections and the operations on the whole.

use std::future::Future;
use std::path::Path;
use std::str::FromStr;
use std::time::{Duration, Instant};

use sqlx::ConnectOptions;
use sqlx::mysql::MySqlConnectOptions;

use crate::conn::Inner;
use crate::embedded::File;
use crate::lane::Lane;
use crate::replica::Replica;
use crate::{Conn, DbError, Result, STATEMENT, Tx, migrations, sql};

/// The engine of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    MariaDb,
    Sqlite,
}

/// A database. Clones share the pools.
#[derive(Clone)]
pub struct Db {
    pools: Pools,
    replica: Option<Replica>,
}

#[derive(Clone)]
enum Pools {
    MariaDb(Lane),
    Sqlite(File),
}

/// The load of the pools.
#[derive(Debug, Clone, Copy)]
pub struct PoolStats {
    pub open: u32,
    pub idle: u32,
    pub max: u32,
}

impl Db {
    /// Opens `mysql://user:password@host:port/name` (MariaDB 10.6 or newer) or `sqlite://path` (created when missing).
    /// MariaDB pools connect on first use, so this succeeds while the server is away.
    pub async fn connect(url: &str, max_connections: u32) -> Result<Db> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = Path::new(path.strip_prefix("//").unwrap_or(path));
            return Ok(Db { pools: Pools::Sqlite(File::open(path, max_connections)?), replica: None });
        }
        Ok(Db { pools: Pools::MariaDb(lane(url, max_connections)?), replica: None })
    }

    /// The same database with a replica for [`Db::stale`], at `mysql://…`. Each commit then also asks for its place in
    /// the sequence of transactions, so that its author reads nothing older.
    pub fn with_replica(self, url: &str, max_connections: u32) -> Result<Db> {
        Ok(Db { replica: Some(Replica::new(lane(url, max_connections)?)), ..self })
    }

    pub(crate) fn replica(&self) -> Option<&Replica> {
        self.replica.as_ref()
    }

    /// Applies the missing migrations. Several processes may do so at once. Tables of a newer program stay as they are,
    /// if this one can use them.
    pub async fn migrate(&self) -> Result<()> {
        let standing = self.standing().await?;
        standing.check()?;
        if !standing.unknown.is_empty() {
            tracing::info!(
                schema = standing.applied,
                known = standing.newest,
                "the tables are those of a newer program"
            );
            return Ok(());
        }
        self.migrate_to(migrations::NEWEST).await
    }

    /// Applies the missing migrations up to this number.
    pub(crate) async fn migrate_to(&self, last: i64) -> Result<()> {
        match &self.pools {
            Pools::MariaDb(lane) => migrations::run(lane.take().await?, last).await,
            Pools::Sqlite(file) => migrations::run_embedded(file.write().await?, last).await,
        }
    }

    /// A connection for reading. On SQLite it cannot write.
    pub async fn read(&self) -> Result<Conn> {
        Ok(Conn(match &self.pools {
            Pools::MariaDb(lane) => Inner::MariaDb(lane.take().await?),
            Pools::Sqlite(file) => Inner::Sqlite(file.read().await?),
        }))
    }

    /// A transaction for writing. On SQLite there is one at a time.
    pub async fn begin(&self) -> Result<Tx> {
        Tx::begin(self.writer().await?, self.replica.is_some()).await
    }

    /// The connection that can write, outside a transaction.
    pub(crate) async fn writer(&self) -> Result<Conn> {
        Ok(Conn(match &self.pools {
            Pools::MariaDb(lane) => Inner::MariaDb(lane.take().await?),
            Pools::Sqlite(file) => Inner::Sqlite(file.write().await?),
        }))
    }

    /// Checks that the database answers.
    pub async fn ping(&self) -> Result<()> {
        let mut conn = self.read().await?;
        sql("SELECT 1").scalar::<i64>(&mut conn).await.map(drop)
    }

    /// Was a write refused in the last seconds because the disk is full or the database is read-only? A small write may
    /// still succeed where a larger one does not.
    pub fn refused_lately(&self) -> bool {
        match &self.pools {
            Pools::MariaDb(lane) => lane.refusals().lately(),
            Pools::Sqlite(file) => file.refusals().lately(),
        }
    }

    /// The engine.
    pub fn backend(&self) -> Backend {
        match self.pools {
            Pools::MariaDb(_) => Backend::MariaDb,
            Pools::Sqlite(_) => Backend::Sqlite,
        }
    }

    /// Pool figures for the metrics.
    pub fn stats(&self) -> PoolStats {
        let (open, idle, max) = match &self.pools {
            Pools::MariaDb(lane) => lane.stats(),
            Pools::Sqlite(file) => file.stats(),
        };
        PoolStats { open, idle, max }
    }

    /// Closes the pools. On SQLite this checkpoints the write-ahead log.
    pub async fn close(&self) {
        match &self.pools {
            Pools::MariaDb(lane) => lane.close().await,
            Pools::Sqlite(file) => file.close().await,
        }
    }
}

fn lane(url: &str, max_connections: u32) -> Result<Lane> {
    let options = MySqlConnectOptions::from_str(url)?.log_statements(tracing::log::LevelFilter::Trace);
    Ok(Lane::new(options, max_connections))
}

/// Runs a whole transaction again after a collision, at most five times with short random waits, and not when the
/// caller has already waited long.
pub async fn retry<T, E, F, Fut>(mut run: F) -> Result<T, E>
where
    E: AsContention,
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    let (mut attempt, started) = (0u64, Instant::now());
    loop {
        match run().await {
            Err(error) if attempt < 5 && started.elapsed() < STATEMENT && error.is_contention() => {
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
