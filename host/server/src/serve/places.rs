//! Who holds a connection, and which one closes when a new one comes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The places of a service. Cloning shares them.
#[derive(Clone)]
pub struct Places(Arc<Shared>);

struct Shared {
    most: usize,
    reserve: usize,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    by: HashMap<u64, Holder>,
    next: u64,
}

struct Holder {
    reserved: bool,
    /// Number of running requests.
    under_way: usize,
    /// Since when it is idle.
    since: Instant,
    /// Has it ever had a request?
    seen: bool,
    /// Cancelled when another connection needs the place.
    wanted: CancellationToken,
}

/// A connection's place, returned on drop.
pub struct Place {
    home: Arc<Shared>,
    id: u64,
    reserved: bool,
    wanted: CancellationToken,
}

/// A running request of the connection, until drop.
pub struct UnderWay(Arc<Shared>, u64);

impl Places {
    pub fn new(most: usize, reserve: usize) -> Places {
        Places(Arc::new(Shared { most, reserve, held: Mutex::default() }))
    }

    /// A place for a new connection. If all are taken, the longest idle one is asked to close. If none is idle, the new
    /// one gets a reserved place, and the oldest connection on a reserved place must close.
    pub fn take(&self) -> Place {
        let mut held = self.0.held();
        let going = |holder: &Holder| holder.wanted.is_cancelled();
        let ordinary = held.by.values().filter(|holder| !holder.reserved && !going(holder)).count();
        let reserved = ordinary >= self.0.most && !held.free_one(|holder| !holder.reserved);
        if reserved {
            let mut those: Vec<_> = held.by.iter().filter(|(_, holder)| holder.reserved && !going(holder)).collect();
            those.sort_by_key(|(id, _)| **id);
            if those.len() >= self.0.reserve
                && let Some((_, oldest)) = those.first()
            {
                oldest.wanted.cancel();
            }
        }
        let (id, wanted) = (held.next, CancellationToken::new());
        held.next += 1;
        let holder = Holder { reserved, under_way: 0, since: Instant::now(), seen: false, wanted: wanted.clone() };
        held.by.insert(id, holder);
        Place { home: self.0.clone(), id, reserved, wanted }
    }

    /// Is nobody connected?
    pub fn are_free(&self) -> bool {
        self.0.held().by.is_empty()
    }

    /// Asks the longest idle connection to close.
    pub fn free_one(&self) -> bool {
        self.0.held().free_one(|_| true)
    }
}

impl Shared {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn free_one(&self, among: impl Fn(&Holder) -> bool) -> bool {
        let resting = self.by.values().filter(|holder| holder.under_way == 0 && !holder.wanted.is_cancelled());
        let longest = resting.filter(|holder| among(holder)).min_by_key(|holder| holder.since);
        longest.inspect(|holder| holder.wanted.cancel()).is_some()
    }
}

impl Place {
    /// Is it a reserved place?
    pub fn reserved(&self) -> bool {
        self.reserved
    }

    /// Has it ever had a request?
    pub fn seen(&self) -> bool {
        self.home.held().by.get(&self.id).is_some_and(|holder| holder.seen)
    }

    /// A request begins.
    pub fn request(&self) -> UnderWay {
        if let Some(holder) = self.home.held().by.get_mut(&self.id) {
            holder.seen = true;
            holder.under_way += 1;
        }
        UnderWay(self.home.clone(), self.id)
    }

    /// Waits until another connection needs the place.
    pub async fn wanted(&self) {
        self.wanted.cancelled().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.home.held().by.remove(&self.id);
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if let Some(holder) = self.0.held().by.get_mut(&self.1) {
            holder.under_way -= 1;
            holder.since = Instant::now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_has_rested_longest_goes_and_who_works_stays() {
        let places = Places::new(2, 1);
        let (first, second) = (places.take(), places.take());
        let work = first.request();
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        let third = places.take();
        assert!(second.wanted.is_cancelled() && !first.wanted.is_cancelled() && !third.reserved());
        // Both are busy now: a new connection gets the reserved place, and only the newest one keeps it.
        drop(second);
        let _more = third.request();
        let fourth = places.take();
        assert!(fourth.reserved());
        let fifth = places.take();
        assert!(fifth.reserved() && fourth.wanted.is_cancelled() && !fifth.wanted.is_cancelled());
        drop(work);
        drop((fourth, fifth));
        assert!(!places.take().reserved(), "the first rests again");
        assert!(first.wanted.is_cancelled());
    }
}
