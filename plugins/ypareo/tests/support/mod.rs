//! The functions of the host that the connector uses, over a real socket, with a simulator in the same process.

use afpi_plugin_ypareo::outside::{Answer, Outside, Trouble};
use afpi_plugin_ypareo::pass::Pass;
use afpi_plugin_ypareo::settings::{Contacts, Settings};
use afpi_sdk::Error;
use afpi_sdk::connector::{Item, Skipped};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;
use ypareo_simulator::{Options, Simulator};

/// A simulator, and a connector that reads it.
pub struct Bench {
    runtime: Arc<Runtime>,
    pub simulator: Simulator,
    pub socket: Socket,
}

#[derive(Clone)]
pub struct Socket {
    runtime: Arc<Runtime>,
    client: reqwest::Client,
    token: String,
    notes: Rc<RefCell<BTreeMap<String, Vec<u8>>>>,
    pub lines: Rc<RefCell<Vec<String>>>,
    pub received: Rc<RefCell<u64>>,
}

pub struct Open {
    runtime: Arc<Runtime>,
    response: reqwest::Response,
    received: Rc<RefCell<u64>>,
}

/// The result of a pass.
#[derive(Debug, Default)]
pub struct Run {
    pub items: Vec<Item>,
    pub skipped: Vec<Skipped>,
    pub completed: Vec<String>,
    pub waits: Vec<u32>,
    pub error: Option<Error>,
}

impl Bench {
    pub fn new(options: Options) -> Self {
        let runtime = Arc::new(Runtime::new().expect("a runtime"));
        let simulator = runtime.block_on(Simulator::start(options)).expect("a free port");
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client");
        let token = simulator.options().token.clone();
        let (notes, lines, received) = Default::default();
        let socket = Socket { runtime: runtime.clone(), client, token, notes, lines, received };
        Bench { runtime, simulator, socket }
    }

    pub fn settings(&self) -> Settings {
        Settings {
            base_url: self.simulator.base_url(),
            contacts: Contacts::Jamais,
            timeout_seconds: 2,
            list_timeout_seconds: 20,
            ..Settings::default()
        }
    }

    pub fn run(&self, settings: Settings) -> Run {
        let mut pass = Pass::open(self.socket.clone(), settings, &[]).expect("it opens");
        let mut run = Run::default();
        loop {
            match pass.next(200) {
                Ok(batch) => {
                    run.items.extend(batch.items);
                    run.skipped.extend(batch.skipped);
                    run.completed.extend(batch.completed);
                    if batch.finished {
                        return run;
                    }
                }
                Err(Error::RateLimited(ms)) => run.waits.push(ms),
                Err(error) => {
                    run.error = Some(error);
                    return run;
                }
            }
        }
    }

    pub fn stop(self) {
        self.runtime.block_on(self.simulator.stop());
    }
}

impl Run {
    pub fn of(&self, entity: &str) -> Vec<&Item> {
        self.items.iter().filter(|item| item.entity == entity).collect()
    }

    /// All items as one text, so that tests can compare passes.
    pub fn text(&self) -> String {
        self.items
            .iter()
            .map(|i| format!("{} {} {} {} {}\n", i.entity, i.external_id, i.parent, i.archived, i.fields))
            .collect()
    }
}

impl Outside for Socket {
    type Answer = Open;

    fn get(&mut self, url: &str, timeout_ms: u32) -> Result<Open, Trouble> {
        let request = self.client.get(url).header("X-Auth-Token", &self.token).header("Accept", "application/json");
        let request = request.timeout(Duration::from_millis(timeout_ms.into()));
        // The timer must be created inside the runtime.
        let sent = self.runtime.block_on(async { request.send().await });
        let response = sent.map_err(|error| Trouble::Away(error.to_string()))?;
        Ok(Open { runtime: self.runtime.clone(), response, received: self.received.clone() })
    }

    fn now(&self) -> i64 {
        let since = std::time::UNIX_EPOCH.elapsed().expect("after 1970");
        i64::try_from(since.as_millis()).expect("before the year 292 million")
    }

    fn recall(&self, key: &str) -> Option<Vec<u8>> {
        self.notes.borrow().get(key).cloned()
    }

    fn remember(&mut self, key: &str, value: &[u8]) -> bool {
        self.notes.borrow_mut().insert(key.into(), value.into());
        true
    }

    fn warn(&self, line: &str) {
        self.lines.borrow_mut().push(line.into());
    }
}

impl Answer for Open {
    fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    fn header(&self, name: &str) -> Option<String> {
        self.response.headers().get(name)?.to_str().ok().map(str::to_owned)
    }

    fn read(&mut self) -> Result<Option<Vec<u8>>, Trouble> {
        let chunk = self.runtime.block_on(self.response.chunk()).map_err(|error| Trouble::Away(error.to_string()))?;
        *self.received.borrow_mut() += chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
        Ok(chunk.map(|chunk| chunk.to_vec()))
    }
}
