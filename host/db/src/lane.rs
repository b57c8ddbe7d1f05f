//! MariaDB's connections, kept at hand. sqlx's pool opens, tests and counts them; but it tests each one twice per use, in tasks of their own,
//! which costs ten times what a small query does. So those that came back whole wait here and are taken again untested; one that
//! rested for long goes back to the pool, which finds out, and one left in the middle of a statement is closed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx::{Executor as _, MySql, MySqlConnection, Pool};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{DbError, Result};

/// How long a caller waits for a connection before the answer is “unavailable”.
pub(crate) const PATIENCE: Duration = Duration::from_secs(4);

/// One that rested longer is tested first: the server may have gone away meanwhile.
const TRUSTED: Duration = Duration::from_secs(5);

async fn run(conn: &mut MySqlConnection, statement: &'static str) -> Result<(), sqlx::Error> {
    conn.execute(sqlx::raw_sql(statement)).await.map(drop)
}

/// A pool and the connections kept in front of it. Cloning shares them.
#[derive(Clone)]
pub(crate) struct Lane(Arc<Shared>);

struct Shared {
    pool: Pool<MySql>,
    /// Last in, first out: what is not needed grows old.
    kept: Mutex<Vec<(PoolConnection<MySql>, Instant)>>,
    /// As many as the pool may open, so that nobody waits inside the pool for one that lies here.
    places: Arc<Semaphore>,
}

impl Lane {
    pub fn new(pool: Pool<MySql>) -> Self {
        let places = Arc::new(Semaphore::new(pool.options().get_max_connections() as usize));
        Lane(Arc::new(Shared { pool, kept: Mutex::default(), places }))
    }

    /// A connection, as soon as one is free.
    pub async fn take(&self) -> Result<Lease> {
        let place = tokio::time::timeout(PATIENCE, self.0.places.clone().acquire_owned()).await;
        let Ok(Ok(place)) = place else {
            return Err(DbError::Unavailable(format!("no connection became free in {PATIENCE:?}")));
        };
        let kept = self.0.kept().pop();
        let conn = match kept {
            Some((conn, since)) if since.elapsed() < TRUSTED => conn,
            old => {
                drop(old);
                self.0.pool.acquire().await?
            }
        };
        Ok(Lease {
            conn: Some(conn),
            state: State::Idle,
            in_transaction: false,
            home: self.0.clone(),
            place: Some(place),
        })
    }

    /// Open, idle, and most connections.
    pub fn stats(&self) -> (u32, u32, u32) {
        let kept = self.0.kept().len();
        (self.0.pool.size(), (self.0.pool.num_idle() + kept) as u32, self.0.pool.options().get_max_connections())
    }

    pub async fn close(&self) {
        let closing = self.0.pool.close();
        self.0.kept().clear();
        closing.await;
    }
}

impl Shared {
    fn kept(&self) -> MutexGuard<'_, Vec<(PoolConnection<MySql>, Instant)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // Taken out of the pool's hands, which would want a runtime to be closed in.
        self.kept().drain(..).for_each(|(conn, _)| drop(conn.detach()));
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Idle,
    /// A statement is under way; still so on drop means that its caller went away.
    Busy,
    Broken,
}

/// A connection in use.
pub(crate) struct Lease {
    /// Taken on drop.
    conn: Option<PoolConnection<MySql>>,
    state: State,
    in_transaction: bool,
    home: Arc<Shared>,
    place: Option<OwnedSemaphorePermit>,
}

impl Lease {
    /// For one statement, followed by [`Lease::settle`].
    pub fn conn(&mut self) -> &mut MySqlConnection {
        self.state = State::Busy;
        self.conn.as_mut().expect("only drop takes it")
    }

    /// How the statement ended.
    pub fn settle<T>(&mut self, result: Result<T>) -> Result<T> {
        self.state = if matches!(result, Err(DbError::Unavailable(_))) { State::Broken } else { State::Idle };
        result
    }

    pub async fn begin(&mut self) -> Result<()> {
        // Before it is so: whoever goes away meanwhile leaves one that must be rolled back.
        self.in_transaction = true;
        let begun = run(self.conn(), "BEGIN").await;
        self.settle(begun.map_err(DbError::from))
    }

    /// Ends the transaction with `COMMIT` or `ROLLBACK`. A failed one is rolled back on drop.
    pub async fn end(mut self, how: &'static str) -> Result<()> {
        let ended = run(self.conn(), how).await;
        self.settle(ended.map_err(DbError::from))?;
        self.in_transaction = false;
        Ok(())
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(mut conn) = self.conn.take() else { return };
        if self.state == State::Busy {
            // Its answer is still to come, and half a packet may be on its way: closed, the server rolls back by itself. To wait for
            // the end of what nobody wants could be for ever.
            return drop(conn.detach());
        }
        if self.state == State::Broken {
            // The others were opened to the same server.
            self.home.kept().clear();
        }
        if self.in_transaction {
            let Ok(runtime) = tokio::runtime::Handle::try_current() else { return drop(conn.detach()) };
            let place = self.place.take();
            runtime.spawn(async move {
                match tokio::time::timeout(PATIENCE, run(&mut conn, "ROLLBACK")).await {
                    // Also where it was refused, there being none any more: the pool tests what comes back.
                    Ok(_) => drop(conn),
                    Err(_) => drop(conn.detach()),
                }
                drop(place);
            });
        } else if self.state == State::Idle && !self.home.pool.is_closed() {
            self.home.kept().push((conn, Instant::now()));
        }
    }
}
