//! `afpi health`: asks the service of this machine whether it is ready. For health checks of containers, which have no
//! other program that could ask.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longer than the service takes to ask its parts.
const PATIENCE: Duration = Duration::from_secs(4);
/// The most bytes of an answer.
const ANSWER: u64 = 64 << 10;

/// Fails unless the service that listens there answers that it is ready. One that listens everywhere is asked over
/// loopback.
pub async fn ask(listen: SocketAddr) -> Result<()> {
    let address = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), listen.port()),
        IpAddr::V6(ip) if ip.is_unspecified() => SocketAddr::new(Ipv6Addr::LOCALHOST.into(), listen.port()),
        _ => listen,
    };
    let answer = tokio::time::timeout(PATIENCE, get(address)).await;
    let answer = answer.context("no answer in time").and_then(|answer| Ok(answer?));
    let answer = answer.with_context(|| format!("{address} does not answer"))?;
    let status = answer.split(' ').nth(1).unwrap_or_default();
    if status != "200" {
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        bail!("{address} is not ready ({status}): {body}");
    }
    Ok(())
}

async fn get(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(ANSWER).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
