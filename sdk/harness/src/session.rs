//! One plugin in one runtime, in the environment of one test. Answers the requests of the protocol.

use crate::calls::{self, Passes};
use crate::web::Web;
use crate::world::Stage;
use afpi_plugin_testing::protocol::{Ask, Line, Outcome, PROTOCOL, Refusal, Seat, Seen, SeenEvent, SeenJob, Setting};
use afpi_plugins::manifest::Capability;
use afpi_plugins::ports::{Figure, Ledger, NewEvent, NewJob, Quota, Space};
use afpi_plugins::testing::{By, MemoryLedger, MemoryQueries, MemoryRecords, MemorySecrets, Recorder};
use afpi_plugins::{Binding, CallContext, Grants, LoadError, Locale, Plugin, Runtime, RuntimeOptions, Site};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// A plugin under test.
pub struct Session {
    pub(crate) runtime: Runtime,
    pub(crate) plugin: Arc<Plugin>,
    pub(crate) passes: Passes,
    pub(crate) locale: Locale,
    site: Site,
    /// The settings of the last `seat` request.
    config: Arc<str>,
    grants: Grants,
    calls: u64,
    web: Arc<Web>,
    stage: Arc<Stage>,
    records: Arc<MemoryRecords>,
    queries: Arc<MemoryQueries>,
    ledger: Arc<MemoryLedger>,
    secrets: Arc<MemorySecrets>,
    recorder: Arc<Recorder>,
}

/// An invalid request, with the reason.
pub(crate) struct Wrong(pub String);

impl<T: std::fmt::Display> From<T> for Wrong {
    fn from(error: T) -> Self {
        Wrong(error.to_string())
    }
}

impl From<Wrong> for Refusal {
    fn from(wrong: Wrong) -> Self {
        Refusal { kind: "harness".into(), message: wrong.0, error: Value::Null }
    }
}

impl Session {
    /// Loads a packed plugin into a new runtime and seats it with all requested grants. `cache` is the folder for
    /// compiled code. The function blocks while it compiles.
    pub fn new(file: &[u8], cache: Option<&Path>) -> Result<Self, LoadError> {
        let (web, stage) = (Arc::<Web>::default(), Arc::<Stage>::default());
        let records = Arc::<MemoryRecords>::default();
        let queries = Arc::<MemoryQueries>::default();
        let ledger = Arc::new(MemoryLedger::about(records.clone()));
        let (secrets, recorder) = (Arc::<MemorySecrets>::default(), Arc::<Recorder>::default());
        let mut options = RuntimeOptions::new(ledger.clone(), secrets.clone());
        options.cache = cache.map(Path::to_owned);
        options.observer = recorder.clone();
        options.transport = Some(web.clone());
        options.ambience = stage.clone();
        options.records = records.clone();
        options.queries = queries.clone();
        let runtime = Runtime::new(options).map_err(|error| LoadError::Invalid(error.to_string()))?;
        let plugin = runtime.load(file)?;
        let put = runtime.registry().put(plugin.clone());
        put.map_err(|error| LoadError::Invalid(error.to_string()))?;
        for asked in &plugin.manifest().capabilities.records_query {
            queries.name(asked.kind.as_str(), asked.fields.iter());
        }
        let site = match plugin.manifest().kind {
            afpi_plugins::manifest::Kind::Connector => Site::network(),
            _ => Site::new("00000000-0000-7000-8000-000000000001", "AFPI-TEST"),
        };
        let session = Session {
            grants: Grants::all_of(&plugin.manifest().capabilities),
            config: "{}".into(),
            locale: Locale::Fr,
            passes: Passes::default(),
            calls: 0,
            runtime,
            plugin,
            site,
            web,
            stage,
            records,
            queries,
            ledger,
            secrets,
            recorder,
        };
        session.sit().map_err(|wrong| LoadError::Invalid(wrong.0))?;
        Ok(session)
    }

    pub fn plugin(&self) -> &Arc<Plugin> {
        &self.plugin
    }

