//! A faithful fake of a classic Ypareo (NetYpareo) web service, for demos and tests. All data is invented.
//!
//! What public sources attest is always served; guesses stand behind [`Profile::hypothetical`]. Everything that goes wrong
//! in the wild goes wrong here on request: see [`How`] for answers and [`Fault`] for data. Knows nothing of the CRM.
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

/// A running fake; it ends when this is dropped.
#[derive(Debug)]
pub struct Simulator {
    address: SocketAddr,
    state: Arc<State>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Simulator {
    /// Listens (on any free loopback port unless told otherwise) and serves from now on.
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

    /// What an administrator would type as the base address: without `/r/v1`.
    pub fn base_url(&self) -> String {
        let options = self.state.options();
        let root = options.prefix.strip_suffix("/r/v1").unwrap_or(&options.prefix);
        format!("http://{}{root}", self.address)
    }

    pub fn options(&self) -> Arc<Options> {
        self.state.options()
    }

    /// Changes settings from now on; `listen` and `prefix` have no effect any more.
    pub fn change(&self, change: impl FnOnce(&mut Options)) {
        let mut options = (*self.state.options()).clone();
        change(&mut options);
        self.state.set(options);
    }

    /// Back to how it was started.
    pub fn reset(&self) {
        self.state.reset();
    }

    /// Requests so far by route, e.g. `entreprises/{code}/interlocuteurs`.
    pub fn requests(&self) -> BTreeMap<String, u64> {
        self.state.requests()
    }

    /// Serves until it is told to stop from outside this process.
    pub async fn serve(mut self) -> std::io::Result<()> {
        (&mut self.task).await.unwrap_or_else(|error| Err(std::io::Error::other(error)))
    }

    /// Takes no more requests; answers under way have a second to end.
    pub async fn stop(mut self) {
        self.stop.take();
        // Only a server that would not end is still there afterwards, and dropping ends it.
        let _ = tokio::time::timeout(Duration::from_secs(1), &mut self.task).await;
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.task.abort();
    }
}
