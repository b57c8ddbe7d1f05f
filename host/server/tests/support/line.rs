//! A line to a server that a test can cut: passes bytes while it is up; cut, it drops every connection and takes no new one.

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The line; it ends with the test's runtime.
pub struct Line {
    /// `host:port` on this side.
    pub address: String,
    up: watch::Sender<bool>,
}

impl Line {
    /// To `host:port`, up or still down.
    pub async fn to(target: &str, up: bool) -> Line {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let (address, target) = (listener.local_addr().expect("bound").to_string(), target.to_owned());
        let up = watch::Sender::new(up);
        let line = Line { address, up: up.clone() };
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (mut state, target) = (up.subscribe(), target.clone());
                tokio::spawn(async move {
                    if !*state.borrow() {
                        return;
                    }
                    let mut far = TcpStream::connect(target).await.expect("the test server");
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        _ = state.wait_for(|up| !up) => {}
                    }
                });
            }
        });
        line
    }

    pub fn cut(&self) {
        self.up.send_replace(false);
    }

    pub fn mend(&self) {
        self.up.send_replace(true);
    }
}
