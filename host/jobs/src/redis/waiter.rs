//! Waits on Redis. BullMQ adds a marker when a queue gets work, and one waiting process removes it.

use std::sync::Arc;
use std::time::Duration;

use ::redis::aio::MultiplexedConnection;
use ::redis::{RedisError, cmd};
use async_trait::async_trait;
use futures::FutureExt;
use futures::future::BoxFuture;

use super::server::Server;
use crate::{JobsError, Result, Waiter, now_ms};

type Popped = Result<(MultiplexedConnection, Option<(String, String, f64)>), RedisError>;

/// A separate connection, because a blocked connection cannot answer other commands.
pub(super) struct RedisWaiter {
    server: Arc<Server>,
    marker: String,
    connection: Option<MultiplexedConnection>,
    /// The pending request for a marker. It is kept if the caller drops the wait. Otherwise the answer and its marker
    /// would be lost.
    asked: Option<BoxFuture<'static, Popped>>,
    /// The due time of the next delayed job (epoch ms), which a marker contained.
    due: Option<i64>,
}

impl RedisWaiter {
    pub(super) fn new(server: Arc<Server>, marker: String) -> RedisWaiter {
        RedisWaiter { server, marker, connection: None, asked: None, due: None }
    }

    fn ask(&self, at_most: Duration) -> BoxFuture<'static, Popped> {
        let (server, marker, connection) = (self.server.clone(), self.marker.clone(), self.connection.clone());
        async move {
            let mut connection = match connection {
                Some(connection) => connection,
                None => server.waiting().await?,
            };
            // A timeout of zero would wait for ever.
            let seconds = at_most.as_secs_f64().max(0.01);
            let popped = cmd("BZPOPMIN").arg(marker).arg(seconds).query_async(&mut connection).await?;
            Ok((connection, popped))
        }
        .boxed()
    }
}

#[async_trait]
impl Waiter for RedisWaiter {
    async fn wait(&mut self, at_most: Duration) -> Result<()> {
        let until_due = self.due.map(|at| Duration::from_millis(u64::try_from(at - now_ms()).unwrap_or(0)));
        if until_due.is_some_and(|d| d.is_zero()) {
            self.due = None;
            return Ok(());
        }
        let pause = until_due.map_or(at_most, |d| d.min(at_most));
        if self.asked.is_none() {
            self.asked = Some(self.ask(pause));
        }
        let Some(asked) = &mut self.asked else { return Ok(()) };
        let Ok(answer) = tokio::time::timeout(pause + Duration::from_secs(2), asked).await else {
            // Redis no longer answers, so the next wait uses a new connection.
            (self.asked, self.connection) = (None, None);
            return Err(JobsError::Unavailable("Redis: no answer".into()));
        };
        self.asked = None;
        match answer {
            Ok((connection, popped)) => {
                self.connection = Some(connection);
                // Score 0 means work now. Otherwise it is the due time of a delayed job, which this waiter remembers.
                if let Some((_, _, score)) = popped.filter(|(_, _, score)| *score > now_ms() as f64) {
                    self.due = Some(score as i64);
                }
                Ok(())
            }
            Err(error) => {
                self.connection = None;
                Err(JobsError::Unavailable(format!("Redis: {error}")))
            }
        }
    }
}
