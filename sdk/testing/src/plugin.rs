//! A plugin under test: set up its world, call it, and check what it did.

use crate::process::{Process, afpi};
use crate::protocol::{Answer, Ask, Outcome, Refusal, Request, Seat, Seen, Setting};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Why a call returned no value; see [`Refusal`].
pub type Failure = Refusal;

/// A plugin in its sandbox. Each one has its own world, so tests do not affect one another.
///
/// An error of the test itself (unknown function, arguments of the wrong shape, no harness) panics with the reason.
/// Dropping it panics when a request came that was not expected, or one that was expected [`once`](Plugin::expect_once)
/// did not.
pub struct Plugin {
    process: Process,
    seat: Seat,
}

impl Plugin {
    /// The plugin of the crate under test, compiled and packed once per test run.
    pub fn here() -> Self {
        static BUILT: OnceLock<PathBuf> = OnceLock::new();
        Plugin::load(BUILT.get_or_init(|| {
            if let Some(given) = std::env::var_os("AFPI_PLUGIN") {
                return given.into();
            }
            let folder = std::env::var_os("CARGO_MANIFEST_DIR").expect("`Plugin::here` needs to run under cargo");
            let built = Command::new(afpi()).args(["plugin", "--json", "build", "--dir"]).arg(folder).output();
            let built = built.unwrap_or_else(|error| panic!("{} cannot be started: {error}", afpi().display()));
            let said: Value = serde_json::from_slice(&built.stdout).unwrap_or_default();
            match said["file"].as_str() {
                Some(file) => file.into(),
                None => {
                    panic!("the plugin does not build: {}\n{}", said["error"], String::from_utf8_lossy(&built.stderr))
                }
            }
        }))
    }

    /// A packed plugin.
    pub fn load(file: impl AsRef<Path>) -> Self {
        Plugin { process: Process::start(file.as_ref()), seat: Seat::default() }
    }

    /// Its settings on the site; an object.
    pub fn config(&mut self, config: &impl Serialize) -> &mut Self {
        self.seat.config = Some(serde_json::to_value(config).expect("settings are JSON"));
        self.sit()
    }

    /// The grants, by their names in the manifest. Default: everything it asks for.
    pub fn grants(&mut self, capabilities: &[&str]) -> &mut Self {
        self.seat.grants = Some(capabilities.iter().map(|&word| word.into()).collect());
        self.sit()
    }

    /// Moves it to another site. Notes and secrets belong to a site.
    pub fn site(&mut self, id: &str, code: &str) -> &mut Self {
        (self.seat.site, self.seat.site_code) = (Some(id.into()), Some(code.into()));
        self.sit()
    }

    fn sit(&mut self) -> &mut Self {
        let seat = self.seat.clone();
        self.tell(Ask::Seat(seat))
    }

    /// Stops the clock at this instant, in epoch ms.
    pub fn now(&mut self, now: i64) -> &mut Self {
        self.tell(Ask::Set(Setting { now: Some(now), ..Setting::default() }))
    }

    /// The start of the random numbers.
    pub fn seed(&mut self, seed: u64) -> &mut Self {
        self.tell(Ask::Set(Setting { seed: Some(seed), ..Setting::default() }))
    }

    /// The language of the person behind the calls: `fr` or `en`.
    pub fn locale(&mut self, locale: &str) -> &mut Self {
        self.tell(Ask::Set(Setting { locale: Some(locale.into()), ..Setting::default() }))
    }

    /// Enters a secret on the present site, like an administrator.
    pub fn secret(&mut self, name: &str, value: &str) -> &mut Self {
        self.tell(Ask::Set(Setting { secrets: [(name.into(), value.into())].into(), ..Setting::default() }))
    }

    /// Sets a note on the present site.
    pub fn note(&mut self, key: &str, value: &str) -> &mut Self {
        self.tell(Ask::Set(Setting { notes: [(key.into(), value.into())].into(), ..Setting::default() }))
    }

    /// The opportunités that it may read. They all belong to the present site, whatever they contain.
    pub fn opportunites(&mut self, records: &impl Serialize) -> &mut Self {
        let opportunites = Some(self.local(records, "localisation"));
        self.tell(Ask::Records { opportunites, entreprises: None, entries: None })
    }

    /// The entreprises that it may read. They all belong to the present site, whatever they contain.
    pub fn entreprises(&mut self, records: &impl Serialize) -> &mut Self {
        let entreprises = Some(self.local(records, "localisation"));
        self.tell(Ask::Records { opportunites: None, entreprises, entries: None })
    }

    /// The entries it may query, in the order of creation. They all belong to the present site, whatever they say.
    pub fn entries(&mut self, entries: &impl Serialize) -> &mut Self {
        let entries = Some(self.local(entries, "site"));
        self.tell(Ask::Records { opportunites: None, entreprises: None, entries })
    }

    fn local(&mut self, records: &impl Serialize, place: &str) -> Vec<Value> {
        let Value::Array(mut records) = serde_json::to_value(records).expect("records are JSON") else {
            panic!("records come as a list");
        };
        let site = self.describe()["site"].clone();
        for record in &mut records {
            record[place] = site.clone();
        }
        records
    }

    /// Answers matching requests, any number of times.
    pub fn expect(&mut self, request: Request, answer: Answer) -> &mut Self {
        self.tell(Ask::Expect { request, answer, times: None })
    }

    /// Answers one matching request, which must come.
    pub fn expect_once(&mut self, request: Request, answer: Answer) -> &mut Self {
        self.tell(Ask::Expect { request, answer, times: Some(1) })
    }

    /// Calls an exported function by its name in `wit/`. `args` is a tuple, also for one argument: `(&event,)`.
    ///
    /// # Errors
    /// The plugin's own refusal, or how it failed to answer.
    pub fn call<T: DeserializeOwned>(&mut self, function: &str, args: impl Serialize) -> Result<T, Failure> {
        let args = match serde_json::to_value(args).expect("arguments are JSON") {
            Value::Array(args) => args,
            Value::Null => Vec::new(),
            _ => panic!("the arguments of `{function}` must be a tuple"),
        };
        match self.process.ask(Ask::Call { function: function.into(), args }) {
            Outcome::Ok(value) => Ok(serde_json::from_value(value)
                .unwrap_or_else(|error| panic!("`{function}` answers something else: {error}"))),
            Outcome::Error(refusal) if refusal.kind == "harness" => panic!("{}", refusal.message),
            Outcome::Error(refusal) => Err(refusal),
        }
    }

    /// Everything it did so far.
    pub fn seen(&mut self) -> Seen {
        serde_json::from_value(self.wish(Ask::Seen)).expect("the harness speaks this protocol")
    }

    /// Its manifest and functions.
    pub fn describe(&mut self) -> Value {
        self.wish(Ask::Describe)
    }

    fn tell(&mut self, ask: Ask) -> &mut Self {
        self.wish(ask);
        self
    }

    fn wish(&mut self, ask: Ask) -> Value {
        match self.process.ask(ask) {
            Outcome::Ok(value) => value,
            Outcome::Error(refusal) => panic!("{}", refusal.message),
        }
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let unmet = self.seen().unmet;
            assert!(unmet.is_empty(), "the web was not used as expected:\n{}", unmet.join("\n"));
        }
    }
}
