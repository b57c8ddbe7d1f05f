//! Live messages between the parts and processes of the host, for connected browsers. They are not stored. One process
//! uses a broadcast channel; several processes use Redis.

use std::sync::Arc;

use afpi_core::id::UserId;
use afpi_jobs::Redis;
use redis::AsyncCommands;
use redis::aio::MultiplexedConnection;
use serde::{Deserialize, Serialize};
use tokio::sync::{broadcast, mpsc};

/// A message.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "topic")]
pub enum BusEvent {
    /// This person has new notifications (or has read some).
    Notified { user: UserId },
    /// This person's account has changed: rights, sessions.
    Account { user: UserId },
    /// The state of a run has changed.
    Sync { run: serde_json::Value },
}

/// The bus of this process.
#[derive(Clone)]
pub struct Bus {
    here: broadcast::Sender<Arc<BusEvent>>,
    elsewhere: Option<mpsc::Sender<Arc<BusEvent>>>,
}

impl Bus {
    /// A bus of this process alone.
    pub fn alone() -> Bus {
        Bus { here: broadcast::channel(256).0, elsewhere: None }
    }

    /// A bus of all processes of this installation. Connects lazily, and again after every loss. While Redis is away it
    /// reaches only this process.
    pub fn over(redis: Redis, installation: &str) -> Bus {
        let (here, _) = broadcast::channel(256);
        let line = Line { redis, channel: format!("{{afpi-{installation}}}:bus") };
        let (sender, receiver) = mpsc::channel(256);
        tokio::spawn(publish(line.clone(), receiver, here.clone()));
        tokio::spawn(subscribe(line, here.clone()));
        Bus { here, elsewhere: Some(sender) }
    }

    /// Sends a message. Never waits: a slow or absent listener reads the tables anyway.
    pub fn publish(&self, event: BusEvent) {
        let event = Arc::new(event);
        match &self.elsewhere {
            // Comes back through the subscription, like the messages of other processes.
            Some(sender) if sender.try_send(event.clone()).is_ok() => {}
            _ => drop(self.here.send(event)),
        }
    }

    /// Subscribes from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<BusEvent>> {
        self.here.subscribe()
    }
}

/// The channel of an installation. In a cluster it is used on the node of the installation's keys.
#[derive(Clone)]
struct Line {
    redis: Redis,
    channel: String,
}

async fn publish(line: Line, mut events: mpsc::Receiver<Arc<BusEvent>>, here: broadcast::Sender<Arc<BusEvent>>) {
    let mut connection = None;
    while let Some(event) = events.recv().await {
        // A connection that broke while idle fails only now. A second try gets a new one.
        let mut said = say(&line, &mut connection, &event).await;
        if said.is_err() {
            connection = None;
            said = say(&line, &mut connection, &event).await;
        }
        if let Err(error) = said {
            tracing::debug!(error.cause = %error, "Redis is away: news reaches this process only");
            connection = None;
            drop(here.send(event));
        }
    }
}

async fn say(line: &Line, connection: &mut Option<MultiplexedConnection>, event: &BusEvent) -> redis::RedisResult<()> {
    let text = serde_json::to_string(event).map_err(std::io::Error::other)?;
    let open = match connection {
        Some(open) => open,
        None => connection.insert(line.redis.client(&line.channel).await?.get_multiplexed_async_connection().await?),
    };
    open.publish(&line.channel, text).await
}

async fn subscribe(line: Line, here: broadcast::Sender<Arc<BusEvent>>) {
    use futures::StreamExt;
    loop {
        if let Ok(client) = line.redis.client(&line.channel).await
            && let Ok(mut pubsub) = client.get_async_pubsub().await
            && pubsub.subscribe(&line.channel).await.is_ok()
        {
            let mut messages = pubsub.on_message();
            while let Some(message) = messages.next().await {
                let event = message.get_payload::<String>().ok().and_then(|text| serde_json::from_str(&text).ok());
                if let Some(event) = event {
                    drop(here.send(Arc::new(event)));
                }
            }
        }
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
}
