//! The HTTP service's connections. Nobody can hold one for ever, so that new callers find one.
//!
//! | what | ends after |
//! |---|---|
//! | a connection that does not bring its first request | [`Limits::first`] |
//! | one that rests between two requests | [`Limits::idle`], or at once when somebody else needs its place |
//! | a request's body that comes too slowly | [`body::Pace`] |
//! | an answer that nobody takes | [`Limits::stall`] |
//!
//! For an endless answer (server-sent events) only the last of these applies. When running requests use all places,
//! further connections can only reach the endpoints for monitoring; anything else answers 503.

mod places;
mod socket;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderValue;
use axum::http::header::CONNECTION;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use afpi_core::error::unavailable;
use afpi_core::text::text;
use afpi_http::body::{Holding, Pace, Paced};
use afpi_http::problem::Problem;
use afpi_platform::ops::capacity::{RESERVED, capacity};
use places::{Place, Places};
use socket::Socket;

/// Limits of connections.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Concurrent connections.
    pub connections: usize,
    /// Additional ones for monitoring.
    pub reserved: usize,
    /// Time until a connection sends its first request.
    pub first: Duration,
    /// Time between two requests. Longer than a proxy in front keeps its own connections, or it would find them closed.
    pub idle: Duration,
    /// Time until the client reads at least some of an answer.
    pub stall: Duration,
    pub pace: Pace,
    /// Time after the stop signal in which requests are still taken. Each answer asks the client to close its connection,
    /// so that hardly any request meets one that closes.
    pub drain: Duration,
}

/// Time after the stop signal in which a connection that was just made is still found.
const ARRIVAL: Duration = Duration::from_millis(50);

/// Most bytes of a request's line and headers.
const MAX_HEAD: usize = 64 * 1024;

impl Limits {
    /// The limits for this process.
    pub fn here() -> Limits {
        Limits {
            connections: capacity(),
            reserved: RESERVED as usize,
            first: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            stall: Duration::from_secs(30),
            pace: Pace::default(),
            drain: Duration::from_secs(1),
        }
    }
}

/// Serves until stopped, then lets open requests end.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, stopping: CancellationToken) {
    let places = Places::new(limits.connections, limits.reserved);
    let (tracker, limits) = (TaskTracker::new(), Arc::new(limits));
    let end = End { soon: stopping, now: CancellationToken::new() };
    let mut drained = pin!(async {
        end.soon.cancelled().await;
        tokio::time::sleep(limits.drain.min(ARRIVAL)).await;
        // Nobody is connected: nobody has to be told.
        if !places.are_free() {
            tokio::time::sleep(limits.drain).await;
        }
    });
    loop {
        let accepted = tokio::select! {
            // Who has connected is served, also in the moment of the stop.
            biased;
            accepted = listener.accept() => accepted,
            () = drained.as_mut() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let work = Work { router: router.clone(), peer, place: places.take() };
                tracker.spawn(work.run(stream, limits.clone(), end.clone()));
            }
            Err(error) => refused(&error, &places).await,
        }
    }
    drop(listener);
    end.now.cancel();
    tracker.close();
    tracker.wait().await;
}

/// Accepting a connection failed. When no files are free the next try would fail as well: an idle connection is closed,
/// and the loop pauses meanwhile.
async fn refused(error: &io::Error, places: &Places) {
    let gone = [io::ErrorKind::ConnectionAborted, io::ErrorKind::ConnectionReset, io::ErrorKind::ConnectionRefused];
    if gone.contains(&error.kind()) {
        return;
    }
    tracing::warn!(error.cause = %error, "a connection could not be taken");
    places.free_one();
    tokio::time::sleep(Duration::from_millis(100)).await;
}

/// When connections end.
#[derive(Clone)]
struct End {
    /// After their next answer.
    soon: CancellationToken,
    /// At once, unless a request is under way.
    now: CancellationToken,
}

/// One connection.
struct Work {
    router: Router,
    peer: SocketAddr,
    place: Place,
}

impl Work {
    async fn run(self, stream: TcpStream, limits: Arc<Limits>, end: End) {
        let Work { router, peer, place } = self;
        let place = Arc::new(place);
        let pace = limits.pace;
        let service = {
            let (place, soon) = (place.clone(), end.soon);
            hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
                let under_way = place.request();
                let mut request: Request = request.map(|body| Body::new(Paced::new(body, pace)));
                request.extensions_mut().insert(ConnectInfo(peer));
                if place.reserved() {
                    request.extensions_mut().insert(Crowded);
                }
                let (answer, soon) = (router.clone().oneshot(request), soon.clone());
                async move {
                    let mut answer = answer.await?.map(|body| Holding::new(body, under_way));
                    if soon.is_cancelled() {
                        answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                    }
                    Ok::<_, Infallible>(answer)
                }
            })
        };
        let io = TokioIo::new(Socket::new(stream, limits.stall));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.idle)
            .keep_alive(!place.reserved())
            .max_buf_size(MAX_HEAD)
            .serve_connection(io, service);
        let mut connection = pin!(connection);
        let mut first = pin!(tokio::time::sleep(limits.first));
        let (mut late, mut ending) = (false, false);
        loop {
            tokio::select! {
                _ = connection.as_mut() => return,
                () = first.as_mut(), if !late => {
                    if !place.seen() {
                        return;
                    }
                    late = true;
                }
                // A connection without a request needs no answer. An idle one ends at once; one that has just begun a
                // request gets its answer.
                () = place.wanted(), if !ending => {
                    if !place.seen() {
                        return;
                    }
                    ending = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = end.now.cancelled(), if !ending => {
                    if !place.seen() {
                        return;
                    }
                    ending = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

/// Marks a request that came while all places were taken.
#[derive(Clone, Copy)]
struct Crowded;

/// Refuses requests that came while all places were taken. Endpoints for monitoring are outside of this layer.
pub async fn turn_away(request: Request, next: Next) -> Response {
    if request.extensions().get::<Crowded>().is_none() {
        return next.run(request).await;
    }
    let detail = text(
        "Trop de connexions en même temps. Réessayez dans quelques instants.",
        "Too many connections at once. Try again in a moment.",
    );
    Problem(unavailable("connections").detail(detail)).into_response()
}
