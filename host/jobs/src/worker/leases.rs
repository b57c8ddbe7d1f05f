//! The leases of a lane's running jobs. All are renewed in one call.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout_at};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Lease, Queue};

/// The leases by job and token: while a run that has lost its lease is being stopped, the same job may run again.
#[derive(Default)]
pub(super) struct Leases(Mutex<HashMap<(Uuid, Uuid), Held>>);

struct Held {
    lease: Lease,
    until: Instant,
    lost: CancellationToken,
}

/// A lease while its job runs. It is renewed until this is dropped.
pub(super) struct Hold {
    leases: Arc<Leases>,
    key: (Uuid, Uuid),
    lost: CancellationToken,
}

impl Hold {
    /// Returns when the lease is lost: the queue refused to renew it, or was away for too long.
    pub async fn lost(&self) {
        self.lost.cancelled().await;
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.leases.all().remove(&self.key);
    }
}

impl Leases {
    fn all(&self) -> MutexGuard<'_, HashMap<(Uuid, Uuid), Held>> {
        self.0.lock().expect("no panic while held")
    }

    /// Keeps this lease, which ends at `until` if it is not renewed.
    pub fn hold(self: &Arc<Self>, lease: &Lease, until: Instant) -> Hold {
        let (key, lost) = ((lease.id, lease.token), CancellationToken::new());
        self.all().insert(key, Held { lease: lease.clone(), until, lost: lost.clone() });
        Hold { leases: self.clone(), key, lost }
    }

    /// Renews the leases after each third of their time. Never returns.
    pub async fn keep(&self, queue: &dyn Queue, name: &str) {
        let length = queue.settings().lease;
        let mut ticks = interval(length / 3);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks.tick().await;
        loop {
            // A lease that is taken meanwhile ends after the next tick.
            let first = self.live().map(|(until, _)| until).min().unwrap_or_else(|| Instant::now() + length);
            tokio::select! {
                _ = ticks.tick() => self.renew(queue, name, first).await,
                () = sleep_until(first) => {}
            }
            let now = Instant::now();
            self.all().values().filter(|held| held.until <= now).for_each(|held| held.lost.cancel());
        }
    }

    fn live(&self) -> impl Iterator<Item = (Instant, Lease)> {
        let held = self.all();
        let live = held.values().filter(|held| !held.lost.is_cancelled());
        live.map(|held| (held.until, held.lease.clone())).collect::<Vec<_>>().into_iter()
    }

    /// Waits for the answer until the first lease ends.
    async fn renew(&self, queue: &dyn Queue, name: &str, first: Instant) {
        let leases: Vec<Lease> = self.live().map(|(_, lease)| lease).collect();
        if leases.is_empty() {
            return;
        }
        let until = Instant::now() + queue.settings().lease;
        match timeout_at(first, queue.renew_all(name, &leases)).await {
            Ok(Ok(answers)) => {
                let mut held = self.all();
                for (lease, renewed) in leases.iter().zip(answers) {
                    match held.get_mut(&(lease.id, lease.token)) {
                        Some(held) if renewed => held.until = until,
                        Some(held) => held.lost.cancel(),
                        // Its job has ended meanwhile.
                        None => {}
                    }
                }
            }
            Ok(Err(error)) => tracing::warn!(queue = name, %error, "leases not renewed"),
            Err(_) => tracing::warn!(queue = name, "leases not renewed: no answer in time"),
        }
    }
}
