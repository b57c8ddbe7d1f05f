//! A proxy to a server that a test can cut. While up it passes bytes. Cut, it drops every connection and accepts no new
//! one. Frozen, it keeps connections and accepts new ones, and passes nothing.

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

#[derive(Clone, Copy, PartialEq)]
enum State {
    Up,
    Cut,
    Frozen,
}

/// The line; it ends with the test's runtime.
pub struct Line {
    /// `host:port` on this side.
    pub address: String,
    state: watch::Sender<State>,
}

impl Line {
    /// To `host:port`, up or still down.
    pub async fn to(target: &str, up: bool) -> Line {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let (address, target) = (listener.local_addr().expect("bound").to_string(), target.to_owned());
        let state = watch::Sender::new(if up { State::Up } else { State::Cut });
        let line = Line { address, state: state.clone() };
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (mut state, target) = (state.subscribe(), target.clone());
                tokio::spawn(async move {
                    // While frozen, clients are told nothing, not even that the server is gone.
                    let _ = state.wait_for(|state| *state != State::Frozen).await;
                    if *state.borrow() == State::Cut {
                        return;
                    }
                    let mut far = TcpStream::connect(target).await.expect("the test server");
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        _ = state.wait_for(|state| *state != State::Up) => {}
                    }
                    let _ = state.wait_for(|state| *state != State::Frozen).await;
                });
            }
        });
        line
    }

    pub fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    pub fn freeze(&self) {
        self.state.send_replace(State::Frozen);
    }

    pub fn mend(&self) {
        self.state.send_replace(State::Up);
    }
}
