//! A read-only copy of the database on another server, which is a moment behind. What may be a moment old is read
//! there; whoever has just written something reads at least that.

use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout};

use crate::conn::Inner;
use crate::lane::Lane;
use crate::{Conn, Db, Result, meter, sql};

/// How long a read waits for the replica to have what its reader wrote.
const CATCH_UP: Duration = Duration::from_millis(50);
/// How long a connection to the replica may take. The primary is there, so nobody waits long.
const CONNECT: Duration = Duration::from_millis(500);
/// After a failure the replica is left alone for this long.
const AWAY: Duration = Duration::from_secs(5);
/// A replica that is further behind is not read.
const MOST_LAG: Duration = Duration::from_secs(30);

/// A place in the sequence of committed transactions: MariaDB's GTID, `<domain>-<server>-<sequence>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    domain: u32,
    server: u32,
    sequence: u64,
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}-{}", self.domain, self.server, self.sequence)
    }
}

impl Position {
    /// Is it a later place of the same sequence? Between two sequences nobody can tell, and the new one counts.
    pub fn is_after(&self, other: &Position) -> bool {
        self.domain != other.domain || self.sequence > other.sequence
    }
}

/// It is not written as a GTID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoPosition;

impl FromStr for Position {
    type Err = NoPosition;

    fn from_str(text: &str) -> Result<Position, NoPosition> {
        let mut parts = text.split('-');
        let mut next = || parts.next().ok_or(NoPosition);
        let (domain, server, sequence) = (next()?, next()?, next()?);
        let number = |_| NoPosition;
        let position = Position {
            domain: domain.parse().map_err(number)?,
            server: server.parse().map_err(number)?,
            sequence: sequence.parse().map_err(number)?,
        };
        if parts.next().is_some() { Err(NoPosition) } else { Ok(position) }
    }
}

/// The replica of a database. Clones share it.
#[derive(Clone)]
pub(crate) struct Replica(Arc<Shared>);

struct Shared {
    lane: Lane,
    /// The furthest place that it is known to have.
    has: Mutex<Option<Position>>,
    /// Not used before.
    not_before: Mutex<Option<Instant>>,
    /// How far it is behind, in milliseconds; `u64::MAX` while that is unknown.
    lag: AtomicU64,
    /// Places of the primary, and when it had them, oldest first.
    past: Mutex<Vec<(Instant, Position)>>,
}

impl Replica {
    pub fn new(lane: Lane) -> Replica {
        Replica(Arc::new(Shared {
            lane,
            has: Mutex::default(),
            not_before: Mutex::default(),
            lag: AtomicU64::new(0),
            past: Mutex::default(),
        }))
    }

    /// A connection to the replica once it has this place. `None` when it is away or too far behind.
    async fn read(&self, seen: Position) -> Option<Conn> {
        let shared = &self.0;
        if !self.is_read() {
            return None;
        }
        let Ok(Ok(lease)) = timeout(CONNECT, shared.lane.take()).await else {
            self.rest();
            return None;
        };
        let mut conn = Conn(Inner::MariaDb(lease));
        if self.has(seen) {
            return Some(conn);
        }
        let wait = sql("SELECT MASTER_GTID_WAIT(?, ?)").bind(seen.to_string()).bind(CATCH_UP.as_secs_f64());
        match wait.scalar::<i64>(&mut conn).await {
            Ok(0) => {
                *lock(&shared.has) = Some(seen);
                Some(conn)
            }
            Ok(_) => None,
            Err(_) => {
                self.rest();
                None
            }
        }
    }

    fn is_read(&self) -> bool {
        let resting = lock(&self.0.not_before).is_some_and(|until| Instant::now() < until);
        !resting && self.0.lag.load(Ordering::Relaxed) <= MOST_LAG.as_millis() as u64
    }

    /// Leaves it alone for a while.
    fn rest(&self) {
        // It may come back as a copy of an older state.
        *lock(&self.0.has) = None;
        *lock(&self.0.not_before) = Some(Instant::now() + AWAY);
    }

    fn has(&self, seen: Position) -> bool {
        lock(&self.0.has).is_some_and(|has| has.domain == seen.domain && has.sequence >= seen.sequence)
    }

    /// Compares its place with those that the primary had.
    async fn measure(&self, primary: &Db) -> Result<Duration> {
        let now = Instant::now();
        let here = position(&mut primary.read().await?, "SELECT @@gtid_current_pos").await?;
        let there = position(&mut Conn(Inner::MariaDb(self.0.lane.take().await?)), "SELECT @@gtid_slave_pos").await?;
        let mut past = lock(&self.0.past);
        past.extend(here.map(|here| (now, here)));
        // The first place that it does not have yet: since then it is behind.
        let reached = |place: &Position| there.is_some_and(|there| there.sequence >= place.sequence);
        let missing = past.iter().position(|(_, place)| !reached(place)).unwrap_or(past.len());
        past.drain(..missing);
        Ok(past.first().map_or(Duration::ZERO, |(since, _)| now - *since))
    }
}

async fn position(conn: &mut Conn, query: &'static str) -> Result<Option<Position>> {
    // A list when there were several domains; the last one is that of the present primary.
    let list: String = sql(query).scalar(conn).await?;
    Ok(list.split(',').next_back().and_then(|place| place.trim().parse().ok()))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A database for reads that may be a moment old: lists, figures, exports. It cannot write.
#[derive(Clone)]
pub struct ReadDb {
    db: Db,
    /// The reader's last write. `None` when nobody knows it.
    seen: Option<Position>,
}

impl ReadDb {
    /// A connection to the replica, or to the primary when there is none, it is away, or it does not have what the
    /// reader wrote.
    pub async fn read(&self) -> Result<Conn> {
        if let Some(seen) = self.seen
            && let Some(replica) = self.db.replica()
            && let Some(conn) = replica.read(seen).await
        {
            meter::note_replica();
            return Ok(conn);
        }
        self.db.read().await
    }
}

impl Db {
    /// A view of it for reads that may be a moment old. `seen` is the reader's last write; without it, everything is read
    /// from the primary.
    pub fn stale(&self, seen: Option<Position>) -> ReadDb {
        ReadDb { db: self.clone(), seen }
    }

    pub fn has_replica(&self) -> bool {
        self.replica().is_some()
    }

    /// Is the replica near enough to be read? `true` without one.
    pub fn replica_is_read(&self) -> bool {
        self.replica().is_none_or(Replica::is_read)
    }

    /// Leaves the replica alone for some seconds: a read from it has failed.
    pub fn distrust_replica(&self) {
        if let Some(replica) = self.replica() {
            replica.rest();
        }
    }

    /// Measures how far the replica is behind. `None` without a replica; an error while one of the two is away.
    pub async fn replica_lag(&self) -> Option<Result<Duration>> {
        let replica = self.replica()?;
        let lag = replica.measure(self).await;
        let millis = lag.as_ref().map_or(u64::MAX, |lag| u64::try_from(lag.as_millis()).unwrap_or(u64::MAX));
        replica.0.lag.store(millis, Ordering::Relaxed);
        Some(lag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_written_as_mariadb_writes_it() {
        let position: Position = "0-12-345".parse().unwrap();
        assert_eq!(position, Position { domain: 0, server: 12, sequence: 345 });
        assert_eq!(position.to_string(), "0-12-345");
        for wrong in ["", "0-1", "0-1-2-3", "a-1-2", "0-1-", "0-1-2,0-2-3", "0-1--2"] {
            assert_eq!(wrong.parse::<Position>(), Err(NoPosition), "{wrong}");
        }
    }
}
