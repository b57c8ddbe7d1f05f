//! Live messages between the parts and processes of the host, for connected browsers. They are not stored. One process
//! uses a broadcast channel; several processes use Redis.

use std::sync::Arc;

use afpi_core::id::UserId;
use redis::AsyncCommands;
use redis::aio::MultiplexedConnection;
use serde::{Deserialize, Serialize};
use tokio::sync::{broadcast, mpsc};

/// The Redis channel.
const CHANNEL: &str = "afpi:bus";

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
    /// Connects lazily, and again after every loss. Without Redis it reaches only this process.
    pub fn new(redis_url: Option<&str>) -> Bus {
        let (here, _) = broadcast::channel(256);
        let elsewhere = redis_url.and_then(|url| redis::Client::open(url).ok()).map(|client| {
            let (sender, receiver) = mpsc::channel(256);
            tokio::spawn(publish(client.clone(), receiver, here.clone()));
            tokio::spawn(subscribe(client, here.clone()));
            sender
        });
        Bus { here, elsewhere }
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

async fn publish(
    client: redis::Client,
    mut events: mpsc::Receiver<Arc<BusEvent>>,
    here: broadcast::Sender<Arc<BusEvent>>,
) {
    let mut connection = None;
    while let Some(event) = events.recv().await {
        // A connection that broke while idle fails only now. A second try gets a new one.
        let mut said = say(&client, &mut connection, &event).await;
        if said.is_err() {
            connection = None;
            said = say(&client, &mut connection, &event).await;
        }
        if let Err(error) = said {
            tracing::debug!(error.cause = %error, "Redis is away: news reaches this process only");
            connection = None;
            drop(here.send(event));
        }
    }
}

async fn say(
    client: &redis::Client,
    connection: &mut Option<MultiplexedConnection>,
    event: &BusEvent,
) -> redis::RedisResult<()> {
    let text = serde_json::to_string(event).map_err(std::io::Error::other)?;
    let open = match connection {
        Some(open) => open,
        None => connection.insert(client.get_multiplexed_async_connection().await?),
    };
    open.publish(CHANNEL, text).await
}

async fn subscribe(client: redis::Client, here: broadcast::Sender<Arc<BusEvent>>) {
    use futures::StreamExt;
    loop {
        if let Ok(mut pubsub) = client.get_async_pubsub().await
            && pubsub.subscribe(CHANNEL).await.is_ok()
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
