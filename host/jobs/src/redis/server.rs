//! The connection to Redis. It is opened at first use, and again after every loss.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ::redis::aio::MultiplexedConnection;
use ::redis::{
    AsyncConnectionConfig, Cmd, ErrorKind, FromRedisValue, Pipeline, RedisError, ScriptInvocation, ServerErrorKind,
    Value, cmd,
};

use super::place::Redis;
use crate::clock::ms;
use crate::{JobsError, Result};

/// If Redis does not answer for this long, it counts as away.
const ANSWER: Duration = Duration::from_secs(5);
/// The time limit for a new connection.
const CONNECT: Duration = Duration::from_secs(3);

/// How long a server that replicates to no other one must be known before an addition to it counts: one that was deposed
/// while it was frozen learns of it in less time.
const ALONE: Duration = Duration::from_secs(5);
/// How long an addition waits until a replica has it.
const REPLICATE: Duration = Duration::from_secs(1);

/// The server that is responsible for a queue.
pub(super) struct Server {
    redis: Redis,
    /// A key by which the responsible server is found.
    key: String,
    link: Mutex<Option<Link>>,
    opening: tokio::sync::Mutex<()>,
}

/// An open connection. Clones share it, and are replaced together.
#[derive(Clone)]
struct Link {
    connection: MultiplexedConnection,
    state: Arc<State>,
}

struct State {
    opened: Instant,
}

impl Server {
    pub(super) fn new(redis: Redis, key: String) -> Server {
        Server { redis, key, link: Mutex::default(), opening: tokio::sync::Mutex::default() }
    }

    pub(super) fn is_cluster(&self) -> bool {
        self.redis.is_cluster()
    }

    pub(super) async fn run<T: FromRedisValue>(&self, command: &Cmd) -> Result<T> {
        let mut link = self.link().await?;
        let work = command.query_async(&mut link.connection);
        self.answer(&link.state, work).await
    }

    pub(super) async fn pipe<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T> {
        let mut link = self.link().await?;
        let work = commands.query_async(&mut link.connection);
        self.answer(&link.state, work).await
    }

    pub(super) async fn call<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T> {
        let mut link = self.link().await?;
        let work = script.invoke_async(&mut link.connection);
        self.answer(&link.state, work).await
    }

    /// The same, and waits until a replica has what was written: a server that takes over knows it then.
    pub(super) async fn call_safely(&self, script: &ScriptInvocation<'_>) -> Result<()> {
        let mut link = self.link().await?;
        let work = async {
            script.invoke_async::<()>(&mut link.connection).await?;
            if !self.redis.fails_over() {
                return Ok(true);
            }
            let replicated: u64 = cmd("WAIT").arg(1).arg(ms(REPLICATE)).query_async(&mut link.connection).await?;
            if replicated > 0 {
                return Ok(true);
            }
            let role: (String, i64, Vec<Value>) = cmd("ROLE").query_async(&mut link.connection).await?;
            Ok(role.2.is_empty() && link.state.opened.elapsed() >= ALONE)
        };
        match self.answer(&link.state, work).await? {
            true => Ok(()),
            false => Err(JobsError::Unavailable("Redis: no replica has what was written".into())),
        }
    }

    /// A connection of its own for commands that wait. It has no limit for the answer.
    pub(super) async fn waiting(&self) -> Result<MultiplexedConnection, RedisError> {
        let config = AsyncConnectionConfig::new().set_response_timeout(None);
        self.redis.client(&self.key).await?.get_multiplexed_async_connection_with_config(&config).await
    }

    /// Waits for an answer. A connection that fails or does not answer is not used again.
    async fn answer<T>(&self, link: &Arc<State>, work: impl Future<Output = Result<T, RedisError>>) -> Result<T> {
        let error = match tokio::time::timeout(ANSWER, work).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => error,
            Err(_) => {
                self.drop_link(link);
                return Err(JobsError::Unavailable(format!("Redis: no answer within {} s", ANSWER.as_secs())));
            }
        };
        // An answer of a server that is no longer responsible, or a broken connection. Only a refusal is about the command.
        if error.kind() != ErrorKind::Server(ServerErrorKind::ResponseError) {
            self.drop_link(link);
        }
        // Only time helps against any error of Redis, such as one that is loading or out of memory.
        Err(JobsError::Unavailable(format!("Redis: {error}")))
    }

    fn drop_link(&self, broken: &Arc<State>) {
        let mut link = self.link.lock().expect("no panic while held");
        if link.as_ref().is_some_and(|link| Arc::ptr_eq(&link.state, broken)) {
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
        let mut connection = match tokio::time::timeout(CONNECT, self.waiting()).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return Err(JobsError::Unavailable(format!("Redis: {error}"))),
            Err(_) => return Err(JobsError::Unavailable("Redis: cannot be reached".into())),
        };
        for (setting, value) in forgetful(&mut connection).await {
            tracing::warn!(setting, value, "Redis may lose jobs: change this setting");
        }
        let link = Link { connection, state: Arc::new(State { opened: Instant::now() }) };
        *self.link.lock().expect("no panic while held") = Some(link.clone());
        Ok(link)
    }
}

/// Settings of Redis, with their values, that lose acknowledged jobs: at a restart without the append-only file, and
/// under memory pressure with an eviction policy.
pub(super) async fn forgetful(connection: &mut MultiplexedConnection) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for (setting, wanted) in [("appendonly", "yes"), ("maxmemory-policy", "noeviction")] {
        let ask = cmd("CONFIG").arg("GET").arg(setting).to_owned();
        let answer = tokio::time::timeout(CONNECT, ask.query_async::<Vec<String>>(connection)).await;
        match answer.as_ref().map(|answer| answer.as_deref()) {
            Ok(Ok([_, value])) if value == wanted => {}
            Ok(Ok([_, value])) => found.push((setting, value.clone())),
            _ => tracing::debug!(setting, "Redis does not tell this setting"),
        }
    }
    found
}
