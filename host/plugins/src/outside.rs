//! Requests of the host itself to addresses that people typed. They pass the same gate as those of plugins: no address of
//! this machine or its network unless that is allowed, one resolution of the name, no redirect, limits of time and size.

use crate::capabilities::http_client::{HttpGate, Outgoing, SystemTransport, Transport};
use crate::contract::Error;
use crate::policy::HttpPolicy;
use crate::ports::{NameResolver, SystemResolver};
use reqwest::Method;
use reqwest::header::HeaderMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use url::Url;

/// Sends the requests. Clones share its connections.
#[derive(Clone)]
pub struct Outside {
    gate: HttpGate,
    private: bool,
}

/// The status of an answer and the beginning of its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub beginning: Vec<u8>,
}

impl Outside {
    /// `private`: whether addresses of this machine and its network may be reached.
    pub fn new(policy: HttpPolicy, private: bool) -> Self {
        Outside::resolving(policy, private, Arc::new(SystemResolver))
    }

    /// The same with another resolver.
    pub fn resolving(policy: HttpPolicy, private: bool, resolver: Arc<dyn NameResolver>) -> Self {
        let transport: Arc<dyn Transport> = Arc::new(SystemTransport::new(&policy, resolver));
        Outside { gate: HttpGate::new(policy, transport), private }
    }

    /// Posts a body and reads at most `most` bytes of the answer; the rest is not waited for. The error is the cause as
    /// text, with no more of the address than the host.
    pub async fn post(
        &self,
        url: Url,
        headers: HeaderMap,
        body: Vec<u8>,
        time: Duration,
        most: u32,
    ) -> Result<Answer, String> {
        let out = Outgoing { method: Method::POST, url, headers, body: Some(body), private: self.private };
        let mut response = self.gate.send(out, Instant::now() + time).await.map_err(said)?;
        let mut beginning = Vec::new();
        while beginning.len() < most as usize {
            // An answer that is cut short has been given all the same.
            match response.read(most - beginning.len() as u32).await {
                Ok(Some(piece)) => beginning.extend(piece),
                Ok(None) | Err(_) => break,
            }
        }
        Ok(Answer { status: response.status(), beginning })
    }
}

fn said(error: Error) -> String {
    match error {
        Error::Denied(text) => text.en,
        Error::Unavailable(reason) => reason,
        other => format!("{other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;
    use async_trait::async_trait;
    use std::net::IpAddr;

    struct Leads(IpAddr);

    #[async_trait]
    impl NameResolver for Leads {
        async fn resolve(&self, _host: &str) -> std::io::Result<Vec<IpAddr>> {
            Ok(vec![self.0])
        }
    }

    #[tokio::test]
    async fn an_address_of_this_machine_is_off_limits_by_number_and_by_name() {
        let policy = Policy::default().http;
        let inside = Outside::resolving(policy, false, Arc::new(Leads("127.0.0.1".parse().unwrap())));
        for url in [
            "http://127.0.0.1:9/",
            "http://[::1]:9/",
            "http://10.0.0.1/",
            "http://169.254.169.254/",
            "http://crm.test:9/",
        ] {
            let url = Url::parse(url).unwrap();
            let refused = inside.post(url, HeaderMap::new(), vec![], Duration::from_secs(5), 10).await.unwrap_err();
            assert!(refused.contains("internal or reserved"), "{refused}");
        }
    }
}
