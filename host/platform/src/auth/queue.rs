//! The queue for password hashing. Hashing is slow on purpose, so few hashes run at once, and an attacker with many
//! guesses could block everybody else. The queue is therefore short, and fair per address: the address with the fewest
//! recent turns goes first.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

/// Hashes at the same time: each takes 19 MiB and a core.
const AT_WORK: usize = 2;

/// The most that may wait. At 30 ms per turn, the last one waits a second.
const WAITING: usize = 64;

/// How long a turn counts as recent.
const LATELY: Duration = Duration::from_secs(60);

/// Remembered addresses. Beyond this number only those with a recent turn are kept; if all have one, none.
const REMEMBERED: usize = 10_000;

/// The queue. Clones share it.
#[derive(Clone, Default)]
pub struct Queue(Arc<Mutex<Line>>);

#[derive(Default)]
struct Line {
    at_work: usize,
    waiting: Vec<Waiting>,
    turns: HashMap<IpAddr, (u32, Instant)>,
    next: u64,
}

struct Waiting {
    /// None for the product itself, e.g. an administrator who creates an account.
    address: Option<IpAddr>,
    /// The address's recent turns, and those that it already waits for.
    rank: u32,
    number: u64,
    go: oneshot::Sender<Turn>,
}

/// A turn. It ends on drop.
pub struct Turn(Queue);

/// The queue is full.
#[derive(Debug)]
pub struct Full;

impl Queue {
    /// Waits for a turn. Returns at once with an error when the queue is full, also when an address with fewer turns
    /// takes the place.
    pub async fn turn(&self, address: Option<IpAddr>) -> Result<Turn, Full> {
        let waits = {
            let mut line = self.line();
            line.waiting.retain(|waiting| !waiting.go.is_closed());
            if line.at_work < AT_WORK && line.waiting.is_empty() {
                line.begin(address);
                return Ok(Turn(self.clone()));
            }
            line.join(address)?
        };
        waits.await.map_err(|_| Full)
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    fn begin(&mut self, address: Option<IpAddr>) {
        self.at_work += 1;
        let Some(address) = address else { return };
        if self.turns.len() >= REMEMBERED {
            self.turns.retain(|_, (_, since)| since.elapsed() < LATELY);
            if self.turns.len() >= REMEMBERED {
                self.turns.clear();
            }
        }
        let turns = self.had(address);
        self.turns.insert(address, (turns + 1, Instant::now()));
    }

    /// The recent turns of this address.
    fn had(&self, address: IpAddr) -> u32 {
        self.turns.get(&address).filter(|(_, since)| since.elapsed() < LATELY).map_or(0, |(turns, _)| *turns)
    }

    fn join(&mut self, address: Option<IpAddr>) -> Result<oneshot::Receiver<Turn>, Full> {
        let rank = address.map_or(0, |address| {
            let waits = self.waiting.iter().filter(|waiting| waiting.address == Some(address)).count() as u32;
            self.had(address) + waits
        });
        if self.waiting.len() >= WAITING {
            let last = self.waiting.iter().enumerate().max_by_key(|(_, waiting)| (waiting.rank, waiting.number));
            match last {
                Some((place, waiting)) if waiting.rank > rank => drop(self.waiting.swap_remove(place)),
                _ => return Err(Full),
            }
        }
        let (go, waits) = oneshot::channel();
        self.waiting.push(Waiting { address, rank, number: self.next, go });
        self.next += 1;
        Ok(waits)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let next = {
            let mut line = self.0.line();
            line.at_work -= 1;
            line.waiting.retain(|waiting| !waiting.go.is_closed());
            let first = line.waiting.iter().enumerate().min_by_key(|(_, waiting)| (waiting.rank, waiting.number));
            first.map(|(place, _)| place).map(|place| {
                let next = line.waiting.swap_remove(place);
                line.begin(next.address);
                next
            })
        };
        if let Some(next) = next {
            // If the waiting task has just gone away, the turn is dropped here and the next one runs.
            drop(next.go.send(Turn(self.0.clone())));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(n: usize) -> Option<IpAddr> {
        Some(IpAddr::from([192, 0, (n / 250) as u8, (n % 250) as u8]))
    }

    /// Takes all places at work.
    async fn busy(queue: &Queue) -> Vec<Turn> {
        let mut turns = Vec::new();
        for _ in 0..AT_WORK {
            turns.push(queue.turn(None).await.expect("a free place"));
        }
        turns
    }

    /// Lets other tasks run as far as they can.
    async fn settle() {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn who_comes_for_the_first_time_goes_before_who_keeps_coming() {
        let queue = Queue::default();
        let mut held = busy(&queue).await;
        let order = Arc::new(Mutex::new(Vec::new()));
        let enter = |who: &'static str, from| {
            let (queue, order) = (queue.clone(), order.clone());
            tokio::spawn(async move {
                let turn = queue.turn(from).await;
                order.lock().unwrap().push((who, turn.is_ok()));
            })
        };
        // 200 attempts from 40 addresses, and one person.
        let mut tasks: Vec<_> = (0..200).map(|n| enter("guess", address(n % 40))).collect();
        settle().await;
        let refused = order.lock().unwrap().len();
        assert_eq!(refused, 200 - WAITING, "the line is short");
        tasks.push(enter("person", address(100)));
        settle().await;
        held.clear();
        for task in tasks {
            task.await.unwrap();
        }
        let order: Vec<_> = order.lock().unwrap().iter().filter(|(_, served)| *served).copied().collect();
        let place = order.iter().position(|(who, _)| *who == "person").expect("served");
        assert!(place <= 41, "{place}: behind one try of each address, not behind all");
        // Those addresses have had their turns. Now the person goes first.
        let held = busy(&queue).await;
        let line = Arc::new(Mutex::new(Vec::new()));
        let tasks: Vec<_> = [("guess", address(0)), ("guess", address(1)), ("person", address(101))]
            .map(|(who, from)| {
                let (queue, line) = (queue.clone(), line.clone());
                tokio::spawn(async move {
                    let _turn = queue.turn(from).await.expect("a place");
                    line.lock().unwrap().push(who);
                })
            })
            .into();
        settle().await;
        drop(held);
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(line.lock().unwrap()[0], "person");
    }

    #[tokio::test]
    async fn who_goes_away_leaves_no_gap() {
        let queue = Queue::default();
        let held = busy(&queue).await;
        let gone = tokio::spawn({
            let queue = queue.clone();
            async move { queue.turn(address(1)).await.map(drop) }
        });
        settle().await;
        gone.abort();
        let _ = gone.await;
        let stays = tokio::spawn({
            let queue = queue.clone();
            async move { queue.turn(address(2)).await.map(drop) }
        });
        settle().await;
        drop(held);
        stays.await.unwrap().expect("a turn");
        assert_eq!(queue.line().at_work, 0);
    }
}
