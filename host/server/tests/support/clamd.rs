//! A virus scanner on this machine (clamd's command INSTREAM): it finds `VIRUS`, or answers as it is told.

use std::sync::{Arc, Mutex};

use afpi_files::Clamd;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};

/// What the scanner does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Scan,
    /// Finds nothing.
    Clean,
    /// Hangs up without an answer.
    Away,
    /// Answers something that is no verdict.
    Garbage,
    /// Takes at most so many bytes, answers and hangs up.
    Limit(usize),
}

/// A running scanner; it stops with its value.
pub struct Scanner {
    pub address: Clamd,
    state: Arc<Mutex<State>>,
    _stop: DropGuard,
}

struct State {
    mode: Mode,
    seen: Vec<Vec<u8>>,
}

impl Scanner {
    pub async fn start() -> Scanner {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = Clamd::Tcp(listener.local_addr().expect("address").to_string());
        let state = Arc::new(Mutex::new(State { mode: Mode::Scan, seen: Vec::new() }));
        let stop = CancellationToken::new();
        let (shared, stopped) = (Arc::clone(&state), stop.clone());
        tokio::spawn(async move {
            while let Some(Ok((stream, _))) = stopped.run_until_cancelled(listener.accept()).await {
                let (shared, stopped) = (Arc::clone(&shared), stopped.clone());
                // A client that hangs up ends only its own talk.
                tokio::spawn(async move { stopped.run_until_cancelled(talk(stream, shared)).await });
            }
        });
        Scanner { address, state, _stop: stop.drop_guard() }
    }

    pub fn set(&self, mode: Mode) {
        self.state.lock().expect("state").mode = mode;
    }

    /// The contents that were scanned to their end.
    pub fn seen(&self) -> Vec<Vec<u8>> {
        self.state.lock().expect("state").seen.clone()
    }
}

async fn talk(mut stream: TcpStream, state: Arc<Mutex<State>>) -> std::io::Result<()> {
    let mode = state.lock().expect("state").mode;
    if mode == Mode::Away {
        return Ok(());
    }
    let mut command = Vec::new();
    while command.last() != Some(&0) {
        command.push(stream.read_u8().await?);
    }
    if command == b"zPING\0" {
        return stream.write_all(if mode == Mode::Garbage { b"220 ESMTP\0" } else { b"PONG\0" }).await;
    }
    assert_eq!(command, b"zINSTREAM\0");
    let mut content = Vec::new();
    loop {
        let length = stream.read_u32().await? as usize;
        if length == 0 {
            break;
        }
        if matches!(mode, Mode::Limit(most) if content.len() + length > most) {
            stream.write_all(b"INSTREAM size limit exceeded. ERROR\0").await?;
            return Ok(());
        }
        let start = content.len();
        content.resize(start + length, 0);
        stream.read_exact(&mut content[start..]).await?;
    }
    let answer: &[u8] = match mode {
        Mode::Garbage => b"220 mail.example.fr ESMTP\r\n\0",
        Mode::Scan if content.windows(5).any(|part| part == b"VIRUS") => b"stream: AFPI.Test FOUND\0",
        _ => b"stream: OK\0",
    };
    state.lock().expect("state").seen.push(content);
    stream.write_all(answer).await
}
