//! The last checks before a request is sent, and the limits for its answer, for every transport.

use super::address::allowed;
use super::refused;
use super::response::Response;
use super::transport::{NoAnswer, Outgoing, Transport};
use crate::contract::Error;
use crate::policy::HttpPolicy;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;
use url::Host;

#[derive(Clone)]
pub(crate) struct HttpGate {
    pub policy: HttpPolicy,
    transport: Arc<dyn Transport>,
}

impl HttpGate {
    pub fn new(policy: HttpPolicy, transport: Arc<dyn Transport>) -> Self {
        HttpGate { policy, transport }
    }

    pub(crate) async fn send(&self, out: Outgoing, deadline: Instant) -> Result<Response, Error> {
        let host = out.url.host_str().unwrap_or_default().to_owned();
        // A literal address does not go through a resolver.
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
        match tokio::time::timeout_at(deadline.into(), self.transport.send(out)).await {
            Ok(Ok(answer)) => Ok(Response::new(answer, host, deadline, &self.policy)),
            Ok(Err(NoAnswer::OffLimits)) => Err(Error::Denied(off_limits(&host))),
            Ok(Err(NoAnswer::Failed(reason))) => Err(Error::Unavailable(reason)),
            Err(_) => Err(Error::Unavailable(format!("{host}: no answer in time"))),
        }
    }
}

fn off_limits(host: &str) -> crate::contract::Text {
    refused(host, "adresse interne ou réservée", "an internal or reserved address")
}
