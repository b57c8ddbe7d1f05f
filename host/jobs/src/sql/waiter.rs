//! Waits on the SQL queue. A signal reports changes within the process, and polling finds all others.

use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::watch;

use crate::{Result, Waiter};

pub(super) struct SqlWaiter(watch::Receiver<u64>);

impl SqlWaiter {
    pub(super) fn new(work: watch::Receiver<u64>) -> SqlWaiter {
        SqlWaiter(work)
    }
}

#[async_trait]
impl Waiter for SqlWaiter {
    async fn wait(&mut self, at_most: Duration) -> Result<()> {
        match tokio::time::timeout(at_most, self.0.changed()).await {
            Ok(Ok(())) | Err(_) => {}
            // The queue is gone, so only the time can end the wait.
            Ok(Err(_)) => tokio::time::sleep(at_most).await,
        }
        Ok(())
    }
}
