//! Work that ends in the middle, as when its process dies.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

/// Polls a future and lets it wait `waits` times. At its next wait the future is dropped, as if the process had died.
/// Returns the result if the future finishes earlier.
pub async fn up_to<F: Future>(waits: i64, future: F) -> Option<F::Output> {
    let (mut future, mut seen) = (pin!(future), 0);
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending if seen == waits => Poll::Ready(None),
        Poll::Pending => {
            seen += 1;
            Poll::Pending
        }
    })
    .await
}
