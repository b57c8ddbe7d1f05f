//! Request bodies that must arrive fast enough, and answer bodies that report their end.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

/// A longer body is refused with 413.
pub const MAX_BODY: usize = 1024 * 1024;
/// The largest file of records that is imported, in bytes.
pub const MAX_IMPORT: usize = 10 * 1024 * 1024;

/// The lowest accepted speed of a body.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Time for the first bytes.
    pub grace: Duration,
    /// After that, on average.
    pub bytes_per_second: u64,
}

impl Default for Pace {
    /// A slow rural line reaches this.
    fn default() -> Pace {
        Pace { grace: Duration::from_secs(10), bytes_per_second: 16 * 1024 }
    }
}

/// The body came too slowly.
#[derive(Debug)]
pub struct TooSlow;

impl fmt::Display for TooSlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body came too slowly")
    }
}

impl Error for TooSlow {}

/// Did a body fail to be read because it came too slowly?
pub fn too_slow(error: &(dyn Error + 'static)) -> bool {
    error.is::<TooSlow>() || error.source().is_some_and(too_slow)
}

/// A request's body with a minimum speed. Time counts from the first read.
pub struct Paced {
    body: Incoming,
    pace: Pace,
    received: u64,
    clock: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Paced {
    pub fn new(body: Incoming, pace: Pace) -> Paced {
        Paced { body, pace, received: 0, clock: None }
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        match Pin::new(&mut this.body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                this.received += frame.data_ref().map_or(0, |data| data.len() as u64);
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(error.into()))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => {
                let (began, alarm) = this.clock.get_or_insert_with(|| {
                    let now = Instant::now();
                    (now, Box::pin(sleep_until(now + this.pace.grace)))
                });
                let earned = Duration::from_millis(this.received * 1000 / this.pace.bytes_per_second);
                let until = *began + this.pace.grace + earned;
                if alarm.deadline() != until {
                    alarm.as_mut().reset(until);
                }
                alarm.as_mut().poll(cx).map(|()| Some(Err(TooSlow.into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An answer's body that holds something while it lives, such as a permit.
pub struct Holding<T> {
    body: Body,
    _held: T,
}

impl<T> Holding<T> {
    pub fn new(body: Body, held: T) -> Holding<T> {
        Holding { body, _held: held }
    }
}

impl<T: Unpin> HttpBody for Holding<T> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
