//! `http-client`: requests to declared addresses only, over a connection to an address that was checked.
//!
//! Redirects are returned to the guest and never followed. There is no proxy and no cookie, and each name is resolved
//! only once. Secrets are written into headers here and appear nowhere else.

mod address;
mod gate;
mod headers;
mod origin;
mod response;
mod transport;

pub(crate) use gate::HttpGate;
pub(crate) use origin::Origin;
pub use response::Response;
pub use transport::{Incoming, NoAnswer, Outgoing, SystemTransport, Transport};

use super::{denied, refusal, secrets};
use crate::bindings::host::afpi::host::http_client::{Host, HostResponse, Method, Request};
use crate::contract::{Error, Text};
use crate::seat::Seat;
use crate::state::{CallState, Ports};
use afpi_plugin_manifest::Capability;
use std::time::{Duration, Instant};
use wasmtime::component::Resource;

/// The cost of a request in a call's host budget. A read costs 2.
const COST: u32 = 200;

impl Host for CallState {
    async fn send(&mut self, request: Request) -> wasmtime::Result<Result<Resource<Response>, Error>> {
        if !self.admit(Capability::HttpClient, COST)? {
            return Ok(Err(refusal(self, Capability::HttpClient)));
        }
        self.cpu.pause();
        let answer = fetch(&self.seat, &self.ports, request).await;
        self.cpu.resume();
        match answer {
            Ok(response) => Ok(Ok(self.handles.push(response)?)),
            Err(error) => Ok(Err(error)),
        }
    }
}

impl HostResponse for CallState {
    fn status(&mut self, response: Resource<Response>) -> wasmtime::Result<u16> {
        self.spend(1)?;
        Ok(self.handles.get(&response)?.status())
    }

    fn headers(&mut self, response: Resource<Response>) -> wasmtime::Result<Vec<headers::Header>> {
        self.spend(2)?;
        Ok(self.handles.get(&response)?.headers())
    }

    async fn read(
        &mut self,
        response: Resource<Response>,
        max: u32,
    ) -> wasmtime::Result<Result<Option<Vec<u8>>, Error>> {
        self.spend(2)?;
        self.cpu.pause();
        let piece = self.handles.get_mut(&response)?.read(max).await;
        self.cpu.resume();
        Ok(piece)
    }

    fn drop(&mut self, response: Resource<Response>) -> wasmtime::Result<()> {
        self.handles.delete(response)?;
        Ok(())
    }
}

/// Runs the checks, cheap ones first, and then sends the request.
async fn fetch(seat: &Seat, ports: &Ports, request: Request) -> Result<Response, Error> {
    let refuse = |capability| {
        seat.health.denied(capability);
        ports.observer.denied(seat.who(), capability);
    };
    let policy = &ports.http.policy;
    let url = origin::target(&request.url, &seat.origins).map_err(|reason| {
        refuse(Capability::HttpClient);
        Error::Denied(reason)
    })?;
    let mut headers = headers::checked(&request.headers, policy)?;
    for wanted in &request.secret_headers {
        if !seat.grants.contains(Capability::Secrets) {
            refuse(Capability::Secrets);
            return Err(denied(Capability::Secrets));
        }
        let secret = ports.store(secrets::value(seat, &*ports.secrets, &wanted.secret)).await;
        let Some(secret) = secret.map_err(|error| Error::Unavailable(error.to_string()))? else {
            return Err(Error::NotFound(format!("secret {}", wanted.secret)));
        };
        headers::add_secret(&mut headers, wanted, &secret, policy)?;
    }
    let asked = Duration::from_millis(request.timeout_ms.max(1).into());
    let private = seat.grants.contains(Capability::PrivateRanges);
    let out = Outgoing { method: method(request.method), url, headers, body: request.body, private };
    let answer = ports.http.send(out, Instant::now() + asked.min(policy.total_most)).await;
    if let Err(Error::Denied(_)) = &answer {
        refuse(Capability::PrivateRanges);
    }
    answer
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Head => reqwest::Method::HEAD,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    }
}

/// A refusal of an address. It gives the reason, but of the URL only the host.
fn refused(host: &str, fr: &str, en: &str) -> Text {
    Text { fr: format!("{host} : {fr}"), en: format!("{host}: {en}") }
}
