//! “Calls the declared web addresses.” Requests to the hosts of the manifest, answers read piece by piece. Redirects
//! are not followed: a 3xx is an answer like any other.
//!
//! ```
//! use afpi_sdk::notifier::{Error, Result, http};
//!
//! fn post(text: &str) -> Result<()> {
//!     let answer = http::post("https://chat.example.fr/hook")
//!         .header("Content-Type", "application/json")
//!         .secret_header("Authorization", "Bearer ", "token")
//!         .body(afpi_sdk::serde_json::json!({ "text": text }).to_string())
//!         .send()?;
//!     if answer.is_success() { Ok(()) } else { Err(Error::Unavailable(format!("the chat answers {}", answer.status()))) }
//! }
//! # afpi_sdk::testing::on_http(|_| Ok(afpi_sdk::testing::Answer::with_status(204, "")));
//! # post("bonjour").unwrap();
//! ```

use std::io::Read;

use serde::de::DeserializeOwned;

use super::side::http_client as side;
pub use crate::bindings::base::afpi::host::http_client::{Header, Method};
use crate::bindings::base::afpi::host::http_client::{Request as Wire, SecretHeader};
use crate::types::{Error, Result};

/// The most bytes of one read from the host.
const CHUNK: u32 = 64 * 1024;

/// A request under construction. Nothing happens before [`Request::send`].
///
/// ```
/// use afpi_sdk::notifier::http::{self, Method};
///
/// let request = http::request(Method::Put, "https://api.example.fr/rooms/3")
///     .header("If-Match", "\"7\"")
///     .secret_header("Authorization", "Bearer ", "token")
///     .body(r#"{"open":true}"#)
///     .timeout_ms(5_000);
/// # afpi_sdk::testing::on_http(|sent| Ok(afpi_sdk::testing::Answer::with_status(if sent.timeout_ms == 5_000 { 204 } else { 400 }, "")));
/// assert_eq!(request.send().unwrap().status(), 204);
/// ```
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct Request(Wire);

/// A GET request.
///
/// ```
/// use afpi_sdk::connector::http;
/// # afpi_sdk::testing::on_http(|_| Ok(afpi_sdk::testing::Answer::ok(r#"["a","b"]"#)));
/// let names: Vec<String> = http::get("https://directory.example.fr/names").send().unwrap().json(1 << 20).unwrap();
/// assert_eq!(names, ["a", "b"]);
/// ```
pub fn get(url: impl Into<String>) -> Request {
    request(Method::Get, url)
}

/// A POST request. See the example [above](self).
pub fn post(url: impl Into<String>) -> Request {
    request(Method::Post, url)
}

/// A request with any method, as in the example of [`Request`]. Its time limit is 30 seconds; [`Request::timeout_ms`]
/// changes it.
pub fn request(method: Method, url: impl Into<String>) -> Request {
    Request(Wire {
        method,
        url: url.into(),
        headers: Vec::new(),
        secret_headers: Vec::new(),
        body: None,
        timeout_ms: 30_000,
    })
}

impl Request {
    /// Adds a header of at most 8 KiB; 64 of them at most. `Host` and hop-by-hop headers belong to the host and are
    /// refused.
    pub fn header(mut self, name: &str, value: &str) -> Request {
        self.0.headers.push(Header { name: name.into(), value: value.into() });
        self
    }

    /// Adds a header whose value is `prefix` and then the secret of this name. The host fills in the secret. The
    /// manifest declares the name.
    pub fn secret_header(mut self, name: &str, prefix: &str, secret: &str) -> Request {
        self.0.secret_headers.push(SecretHeader { name: name.into(), prefix: prefix.into(), secret: secret.into() });
        self
    }

