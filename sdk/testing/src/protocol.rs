//! The messages between a test and the harness, one JSON object per line: each [`Ask`] gets one [`Reply`], in order.
//!
//! ```text
//! → {"id":1,"do":"describe"}
//! ← {"id":1,"ok":{"protocol":1,"manifest":{…},"sha256":"…","size":81234,"functions":["config-schema",…]}}
//! → {"id":2,"do":"seat","config":{"url":"https://chat.example.fr/hook"}}
//! ← {"id":2,"ok":null}
//! → {"id":3,"do":"expect","request":{"method":"POST","url":"https://chat.example.fr/hook"},"answer":{"status":204}}
//! ← {"id":3,"ok":null}
//! → {"id":4,"do":"call","function":"notify","args":[{"name":"opportunite.created",…}]}
//! ← {"id":4,"ok":[]}
//! → {"id":5,"do":"seen"}
//! ← {"id":5,"ok":{"requests":[…],"lines":[…],"figures":{},"notes":{},"jobs":[],"events":[],"denied":[],"unmet":[]}}
//! ```
//!
//! Functions have their name in `wit/` (`notify`, `validate-config`, `pass.next`), arguments come in order. Records are
//! objects with the field names of `wit/` in snake case (`entreprise_name`), enums and variants without a value are
//! their name in camel case with a capital (`"Forward"`), variants with a value an object of one field
//! (`{"Role":"manager"}`), options `null` or the value. What is JSON text in `wit/` is a string here as well. A
//! resource is the number it was opened under.
//!
//! Unreadable lines and impossible requests get an error of `kind` `harness`.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Increases when the meaning of a message changes.
pub const PROTOCOL: u32 = 1;

/// A numbered [`Ask`].
#[derive(Debug, Serialize, Deserialize)]
pub struct Numbered {
    /// The reply repeats it.
    pub id: u64,
    #[serde(flatten)]
    pub ask: Ask,
}

/// The requests of a test.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Ask {
    /// Asks for the plugin's manifest and functions.
    Describe,
    /// Sets the plugin's site and settings. Before the first one it is on the site `AFPI-TEST` with settings `{}` and
    /// all grants that its manifest asks for.
    Seat(Seat),
    /// Sets the world of the following calls.
    Set(Setting),
    /// Scripts an answer of the web. When several match a request, the first unused one answers.
    Expect {
        request: Request,
        answer: Answer,
        /// How often it answers. Absent: always.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        times: Option<u32>,
    },
    /// Sets the records that it may read, replacing earlier ones. An absent list stays. Their `localisation` is their
    /// site: `describe` gives the plugin's site. `entries` are what
    /// `records-query` finds, in the order of creation, with their data as a JSON text; a kind has the fields that the
    /// manifest names, shaped as the values that stand there.
    Records {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        opportunites: Option<Vec<Value>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entreprises: Option<Vec<Value>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entries: Option<Vec<Value>>,
    },
    /// Calls an exported function.
    Call { function: String, args: Vec<Value> },
    /// Asks for everything that the plugin did so far.
    Seen,
}

/// See [`Ask::Seat`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Seat {
    /// A localisation's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_code: Option<String>,
    /// The settings, an object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<Value>,
    /// Capabilities by name, e.g. `http-client`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grants: Option<Vec<String>>,
}

/// See [`Ask::Set`]. Absent fields stay.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Setting {
    /// Epoch ms; 2026-01-05T08:00:00Z until then. The clock stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<i64>,
    /// The start of the random numbers. The same seed gives the same numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// `fr` or `en`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Secrets by name, entered on the present site.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: BTreeMap<String, String>,
    /// Notes by key, written on the present site.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub notes: BTreeMap<String, String>,
}

/// An expected request. Absent fields match anything.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Request {
    /// `GET`, `POST`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The whole address, or its beginning followed by `*`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Headers that it must have, among others; names in any case.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Texts its body must contain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub body_has: Vec<String>,
}

