//! Asks a virus scanner about a file: clamd, over its command INSTREAM (clamd(8)). The content goes there piece by piece.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, ensure};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;
use tokio::time::timeout;

use crate::place::Lost;

/// To connect to a server that is there.
const CONNECT: Duration = Duration::from_secs(5);
/// To scan the largest file, with packed content.
const SCAN: Duration = Duration::from_secs(300);
/// The most bytes of one piece.
const PIECE: usize = 64 << 10;
/// The most bytes of an answer.
const ANSWER: u64 = 4096;

/// Where clamd listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clamd {
    /// `host:port`
    Tcp(String),
    /// `unix:/path`
    #[cfg(unix)]
    Unix(PathBuf),
}

/// What clamd says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Clean,
    /// The name of what it found.
    Found(String),
    /// The file has more bytes than its setting `StreamMaxLength` allows.
    TooLarge,
}

/// Why clamd says nothing of a file.
#[derive(Debug, thiserror::Error)]
pub enum Silent {
    #[error("clamd does not answer: {0}")]
    Away(#[from] io::Error),
    #[error("clamd answers: {0}")]
    Odd(String),
    #[error(transparent)]
    Lost(#[from] Lost),
}

impl Clamd {
    /// Reads `host:port` or `unix:/path`.
    pub fn read(text: &str) -> Result<Clamd> {
        #[cfg(unix)]
        if let Some(path) = text.strip_prefix("unix:") {
            ensure!(path.starts_with('/'), "no path, e.g. unix:/run/clamav/clamd.ctl");
            return Ok(Clamd::Unix(path.into()));
        }
        let port = text.rsplit_once(':').filter(|(host, _)| !host.is_empty()).and_then(|(_, port)| port.parse().ok());
        ensure!(
            port.is_some_and(|port: u16| port > 0),
            "no address, e.g. 127.0.0.1:3310 or unix:/run/clamav/clamd.ctl"
        );
        Ok(Clamd::Tcp(text.to_owned()))
    }

    /// Does it answer?
    pub async fn ping(&self) -> Result<(), Silent> {
        let answer = match self {
            Clamd::Tcp(address) => pong(within(CONNECT, TcpStream::connect(address)).await?).await?,
            #[cfg(unix)]
            Clamd::Unix(path) => pong(within(CONNECT, UnixStream::connect(path)).await?).await?,
        };
        if answer == "PONG" { Ok(()) } else { Err(odd(&answer)) }
    }

    /// Has this content scanned.
    ///
    /// # Errors
    /// When clamd is away, is too slow or answers something else, or the content cannot be read to its end.
    pub async fn scan(&self, content: impl Stream<Item = Result<Bytes, Lost>> + Unpin) -> Result<Verdict, Silent> {
        let answer = match self {
            Clamd::Tcp(address) => ask(within(CONNECT, TcpStream::connect(address)).await?, content).await?,
            #[cfg(unix)]
            Clamd::Unix(path) => ask(within(CONNECT, UnixStream::connect(path)).await?, content).await?,
        };
        understand(&answer)
    }
}

async fn within<T>(time: Duration, work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    timeout(time, work).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

async fn ask<S: AsyncRead + AsyncWrite>(
    stream: S,
    content: impl Stream<Item = Result<Bytes, Lost>> + Unpin,
) -> Result<String, Silent> {
    let (reader, mut writer) = tokio::io::split(stream);
    let talk = async {
        let sending = send(&mut writer, content);
        let answer = answer(reader);
        tokio::pin!(sending, answer);
        // A file that is too large is answered before its end, and then no more of it is read.
        tokio::select! {
            answered = &mut answer => answered.map_err(Silent::Away),
            sent = &mut sending => match (sent, answer.as_mut().await) {
                (Err(Silent::Lost(lost)), _) => Err(lost.into()),
                (Err(broken), Err(_)) => Err(broken),
                (_, answered) => answered.map_err(Silent::Away),
            },
        }
    };
    timeout(SCAN, talk).await.unwrap_or_else(|_| Err(Silent::Away(io::ErrorKind::TimedOut.into())))
}

async fn pong(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<String> {
    stream.write_all(b"zPING\0").await?;
    within(CONNECT, answer(stream)).await
}

/// Sends the command, the content in pieces with their lengths, and an empty piece as its end.
async fn send<W: AsyncWrite + Unpin>(
    writer: &mut W,
    mut content: impl Stream<Item = Result<Bytes, Lost>> + Unpin,
) -> Result<(), Silent> {
    writer.write_all(b"zINSTREAM\0").await?;
    while let Some(bytes) = content.next().await {
        for piece in bytes?.chunks(PIECE) {
            writer.write_u32(piece.len() as u32).await?;
            writer.write_all(piece).await?;
        }
    }
    writer.write_u32(0).await?;
    Ok(writer.flush().await?)
}

/// Everything up to a null byte or the end.
async fn answer(reader: impl AsyncRead + Unpin) -> io::Result<String> {
    let mut bytes = Vec::new();
    let mut reader = reader.take(ANSWER);
    while !bytes.contains(&0) && reader.read_buf(&mut bytes).await? > 0 {}
    let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    if text.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(String::from_utf8_lossy(text).trim().to_owned())
}

fn understand(answer: &str) -> Result<Verdict, Silent> {
    if answer == "stream: OK" {
        return Ok(Verdict::Clean);
    }
    if let Some(found) = answer.strip_prefix("stream: ").and_then(|rest| rest.strip_suffix(" FOUND")) {
        return Ok(Verdict::Found(found.to_owned()));
    }
    if answer.starts_with("INSTREAM size limit exceeded") {
        return Ok(Verdict::TooLarge);
    }
    Err(odd(answer))
}

fn odd(answer: &str) -> Silent {
    Silent::Odd(answer.chars().filter(|c| !c.is_control()).take(200).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_with_a_port_or_a_socket() {
        assert_eq!(Clamd::read("clamd:3310").unwrap(), Clamd::Tcp("clamd:3310".into()));
        assert_eq!(Clamd::read("[::1]:3310").unwrap(), Clamd::Tcp("[::1]:3310".into()));
        #[cfg(unix)]
        assert_eq!(Clamd::read("unix:/run/clamav/clamd.ctl").unwrap(), Clamd::Unix("/run/clamav/clamd.ctl".into()));
        for wrong in ["", "clamd", ":3310", "clamd:0", "clamd:port", "unix:clamd.ctl"] {
            assert!(Clamd::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_a_clear_answer_is_an_answer() {
        assert_eq!(understand("stream: OK").unwrap(), Verdict::Clean);
        assert_eq!(
            understand("stream: Win.Test.EICAR_HDB-1 FOUND").unwrap(),
            Verdict::Found("Win.Test.EICAR_HDB-1".into())
        );
        assert_eq!(understand("INSTREAM size limit exceeded. ERROR").unwrap(), Verdict::TooLarge);
        for odd in
            ["stream: OK FOUND OK", "OK", "stream: Can't allocate memory ERROR", "UNKNOWN COMMAND", "HTTP/1.1 400"]
        {
            assert!(matches!(understand(odd), Err(Silent::Odd(_))), "{odd}");
        }
    }
}