    /// Sets the body, at most 1 MiB.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Request {
        self.0.body = Some(body.into());
        self
    }

    /// From connecting to the last byte of the body, in milliseconds; at most 120 000.
    pub fn timeout_ms(mut self, milliseconds: u32) -> Request {
        self.0.timeout_ms = milliseconds;
        self
    }

    /// Sends it and waits for the head of the answer. Any status is an answer, not an error.
    ///
    /// # Errors
    /// `denied` for an address or secret without a grant and while a change is being decided, `not-found` for a secret
    /// that nobody has entered, `invalid` for refused headers and a body that is too long, `unavailable` when no answer
    /// comes in time.
    pub fn send(self) -> Result<Response> {
        side::send(&self.0).map(|inner| Response { inner, rest: Vec::new(), taken: 0, ended: false })
    }
}

/// An answer. The body is read piece by piece, either with [`Response::chunk`] or as [`std::io::Read`], or whole.
///
/// ```
/// use afpi_sdk::connector::{Result, http};
/// use std::io::{BufRead, BufReader};
///
/// /// Counts lines without ever holding more than one.
/// fn lines(url: &str) -> Result<usize> {
///     let answer = http::get(url).send()?;
///     if !answer.is_success() || answer.header("content-type").as_deref() != Some("text/csv") {
///         return Ok(0);
///     }
///     Ok(BufReader::new(answer).lines().map_while(|line| line.ok()).count())
/// }
/// # use afpi_sdk::testing::{Answer, Header, on_http};
/// # on_http(|_| Ok(Answer { headers: vec![Header { name: "Content-Type".into(), value: "text/csv".into() }], ..Answer::ok("a\nb\n") }));
/// # assert_eq!(lines("https://x.example/a.csv").unwrap(), 2);
/// ```
pub struct Response {
    inner: side::Response,
    rest: Vec<u8>,
    taken: usize,
    ended: bool,
}

impl Response {
    /// The status code.
    pub fn status(&self) -> u16 {
        self.inner.status()
    }

    /// Is the status between 200 and 299?
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status())
    }

    /// The headers in the order received, at most 100.
    pub fn headers(&self) -> Vec<Header> {
        self.inner.headers()
    }

    /// The first header of this name, upper and lower case alike.
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers().into_iter().find(|header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value)
    }

    /// The next piece of the body, of at most 64 KiB, or `None` at its end.
    ///
    /// # Errors
    /// `unavailable` when the body was cut short, came too late or is larger than allowed: a broken body never looks
    /// like a finished one.
    pub fn chunk(&mut self) -> Result<Option<Vec<u8>>> {
        if self.taken < self.rest.len() {
            let rest = self.rest.split_off(self.taken);
            self.rest.clear();
            self.taken = 0;
            return Ok(Some(rest));
        }
        if self.ended {
            return Ok(None);
        }
        let chunk = self.inner.read(CHUNK)?;
        self.ended = chunk.is_none();
        Ok(chunk)
    }

    /// The whole body, if it has at most `limit` bytes.
    ///
    /// # Errors
    /// As [`Response::chunk`]; `other` when it is longer.
    pub fn bytes(mut self, limit: usize) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        while let Some(chunk) = self.chunk()? {
            if body.len() + chunk.len() > limit {
                return Err(Error::other(format_args!("the answer is longer than {limit} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    /// The whole body as JSON, if it has at most `limit` bytes.
    ///
    /// # Errors
    /// As [`Response::bytes`]; `other` when it is not the JSON of a `T`.
    pub fn json<T: DeserializeOwned>(self, limit: usize) -> Result<T> {
        Ok(serde_json::from_slice(&self.bytes(limit)?)?)
    }
}

impl Read for Response {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        while self.taken == self.rest.len() {
            match self.chunk().map_err(std::io::Error::other)? {
                None => return Ok(0),
                Some(chunk) => (self.rest, self.taken) = (chunk, 0),
            }
        }
        let count = out.len().min(self.rest.len() - self.taken);
        out[..count].copy_from_slice(&self.rest[self.taken..self.taken + count]);
        self.taken += count;
        Ok(count)
    }
}
