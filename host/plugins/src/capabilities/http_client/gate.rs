//! The client behind the capability: two of them, one that connects to public addresses only and one, for plugins with
//! that grant, that also reaches private ones. Names are resolved here, once, and what is not allowed is never dialled.

use super::address::{Reach, reach};
use super::refused;
use super::response::Response;
use crate::contract::Error;
use crate::policy::HttpPolicy;
use crate::ports::NameResolver;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, redirect};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use url::{Host, Url};

pub(crate) struct HttpGate {
    pub policy: HttpPolicy,
    resolver: Arc<dyn NameResolver>,
    /// Made on first use: reading the trusted certificates takes a while, and most plugins never call out.
    public: OnceLock<Client>,
    private: OnceLock<Client>,
}

/// A request that has passed the origin and header checks.
pub(super) struct Outgoing {
    pub method: Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Option<Vec<u8>>,
    /// May private addresses be reached?
    pub private: bool,
    pub deadline: Instant,
}

impl HttpGate {
    pub fn new(policy: HttpPolicy, resolver: Arc<dyn NameResolver>) -> Self {
        HttpGate { policy, resolver, public: OnceLock::new(), private: OnceLock::new() }
    }

    pub(super) async fn send(&self, out: Outgoing) -> Result<Response, Error> {
        let host = out.url.host_str().unwrap_or_default().to_owned();
        // A literal address never meets the resolver below.
        let literal = match out.url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            _ => None,
        };
        if literal.is_some_and(|address| !allowed(address, out.private)) {
            return Err(Error::Denied(off_limits(&host)));
        }
        if out.body.as_ref().is_some_and(|body| body.len() > self.policy.request_bytes) {
            return Err(super::super::invalid("/body", "out-of-range", "Corps trop long.", "The body is too long."));
        }
        let mut request = self.client(out.private)?.request(out.method, out.url).headers(out.headers);
        if let Some(body) = out.body {
            request = request.body(body);
        }
        let answer = match tokio::time::timeout_at(out.deadline.into(), request.send()).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) if was_refused(&error) => return Err(Error::Denied(off_limits(&host))),
            Ok(Err(error)) => return Err(Error::Unavailable(reason(&host, error))),
            Err(_) => return Err(Error::Unavailable(format!("{host}: no answer in time"))),
        };
        Ok(Response::new(answer, host, out.deadline, &self.policy))
    }

    fn client(&self, private: bool) -> Result<&Client, Error> {
        let slot = if private { &self.private } else { &self.public };
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        let client = Client::builder()
            .user_agent(concat!("AFPI-CRM/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(self.policy.connect)
            .pool_idle_timeout(Duration::from_secs(30))
            .dns_resolver(Arc::new(Checked { resolver: self.resolver.clone(), private }))
            .build()
            .map_err(|error| Error::Other(format!("the HTTP client cannot start: {}", error.without_url())))?;
        Ok(slot.get_or_init(|| client))
    }
}

fn allowed(address: IpAddr, private: bool) -> bool {
    match reach(address) {
        Reach::Public => true,
        Reach::Private => private,
        Reach::Never => false,
    }
}

/// Resolves a name and keeps what may be dialled; the connection goes to one of exactly these.
struct Checked {
    resolver: Arc<dyn NameResolver>,
    private: bool,
}

/// A name that leads only where the plugin may not go.
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

fn off_limits(host: &str) -> crate::contract::Text {
    refused(host, "adresse interne ou réservée", "an internal or reserved address")
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error as &(dyn std::error::Error + 'static)), |error| error.source())
}

fn was_refused(error: &reqwest::Error) -> bool {
    causes(error).any(|cause| cause.is::<OffLimits>())
}

/// Host and innermost cause: enough to act on, and nothing of paths, queries or headers.
pub(super) fn reason(host: &str, error: reqwest::Error) -> String {
    let error = error.without_url();
    match causes(&error).last() {
        Some(cause) => format!("{host}: {cause}"),
        None => format!("{host}: {error}"),
    }
}
