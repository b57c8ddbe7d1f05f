//! A faithful fake of a classic Ypareo (NetYpareo) web service, for demos and tests. All data is invented.
//!
//! It always serves what public sources attest; guesses need [`Profile::hypothetical`]. Every fault seen in reality can
//! be switched on: see [`How`] for answers and [`Fault`] for data. Knows nothing about the CRM.
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! use ypareo_simulator::{How, Options, Rule, Simulator};
//!
//! let simulator = Simulator::start(Options { companies: 20_000, ..Options::default() }).await?;
//! simulator.change(|options| options.misbehave.push(Rule::new("entreprises", How::CutMidway(4096)).times(1)));
//! println!("{} with token {}", simulator.base_url(), simulator.options().token);
//! simulator.stop().await;
//! # Ok(())
//! # }
//! ```

mod container;
mod control;
mod data;
mod guard;
mod options;
mod routes;
mod seed;
mod spoil;
mod state;

pub use options::{Container, Empty, Fault, How, Options, Profile, Rule, Unknown};

use state::State;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A running simulator. Dropping it ends it.
#[derive(Debug)]
pub struct Simulator {
    address: SocketAddr,
    state: Arc<State>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Simulator {
    /// Listens (default: any free loopback port) and serves from now on.
    pub async fn start(options: Options) -> std::io::Result<Self> {
        let listener = TcpListener::bind(options.listen).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(State::new(options.clone()));
        let service = routes::router(state.clone(), &options).into_make_service_with_connect_info::<SocketAddr>();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            let stopped = async move {
                // Dropping the sender stops it too.
                let _ = stopped.await;
            };
            axum::serve(listener, service).with_graceful_shutdown(stopped).await
        });
        Ok(Simulator { address, state, stop: Some(stop), task })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base address that an administrator types: without `/r/v1`.
    pub fn base_url(&self) -> String {
        let options = self.state.options();
        let root = options.prefix.strip_suffix("/r/v1").unwrap_or(&options.prefix);
        format!("http://{}{root}", self.address)
    }

    pub fn options(&self) -> Arc<Options> {
        self.state.options()
    }

    /// Changes settings from now on. `listen` and `prefix` have no effect any more.
    pub fn change(&self, change: impl FnOnce(&mut Options)) {
        let mut options = (*self.state.options()).clone();
        change(&mut options);
        self.state.set(options);
    }

    /// Restores the initial options.
    pub fn reset(&self) {
        self.state.reset();
    }

    /// Requests so far by route, e.g. `entreprises/{code}/interlocuteurs`.
    pub fn requests(&self) -> BTreeMap<String, u64> {
        self.state.requests()
    }

    /// Serves until something outside this process stops it.
    pub async fn serve(mut self) -> std::io::Result<()> {
        (&mut self.task).await.unwrap_or_else(|error| Err(std::io::Error::other(error)))
    }

    /// Accepts no more requests. Running ones have a second to end.
    pub async fn stop(mut self) {
        self.stop.take();
        // Only a server that does not end is still there, and dropping ends it.
        let _ = tokio::time::timeout(Duration::from_secs(1), &mut self.task).await;
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.task.abort();
    }
}
