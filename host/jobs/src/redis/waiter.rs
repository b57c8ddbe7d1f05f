//! Waiting on Redis: BullMQ leaves a marker when a queue gets work, and whoever waits pops it, in whichever process.

use std::time::Duration;

use ::redis::aio::MultiplexedConnection;
use ::redis::{AsyncConnectionConfig, Client, RedisError, cmd};
use async_trait::async_trait;
use futures::FutureExt;
use futures::future::BoxFuture;

use crate::{JobsError, Result, Waiter, now_ms};

type Popped = Result<(MultiplexedConnection, Option<(String, String, f64)>), RedisError>;

/// A connection of its own, because a blocked one answers nothing else.
pub(super) struct RedisWaiter {
    url: String,
    marker: String,
    connection: Option<MultiplexedConnection>,
    /// Asked and not answered yet. Kept when the caller drops its wait, or the answer would be lost and a marker with
    /// it.
    asked: Option<BoxFuture<'static, Popped>>,
    /// When the next delayed job falls due (epoch ms), as a popped marker said.
    due: Option<i64>,
}

impl RedisWaiter {
    pub(super) fn new(url: &str, marker: String) -> RedisWaiter {
        RedisWaiter { url: url.to_owned(), marker, connection: None, asked: None, due: None }
    }

    fn ask(&self, at_most: Duration) -> BoxFuture<'static, Popped> {
        let (url, marker, connection) = (self.url.clone(), self.marker.clone(), self.connection.clone());
        async move {
            let mut connection = match connection {
                Some(connection) => connection,
                None => connect(&url).await?,
            };
            // Zero would wait for ever.
            let seconds = at_most.as_secs_f64().max(0.01);
            let popped = cmd("BZPOPMIN").arg(marker).arg(seconds).query_async(&mut connection).await?;
            Ok((connection, popped))
        }
        .boxed()
    }
}

/// The usual response timeout is shorter than a blocking pop.
async fn connect(url: &str) -> Result<MultiplexedConnection, RedisError> {
    let config = AsyncConnectionConfig::new().set_response_timeout(None);
    Client::open(url)?.get_multiplexed_async_connection_with_config(&config).await
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
            // Redis stopped answering; start over with a fresh connection.
            (self.asked, self.connection) = (None, None);
            return Err(JobsError::Unavailable("Redis: no answer".into()));
        };
        self.asked = None;
        match answer {
            Ok((connection, popped)) => {
                self.connection = Some(connection);
                // Score 0: work now; else the instant a delayed job falls due, which this waiter now keeps in mind.
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
