//! A proxy before a server, which a test can cut or freeze. While it is up, it forwards all bytes. While it is cut, it
//! drops every connection and accepts none. While it is frozen, it keeps connections and accepts new ones, but forwards
//! nothing.

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

#[derive(Clone, Copy, PartialEq)]
enum State {
    Up,
    Cut,
    Frozen,
}

/// The proxy. It ends with the test's runtime.
pub struct Line {
    /// The `host:port` that clients use.
    pub address: String,
    state: watch::Sender<State>,
}

impl Line {
    /// Starts a proxy to `host:port`, either up or cut.
    pub async fn to(target: &str, up: bool) -> Line {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let (address, target) = (listener.local_addr().expect("bound").to_string(), target.to_owned());
        let state = watch::Sender::new(if up { State::Up } else { State::Cut });
        let line = Line { address, state: state.clone() };
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (mut state, target) = (state.subscribe(), target.clone());
                tokio::spawn(async move {
                    // While the proxy is frozen, clients get no bytes and no end of the connection.
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