/// An answer of the scripted web.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Answer {
    /// 200 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The body, in pieces.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chunks: Vec<String>,
    /// The connection breaks after the last piece.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
    /// No answer, with this error text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreachable: Option<String>,
    /// Time until the head arrives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
}

/// Everything that a plugin did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    /// Requests that passed the guards, in order.
    pub requests: Vec<SeenRequest>,
    /// Lines it logged, in order.
    pub lines: Vec<Line>,
    /// Lines that were dropped because there were too many.
    pub lines_dropped: usize,
    /// Published figures: sums of counters, last values of gauges.
    pub figures: BTreeMap<String, i64>,
    /// Its notes on the present site. Values that are not text are left out.
    pub notes: BTreeMap<String, String>,
    /// Jobs that it enqueued, in order. None of them runs by itself: call `run`.
    pub jobs: Vec<SeenJob>,
    /// Events it announced, in order.
    pub events: Vec<SeenEvent>,
    /// Capabilities that were used without their grant, in order.
    pub denied: Vec<String>,
    /// Requests without a matching script, and scripts whose `times` are not used up, in words.
    pub unmet: Vec<String>,
}

/// A request as it would leave the machine, with secrets filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeenRequest {
    pub method: String,
    pub url: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    /// As text. Invalid bytes are replaced.
    pub body: String,
}

/// A job that the plugin enqueued.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeenJob {
    pub kind: String,
    /// JSON text.
    pub payload: String,
    pub run_after_ms: u64,
    pub dedupe_key: Option<String>,
}

/// An event a plugin announced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeenEvent {
    /// The full name: `plugin.<id>.<name>`.
    pub name: String,
    /// Id of its opportunité.
    pub opportunite: Option<String>,
    /// JSON text.
    pub payload: String,
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// `debug`, `info`, `warn` or `error`.
    pub level: String,
    pub message: String,
}

/// The answer to an [`Ask`].
#[derive(Debug, Serialize, Deserialize)]
pub struct Reply {
    /// The number of the request; 0 for an unreadable line.
    pub id: u64,
    #[serde(flatten)]
    pub result: Outcome,
}

/// A value or an error.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Ok(Value),
    Error(Refusal),
}

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    /// `error` when the plugin answered with an error of the contract; `trap`, `timeout`, `memory`, `host-budget`,
    /// `quarantined` or `busy` when it did not answer; `harness` when the request was wrong.
    pub kind: String,
    /// In words.
    pub message: String,
    /// The contract's error, for the kind `error`.
    #[serde(default)]
    pub error: Value,
}

impl Request {
    /// A request of this method to this address, which may end in `*`.
    pub fn new(method: &str, url: &str) -> Self {
        Request { method: Some(method.into()), url: Some(url.into()), ..Request::default() }
    }

    /// See [`Request::new`].
    pub fn get(url: &str) -> Self {
        Request::new("GET", url)
    }

    /// See [`Request::new`].
    pub fn post(url: &str) -> Self {
        Request::new("POST", url)
    }

    /// It must have this header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// Its body must contain this text.
    pub fn body_has(mut self, text: &str) -> Self {
        self.body_has.push(text.into());
        self
    }
}

impl Answer {
    /// This status and no body.
    pub fn status(status: u16) -> Self {
        Answer { status: Some(status), ..Answer::default() }
    }

    /// 200 with this body.
    pub fn text(body: impl Into<String>) -> Self {
        Answer { chunks: vec![body.into()], ..Answer::default() }
    }

    /// 200 with this JSON.
    pub fn json(body: &Value) -> Self {
        Answer::text(body.to_string()).header("content-type", "application/json")
    }

    /// No server answers.
    pub fn unreachable() -> Self {
        Answer { unreachable: Some("connection refused".into()), ..Answer::default() }
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// The body breaks off.
    pub fn cut(mut self) -> Self {
        self.cut = true;
        self
    }

    /// Adds a delay.
    pub fn after_ms(mut self, milliseconds: u64) -> Self {
        self.delay_ms = Some(milliseconds);
        self
    }
}
