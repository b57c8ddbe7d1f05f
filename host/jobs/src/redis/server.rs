//! The connection to Redis. It is opened at first use, and again after every loss.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::redis::aio::MultiplexedConnection;
use ::redis::{AsyncConnectionConfig, Client, Cmd, FromRedisValue, Pipeline, RedisError, ScriptInvocation, cmd};

use crate::{JobsError, Result};

/// If Redis does not answer for this long, it counts as away.
const ANSWER: Duration = Duration::from_secs(5);
/// The time limit for a new connection.
const CONNECT: Duration = Duration::from_secs(3);

/// A Redis server.
pub(super) struct Server {
    client: Client,
    link: Mutex<Option<Link>>,
    opening: tokio::sync::Mutex<()>,
}

/// An open connection. Clones share it, and are replaced together.
#[derive(Clone)]
struct Link {
    connection: MultiplexedConnection,
    identity: Arc<()>,
}

impl Server {
    pub(super) fn new(url: &str) -> Result<Server> {
        let client = Client::open(url).map_err(|error| JobsError::Refused(format!("Redis address: {error}")))?;
        Ok(Server { client, link: Mutex::default(), opening: tokio::sync::Mutex::default() })
    }

    pub(super) async fn run<T: FromRedisValue>(&self, command: &Cmd) -> Result<T> {
        let mut link = self.link().await?;
        let work = command.query_async(&mut link.connection);
        self.answer(&link.identity, work).await
    }

    pub(super) async fn pipe<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T> {
        let mut link = self.link().await?;
        let work = commands.query_async(&mut link.connection);
        self.answer(&link.identity, work).await
    }

    pub(super) async fn call<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T> {
        let mut link = self.link().await?;
        let work = script.invoke_async(&mut link.connection);
        self.answer(&link.identity, work).await
    }

    /// A connection of its own for commands that wait. It has no limit for the answer.
    pub(super) async fn waiting(&self) -> Result<MultiplexedConnection, RedisError> {
        let config = AsyncConnectionConfig::new().set_response_timeout(None);
        self.client.get_multiplexed_async_connection_with_config(&config).await
    }

    /// Waits for an answer. A connection that fails or does not answer is not used again.
    async fn answer<T>(&self, link: &Arc<()>, work: impl Future<Output = Result<T, RedisError>>) -> Result<T> {
        let error = match tokio::time::timeout(ANSWER, work).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => error,
            Err(_) => {
                self.drop_link(link);
                return Err(JobsError::Unavailable(format!("Redis: no answer within {} s", ANSWER.as_secs())));
            }
        };
        if error.is_unrecoverable_error() || error.is_io_error() {
            self.drop_link(link);
        }
        // Only time helps against any other error of Redis too, such as one that is loading or out of memory.
        Err(JobsError::Unavailable(format!("Redis: {error}")))
    }

    fn drop_link(&self, broken: &Arc<()>) {
        let mut link = self.link.lock().expect("no panic while held");
        if link.as_ref().is_some_and(|link| Arc::ptr_eq(&link.identity, broken)) {
            *link = None;
        }
    }

    fn open_link(&self) -> Option<Link> {
        self.link.lock().expect("no panic while held").clone()
    }

    async fn link(&self) -> Result<Link> {
        if let Some(link) = self.open_link() {
            return Ok(link);
        }
        let _one_at_a_time = self.opening.lock().await;
        if let Some(link) = self.open_link() {
            return Ok(link);
        }
        let config = AsyncConnectionConfig::new().set_response_timeout(None);
        let open = self.client.get_multiplexed_async_connection_with_config(&config);
        let mut connection = match tokio::time::timeout(CONNECT, open).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return Err(JobsError::Unavailable(format!("Redis: {error}"))),
            Err(_) => return Err(JobsError::Unavailable("Redis: cannot be reached".into())),
        };
        warn_if_forgetful(&mut connection).await;
        let link = Link { connection, identity: Arc::default() };
        *self.link.lock().expect("no panic while held") = Some(link.clone());
        Ok(link)
    }
}

/// Warns about settings of Redis that lose acknowledged jobs: at a restart without the append-only file, and under
/// memory pressure with an eviction policy.
async fn warn_if_forgetful(connection: &mut MultiplexedConnection) {
    for (setting, wanted) in [("appendonly", "yes"), ("maxmemory-policy", "noeviction")] {
        let ask = cmd("CONFIG").arg("GET").arg(setting).to_owned();
        let answer = tokio::time::timeout(CONNECT, ask.query_async::<Vec<String>>(connection)).await;
        match answer.as_ref().map(|answer| answer.as_deref()) {
            Ok(Ok([_, value])) if value == wanted => {}
            Ok(Ok([_, value])) => tracing::warn!(setting, value, wanted, "Redis may lose jobs: change this setting"),
            _ => tracing::debug!(setting, "Redis does not tell this setting"),
        }
    }
}