    /// The SHA-256 of the packed file, in hexadecimal.
    pub fn sha256(&self) -> String {
        self.plugin.sha256().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Answers one request.
    pub async fn answer(&mut self, ask: Ask) -> Outcome {
        let answer = match ask {
            Ask::Describe => Ok(self.describe()),
            Ask::Seat(seat) => self.seat(seat).map(|()| Value::Null).map_err(Refusal::from),
            Ask::Set(setting) => self.set(setting).map(|()| Value::Null).map_err(Refusal::from),
            Ask::Expect { request, answer, times } => {
                self.web.expect(request, answer, times).map(|()| Value::Null).map_err(|problem| Wrong(problem).into())
            }
            Ask::Records { opportunites, entreprises, entries } => {
                self.records(opportunites, entreprises, entries).map(|()| Value::Null).map_err(Refusal::from)
            }
            Ask::Call { function, args } => self.call(&function, &args).await,
            Ask::Seen => self.seen().await.map_err(Refusal::from),
        };
        match answer {
            Ok(value) => Outcome::Ok(value),
            Err(refusal) => Outcome::Error(refusal),
        }
    }

    /// Calls an exported function with JSON arguments.
    pub async fn call(&mut self, function: &str, args: &[Value]) -> Result<Value, Refusal> {
        calls::call(self, function, args).await
    }

    fn describe(&self) -> Value {
        json!({
            "protocol": PROTOCOL,
            "manifest": self.plugin.manifest(),
            "sha256": self.sha256(),
            "size": self.plugin.size(),
            "site": &*self.site.id,
            "functions": calls::functions(self.plugin.manifest()).collect::<Vec<_>>(),
        })
    }

    fn seat(&mut self, seat: Seat) -> Result<(), Wrong> {
        if let Some(id) = seat.site {
            self.runtime.registry().unbind(&self.site.id, self.plugin.id());
            self.site = Site::new(id, seat.site_code.unwrap_or_else(|| "AFPI-TEST".into()));
        }
        if let Some(config) = seat.config {
            self.config = config.to_string().into();
        }
        if let Some(words) = seat.grants {
            let known = |word: &String| {
                let found = word.parse::<Capability>().ok();
                found.ok_or_else(|| Wrong(format!("there is no capability `{word}`")))
            };
            self.grants = words.iter().map(known).collect::<Result<_, _>>()?;
        }
        self.sit()
    }

    fn sit(&self) -> Result<(), Wrong> {
        let binding = Binding { config: self.config.clone(), grants: self.grants.clone(), ..Binding::default() };
        Ok(self.runtime.registry().bind(self.site.clone(), self.plugin.id(), binding)?)
    }

    fn set(&mut self, setting: Setting) -> Result<(), Wrong> {
        if let Some(now) = setting.now {
            self.stage.set_now(now);
        }
        if let Some(seed) = setting.seed {
            self.stage.seed(seed);
        }
        match setting.locale.as_deref() {
            None => {}
            Some("fr") => self.locale = Locale::Fr,
            Some("en") => self.locale = Locale::En,
            Some(other) => return Err(Wrong(format!("the locale must be `fr` or `en`, not `{other}`"))),
        }
        for (name, value) in &setting.secrets {
            self.secrets.set(self.plugin.id(), &self.site.id, name, value);
        }
        for (key, value) in &setting.notes {
            self.ledger.set_note(self.plugin.id(), &self.site.id, key, value.as_bytes());
        }
        Ok(())
    }

    fn records(
        &self,
        opportunites: Option<Vec<Value>>,
        entreprises: Option<Vec<Value>>,
        entries: Option<Vec<Value>>,
    ) -> Result<(), Wrong> {
        if let Some(list) = opportunites {
            self.records.set_opportunites(serde_json::from_value(Value::Array(list))?);
        }
        if let Some(list) = entreprises {
            self.records.set_entreprises(serde_json::from_value(Value::Array(list))?);
        }
        if let Some(list) = entries {
            self.queries.set_entries(serde_json::from_value(Value::Array(list))?);
        }
        Ok(())
    }

    async fn seen(&self) -> Result<Value, Wrong> {
        let seen = self.recorder.seen();
        let mut figures = BTreeMap::new();
        for (_, name, figure) in seen.figures {
            let now: &mut i64 = figures.entry(name).or_default();
            match figure {
                Figure::Add(more) => *now = now.saturating_add_unsigned(more),
                Figure::Set(value) => *now = value,
            }
        }
        let mut notes = BTreeMap::new();
        for key in self.ledger.notes(self.space(), "", None, usize::MAX).await? {
            if let Some(Ok(text)) = self.ledger.note(self.space(), &key).await?.map(String::from_utf8) {
                notes.insert(key, text);
            }
        }
        Ok(serde_json::to_value(Seen {
            requests: self.web.requests(),
            lines: seen
                .lines
                .into_iter()
                .map(|(_, level, message)| Line { level: level.as_str().into(), message })
                .collect(),
            lines_dropped: seen.lines_dropped,
            figures,
            notes,
            jobs: self.ledger.waiting_jobs().into_iter().map(seen_job).collect(),
            events: self.ledger.heard().into_iter().map(seen_event).collect(),
            denied: seen.denied.iter().map(ToString::to_string).collect(),
            unmet: self.web.unmet(),
        })?)
    }

    /// Each call has a number, so that its log lines can be recognised.
    pub(crate) fn context(&mut self) -> CallContext {
        self.calls += 1;
        CallContext::new(self.locale, format!("call-{}", self.calls))
    }

    pub(crate) fn site(&self) -> &str {
        &self.site.id
    }

    /// Applies the effects of a finished pass.
    pub(crate) async fn settle(&mut self, pass: u64) -> Result<(), Wrong> {
        let effects = self.passes.take_effects(pass);
        let quota = Quota::from(&self.plugin.manifest().capabilities);
        Ok(self.ledger.apply(self.space(), &effects, quota).await?)
    }

    fn space(&self) -> Space<'_> {
        Space { plugin: self.plugin.id(), site: &self.site.id }
    }
}

fn seen_job(by: By<NewJob>) -> SeenJob {
    let NewJob { kind, payload, run_after, dedupe_key, .. } = by.what;
    SeenJob { kind, payload, run_after_ms: u64::try_from(run_after.as_millis()).unwrap_or(u64::MAX), dedupe_key }
}

fn seen_event(by: By<NewEvent>) -> SeenEvent {
    let NewEvent { name, opportunite, payload, .. } = by.what;
    SeenEvent { name, opportunite, payload }
}
