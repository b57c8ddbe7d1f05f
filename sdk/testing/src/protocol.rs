//! The lines between a test and the harness, one JSON object a line: each [`Ask`] gets one [`Reply`], in order.
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
//! Functions have their name of `wit/` (`notify`, `validate-config`, `pass.next`), arguments come in order. Records are
//! objects with the field names of `wit/` in snake case (`entreprise_name`), enums and variants without a value are
//! their name in camel case with a capital (`"Forward"`), variants with a value an object of one field
//! (`{"Role":"manager"}`), options `null` or the value. What is JSON text in `wit/` is a string here as well. A
//! resource is the number it was opened under.
//!
//! Lines that cannot be read and wishes that cannot be met are answered with an error whose `kind` is `harness`.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Goes up when a line changes its meaning.
pub const PROTOCOL: u32 = 1;

/// A numbered [`Ask`].
#[derive(Debug, Serialize, Deserialize)]
pub struct Numbered {
    /// Comes back with the reply.
    pub id: u64,
    #[serde(flatten)]
    pub ask: Ask,
}

/// What a test can ask for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Ask {
    /// Who the plugin is and which functions it has.
    Describe,
    /// Where the plugin sits and how it is set up. Before the first one it sits on the site `AFPI-TEST` with settings
    /// `{}` and everything granted that its manifest asks for.
    Seat(Seat),
    /// What the following calls find.
    Set(Setting),
    /// Scripts an answer of the web. Of several that fit a request the first that is not used up answers.
    Expect {
        request: Request,
        answer: Answer,
        /// How often it answers; always when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        times: Option<u32>,
    },
    /// Puts records there that it may read, in place of those that were; a list that is absent stays. Their
    /// `localisation` is the site they belong to: `describe` says which one the plugin sits on.
    Records {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        opportunites: Option<Vec<Value>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entreprises: Option<Vec<Value>>,
    },
    /// Calls an exported function.
    Call { function: String, args: Vec<Value> },
    /// What the plugin did to the world around it, since the beginning.
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
    /// Capabilities by their word, e.g. `http-client`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grants: Option<Vec<String>>,
}

/// See [`Ask::Set`]: what is absent stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Setting {
    /// Epoch ms; 2026-01-05T08:00:00Z until then. The clock stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<i64>,
    /// Where the random numbers begin. The same seed draws the same numbers.
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

/// A request that is waited for: what is absent fits any.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Request {
    /// `GET`, `POST`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The whole address, or with a `*` at its end the beginning of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Headers it must have, whatever else it has; names in any case.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Texts its body must contain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub body_has: Vec<String>,
}

/// What the scripted web answers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Answer {
    /// 200 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The body in the pieces in which it arrives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chunks: Vec<String>,
    /// After the last piece the connection breaks instead of ending.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
    /// Nobody answers; in these words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreachable: Option<String>,
    /// How long it takes until the head arrives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
}

/// What a plugin did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    /// Requests that passed the guards, in order.
    pub requests: Vec<SeenRequest>,
    /// Lines it logged, in order.
    pub lines: Vec<Line>,
    /// Lines that were dropped because there were too many.
    pub lines_dropped: usize,
    /// Published figures: counters added up, gauges as they were set last.
    pub figures: BTreeMap<String, i64>,
    /// Its notes on the present site; values that are no text are left out.
    pub notes: BTreeMap<String, String>,
    /// Jobs it gave itself, in order. None of them runs by itself: call `run`.
    pub jobs: Vec<SeenJob>,
    /// Events it announced, in order.
    pub events: Vec<SeenEvent>,
    /// Capabilities that were used without their grant, in order.
    pub denied: Vec<String>,
    /// Requests that no script fitted, and scripts with `times` that were not used up, in words.
    pub unmet: Vec<String>,
}

/// A request as it would have left the machine, secrets filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeenRequest {
    pub method: String,
    pub url: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    /// As text; bytes that are none are replaced.
    pub body: String,
}

/// A job a plugin gave itself.
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
    /// Whole: `plugin.<id>.<name>`.
    pub name: String,
    /// Id of the opportunité it is about.
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
    /// The number of what was asked; 0 for a line that could not be read.
    pub id: u64,
    #[serde(flatten)]
    pub result: Outcome,
}

/// Either of the two.
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
    /// `quarantined` or `busy` when it did not answer; `harness` when the question was wrong.
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

    /// Nobody there.
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

    /// Takes so long to come.
    pub fn after_ms(mut self, milliseconds: u64) -> Self {
        self.delay_ms = Some(milliseconds);
        self
    }
}
