//! Who may use a child next. People who wait come before batches, and a batch leaves one child free.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// How a job waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// A person waits for it.
    Interactive,
    /// One of many.
    Batch,
}

/// The most jobs that wait in a lane.
pub const WAITING: usize = 200;

/// Seats, each holding a `T`.
pub struct Queue<T>(Arc<Mutex<State<T>>>);

struct State<T> {
    free: Vec<T>,
    /// Seats that batches may still take.
    batch_left: usize,
    interactive: VecDeque<oneshot::Sender<Seat<T>>>,
    batch: VecDeque<oneshot::Sender<Seat<T>>>,
}

/// The right to use a `T`. Dropped, it goes to the next one who waits.
pub struct Seat<T> {
    held: Option<T>,
    lane: Lane,
    queue: Arc<Mutex<State<T>>>,
}

/// Too many wait already.
#[derive(Debug, PartialEq, Eq)]
pub struct Full;

impl<T> Queue<T> {
    /// `seats` is not empty.
    pub fn new(seats: Vec<T>) -> Self {
        let batch_left = seats.len().saturating_sub(1).max(1);
        Queue(Arc::new(Mutex::new(State {
            free: seats,
            batch_left,
            interactive: VecDeque::new(),
            batch: VecDeque::new(),
        })))
    }

    /// Waits for a seat. If the caller gives up, its place in the queue is free.
    pub async fn seat(&self, lane: Lane) -> Result<Seat<T>, Full> {
        let receiver = {
            let mut state = lock(&self.0);
            let line = state.line(lane);
            line.retain(|waiting| !waiting.is_closed());
            if line.len() >= WAITING {
                return Err(Full);
            }
            let (sender, receiver) = oneshot::channel();
            line.push_back(sender);
            receiver
        };
        serve(&self.0);
        // The sender stays in the queue until it sends.
        receiver.await.map_err(|_| Full)
    }

    /// Jobs that wait.
    pub fn waiting(&self, lane: Lane) -> usize {
        lock(&self.0).line(lane).iter().filter(|waiting| !waiting.is_closed()).count()
    }
}

impl<T> State<T> {
    fn line(&mut self, lane: Lane) -> &mut VecDeque<oneshot::Sender<Seat<T>>> {
        match lane {
            Lane::Interactive => &mut self.interactive,
            Lane::Batch => &mut self.batch,
        }
    }

    /// Who is next, if there is a seat.
    fn next(&mut self) -> Option<(T, Lane, oneshot::Sender<Seat<T>>)> {
        let lane = match (self.interactive.is_empty(), self.batch.is_empty()) {
            (false, _) => Lane::Interactive,
            (true, false) if self.batch_left > 0 => Lane::Batch,
            _ => return None,
        };
        let held = self.free.pop()?;
        let waiting = self.line(lane).pop_front()?;
        if lane == Lane::Batch {
            self.batch_left -= 1;
        }
        Some((held, lane, waiting))
    }
}

/// Gives free seats to those who wait. A seat that nobody takes any more comes back by its drop, so no lock is held
/// while it is sent.
fn serve<T>(queue: &Arc<Mutex<State<T>>>) {
    loop {
        let Some((held, lane, waiting)) = lock(queue).next() else { return };
        let _ = waiting.send(Seat { held: Some(held), lane, queue: queue.clone() });
    }
}

fn lock<T>(queue: &Mutex<State<T>>) -> MutexGuard<'_, State<T>> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> Seat<T> {
    pub fn held(&mut self) -> Option<&mut T> {
        self.held.as_mut()
    }
}

impl<T> Drop for Seat<T> {
    fn drop(&mut self) {
        let Some(held) = self.held.take() else { return };
        {
            let mut state = lock(&self.queue);
            state.free.push(held);
            if self.lane == Lane::Batch {
                state.batch_left += 1;
            }
        }
        serve(&self.queue);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Future;
    use std::pin::{Pin, pin};
    use std::task::{Context, Poll, Waker};

    fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    fn taken<F: Future<Output = Result<Seat<u8>, Full>>>(future: Pin<&mut F>) -> Option<Seat<u8>> {
        match poll(future) {
            Poll::Ready(seat) => Some(seat.unwrap()),
            Poll::Pending => None,
        }
    }

    #[test]
    fn a_person_comes_before_a_batch() {
        let queue = Queue::new(vec![1]);
        let first = taken(pin!(queue.seat(Lane::Batch))).unwrap();
        let (mut batch, mut person) = (pin!(queue.seat(Lane::Batch)), pin!(queue.seat(Lane::Interactive)));
        assert!(taken(batch.as_mut()).is_none() && taken(person.as_mut()).is_none());
        assert_eq!((queue.waiting(Lane::Batch), queue.waiting(Lane::Interactive)), (1, 1));
        drop(first);
        assert!(taken(batch.as_mut()).is_none());
        drop(taken(person.as_mut()).unwrap());
        assert!(taken(batch.as_mut()).is_some());
    }

    #[test]
    fn a_batch_leaves_one_seat() {
        let queue = Queue::new(vec![1, 2]);
        let first = taken(pin!(queue.seat(Lane::Batch))).unwrap();
        let mut second = pin!(queue.seat(Lane::Batch));
        assert!(taken(second.as_mut()).is_none());
        drop(taken(pin!(queue.seat(Lane::Interactive))).unwrap());
        assert!(taken(second.as_mut()).is_none(), "the seat of a person is not for a batch");
        drop(first);
        assert!(taken(second.as_mut()).is_some());
    }

    #[test]
    fn who_gives_up_loses_no_seat() {
        let queue = Queue::new(vec![1]);
        let first = taken(pin!(queue.seat(Lane::Interactive))).unwrap();
        {
            let mut gone = pin!(queue.seat(Lane::Interactive));
            assert!(taken(gone.as_mut()).is_none());
        }
        assert_eq!(queue.waiting(Lane::Interactive), 0);
        // This one is given the seat, and leaves before it takes it.
        {
            let mut late = pin!(queue.seat(Lane::Interactive));
            assert!(taken(late.as_mut()).is_none());
            drop(first);
        }
        assert!(taken(pin!(queue.seat(Lane::Interactive))).is_some());
    }

    #[test]
    fn a_full_queue_refuses() {
        let queue = Queue::new(vec![1]);
        let first = taken(pin!(queue.seat(Lane::Batch))).unwrap();
        let mut waiting: Vec<_> = (0..WAITING).map(|_| Box::pin(queue.seat(Lane::Batch))).collect();
        for one in &mut waiting {
            assert!(poll(one.as_mut()).is_pending());
        }
        assert!(matches!(poll(pin!(queue.seat(Lane::Batch))), Poll::Ready(Err(Full))));
        assert!(poll(pin!(queue.seat(Lane::Interactive))).is_pending(), "the lanes do not block each other");
        waiting.pop();
        assert!(poll(pin!(queue.seat(Lane::Batch))).is_pending());
        drop(first);
    }
}
