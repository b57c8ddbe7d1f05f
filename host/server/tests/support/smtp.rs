//! A mail server on this machine (RFC 5321): it keeps letters, or refuses them.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};

/// A letter with its envelope.
#[derive(Debug, Clone, Default)]
pub struct Letter {
    pub from: String,
    pub to: Vec<String>,
    /// Head and body, with `\r\n`.
    pub text: String,
}

impl Letter {
    /// The lines of the head, folded lines joined.
    pub fn head(&self) -> Vec<String> {
        let (head, _) = self.text.split_once("\r\n\r\n").expect("a head");
        head.replace("\r\n ", " ").lines().map(str::to_owned).collect()
    }
}

/// A running mail server; it stops with its value.
pub struct MailServer {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
    _stop: DropGuard,
}

#[derive(Default)]
struct State {
    letters: Vec<Letter>,
    refusal: Option<String>,
}

impl MailServer {
    pub async fn start() -> MailServer {
        MailServer::at(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    /// At the address of a server that was stopped.
    pub async fn at(address: SocketAddr) -> MailServer {
        let listener = TcpListener::bind(address).await.expect("a port");
        let (address, state, stop) =
            (listener.local_addr().expect("address"), Arc::default(), CancellationToken::new());
        let (shared, stopped) = (Arc::clone(&state), stop.clone());
        tokio::spawn(async move {
            while let Some(Ok((stream, _))) = stopped.run_until_cancelled(listener.accept()).await {
                let (shared, stopped) = (Arc::clone(&shared), stopped.clone());
                tokio::spawn(async move { stopped.run_until_cancelled(talk(stream, shared)).await });
            }
        });
        MailServer { address, state, _stop: stop.drop_guard() }
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Takes the letters that came so far.
    pub fn letters(&self) -> Vec<Letter> {
        std::mem::take(&mut self.state.lock().expect("state").letters)
    }

    /// Refuses recipients with this answer from now on, or takes them again.
    pub fn refuse(&self, answer: Option<&str>) {
        self.state.lock().expect("state").refusal = answer.map(str::to_owned);
    }
}

async fn talk(stream: TcpStream, state: Arc<Mutex<State>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 mail.test\r\n").await?;
    let (mut letter, mut line) = (Letter::default(), String::new());
    let path = |line: &str| line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let refusal = state.lock().expect("state").refusal.clone();
        let reply = match line.get(..4).unwrap_or_default() {
            "MAIL" => {
                letter = Letter { from: path(&line), ..Letter::default() };
                "250 ok".to_owned()
            }
            "RCPT" => match refusal {
                Some(answer) => format!("{answer} <{}>", path(&line)),
                None => {
                    letter.to.push(path(&line));
                    "250 ok".to_owned()
                }
            },
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                loop {
                    line.clear();
                    stream.read_line(&mut line).await?;
                    if line == ".\r\n" {
                        break;
                    }
                    letter.text.push_str(line.strip_prefix('.').unwrap_or(&line));
                }
                state.lock().expect("state").letters.push(std::mem::take(&mut letter));
                "250 taken".to_owned()
            }
            "QUIT" => "221 bye".to_owned(),
            _ => "250 mail.test".to_owned(),
        };
        stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
    }
}
