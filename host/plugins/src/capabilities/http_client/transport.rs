//! Sends a request that has passed every check: with the system's client, or with a test's transport that answers
//! itself.
//!
//! The system's transport has two clients. One connects only to public addresses. The other one also reaches private
//! addresses, for plugins with that grant. Names are resolved here once, and addresses that are not allowed get no
//! connection.

use super::address::allowed;
use crate::policy::HttpPolicy;
use crate::ports::NameResolver;
use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, redirect};
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use url::Url;

/// A request that has passed the checks of origin, address and headers. It contains the secrets.
#[derive(Clone, Debug)]
pub struct Outgoing {
    pub method: Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Option<Vec<u8>>,
    /// Whether private addresses may be reached.
    pub private: bool,
}

/// The head of an answer, and the stream of its body.
pub struct Incoming {
    pub status: u16,
    pub headers: HeaderMap,
    /// The pieces of the body after decompression. An error means that the body was cut short. Its text contains no
    /// part of the URL except the host.
    pub body: BoxStream<'static, Result<Bytes, String>>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// The name leads only to addresses that the plugin may not reach.
    OffLimits,
    /// The host and the cause, as text.
    Failed(String),
}

/// Sends requests. The caller enforces the limits of time and size. Redirects must be returned, not followed.
#[async_trait]
pub trait Transport: Send + Sync {
    async fn send(&self, request: Outgoing) -> Result<Incoming, NoAnswer>;
}

/// The system's HTTP client.
pub struct SystemTransport {
    connect: Duration,
    resolver: Arc<dyn NameResolver>,
    /// Created at the first use: reading the trusted certificates takes a while, and most plugins send no requests.
    public: OnceLock<Client>,
    private: OnceLock<Client>,
}

impl SystemTransport {
    pub fn new(policy: &HttpPolicy, resolver: Arc<dyn NameResolver>) -> Self {
        SystemTransport { connect: policy.connect, resolver, public: OnceLock::new(), private: OnceLock::new() }
    }

    fn client(&self, private: bool) -> Result<&Client, NoAnswer> {
        let slot = if private { &self.private } else { &self.public };
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        // Reqwest uses the TLS provider of the process. Later calls do nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(concat!("AFPI-CRM/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(self.connect)
            .pool_idle_timeout(Duration::from_secs(30))
            .dns_resolver(Arc::new(Checked { resolver: self.resolver.clone(), private }))
            .build()
            .map_err(|error| NoAnswer::Failed(format!("the HTTP client cannot start: {}", error.without_url())))?;
        Ok(slot.get_or_init(|| client))
    }
}

#[async_trait]
impl Transport for SystemTransport {
    async fn send(&self, out: Outgoing) -> Result<Incoming, NoAnswer> {
        let host = out.url.host_str().unwrap_or_default().to_owned();
        let mut request = self.client(out.private)?.request(out.method, out.url).headers(out.headers);
        if let Some(body) = out.body {
            request = request.body(body);
        }
        let answer = request.send().await.map_err(|error| match was_refused(&error) {
            true => NoAnswer::OffLimits,
            false => NoAnswer::Failed(reason(&host, error)),
        })?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.bytes_stream().map(move |piece| piece.map_err(|error| reason(&host, error))).boxed();
        Ok(Incoming { status, headers, body })
    }
}

/// Resolves a name and keeps the allowed addresses. The client connects to one of these only.
struct Checked {
    resolver: Arc<dyn NameResolver>,
    private: bool,
}

/// The name leads only to addresses that the plugin may not reach.
#[derive(Debug, thiserror::Error)]
#[error("this name leads to addresses that are off limits")]
struct OffLimits;

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolver, private) = (self.resolver.clone(), self.private);
        Box::pin(async move {
            let found = resolver.resolve(name.as_str()).await?;
            let some = !found.is_empty();
            let kept: Vec<SocketAddr> =
                found.into_iter().filter(|ip| allowed(*ip, private)).map(|ip| SocketAddr::new(ip, 0)).collect();
            if some && kept.is_empty() {
                return Err(OffLimits.into());
            }
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error as &(dyn std::error::Error + 'static)), |error| error.source())
}

fn was_refused(error: &reqwest::Error) -> bool {
    causes(error).any(|cause| cause.is::<OffLimits>())
}

/// The host and the innermost cause. It contains nothing of paths, queries or headers.
fn reason(host: &str, error: reqwest::Error) -> String {
    let error = error.without_url();
    match causes(&error).last() {
        Some(cause) => format!("{host}: {cause}"),
        None => format!("{host}: {error}"),
    }
}
