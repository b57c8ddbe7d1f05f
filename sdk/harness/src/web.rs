//! The web of a test. It gives the scripted answers and records the requests. The checks before it are the host's own.

use afpi_plugin_testing::protocol::{Answer, Request, SeenRequest};
use afpi_plugins::ports::{Incoming, NoAnswer, Outgoing, Transport};
use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Default)]
pub struct Web(Mutex<Inside>);

#[derive(Default)]
struct Inside {
    scripts: Vec<Script>,
    requests: Vec<SeenRequest>,
    unexpected: Vec<String>,
}

struct Script {
    request: Request,
    answer: Answer,
    times: Option<u32>,
    used: u32,
}

impl Web {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a script. Returns its error if it is invalid.
    pub fn expect(&self, request: Request, answer: Answer, times: Option<u32>) -> Result<(), String> {
        headers(&answer)?;
        self.inside().scripts.push(Script { request, answer, times, used: 0 });
        Ok(())
    }

    pub fn requests(&self) -> Vec<SeenRequest> {
        self.inside().requests.clone()
    }

    /// Describes requests without a script, and unused scripts.
    pub fn unmet(&self) -> Vec<String> {
        let inside = self.inside();
        let waiting = inside.scripts.iter().filter_map(|script| {
            let times = script.times.filter(|times| *times > script.used)?;
            Some(format!("{} was expected {times} time(s) and came {} time(s)", shown(&script.request), script.used))
        });
        inside.unexpected.iter().cloned().chain(waiting).collect()
    }

    /// Records the request and finds its answer.
    fn answer(&self, seen: SeenRequest) -> Option<Answer> {
        let mut inside = self.inside();
        let found = inside
            .scripts
            .iter_mut()
            .find(|script| script.times.is_none_or(|times| script.used < times) && fits(&script.request, &seen));
        let answer = found.map(|script| {
            script.used += 1;
            script.answer.clone()
        });
        if answer.is_none() {
            inside.unexpected.push(format!("{} {} was not expected", seen.method, seen.url));
        }
        inside.requests.push(seen);
        answer
    }
}

#[async_trait]
impl Transport for Web {
    async fn send(&self, out: Outgoing) -> Result<Incoming, NoAnswer> {
        let host = out.url.host_str().unwrap_or_default().to_owned();
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let seen = SeenRequest {
            method: out.method.to_string(),
            url: out.url.to_string(),
            headers: out.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
            body: String::from_utf8_lossy(out.body.as_deref().unwrap_or_default()).into_owned(),
        };
        let Some(answer) = self.answer(seen) else {
            return Err(NoAnswer::Failed(format!("{host}: the test has no answer for this request")));
        };
        if let Some(delay) = answer.delay_ms {
            tokio::time::sleep(Duration::from_millis(delay)).await;
        }
        if let Some(reason) = answer.unreachable {
            return Err(NoAnswer::Failed(format!("{host}: {reason}")));
        }
        let headers = headers(&answer).map_err(NoAnswer::Failed)?;
        let mut body: Vec<Result<Bytes, String>> = answer.chunks.into_iter().map(|chunk| Ok(chunk.into())).collect();
        if answer.cut {
            body.push(Err(format!("{host}: connection closed before the body was complete")));
        }
        Ok(Incoming { status: answer.status.unwrap_or(200), headers, body: futures::stream::iter(body).boxed() })
    }
}

fn headers(answer: &Answer) -> Result<HeaderMap, String> {
    let entries = answer.headers.iter().map(|(name, value)| {
        let header = HeaderName::try_from(name).ok().zip(HeaderValue::try_from(value).ok());
        header.ok_or_else(|| format!("`{name}: {value}` is not a valid header"))
    });
    entries.collect()
}

fn fits(wanted: &Request, seen: &SeenRequest) -> bool {
    let url = wanted.url.as_ref().is_none_or(|url| match url.strip_suffix('*') {
        Some(beginning) => seen.url.starts_with(beginning),
        None => same_address(url, &seen.url),
    });
    let header = |(name, value): (&String, &String)| seen.headers.get(&name.to_lowercase()) == Some(value);
    wanted.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(&seen.method))
        && url
        && wanted.headers.iter().all(header)
        && wanted.body_has.iter().all(|text| seen.body.contains(text))
}

/// Tells whether two addresses are equal. `https://example.fr` and `https://example.fr/` are.
fn same_address(wanted: &str, seen: &str) -> bool {
    reqwest::Url::parse(wanted).is_ok_and(|wanted| wanted.as_str() == seen)
}

fn shown(request: &Request) -> String {
    let or_any = |part: &Option<String>, any: &str| part.clone().unwrap_or_else(|| any.to_owned());
    format!("{} {}", or_any(&request.method, "any method"), or_any(&request.url, "any address"))
}
