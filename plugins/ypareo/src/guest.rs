//! A thin layer to the host: the plugin's exports, and the host's capabilities as [`Outside`].

use crate::outside::{Answer, Outside, Trouble};
use crate::settings::{Settings, base_address};
use crate::{check, pass};
use afpi_sdk::connector::{Batch, Connector, Pass, Probe, clock, http, kv, log, secrets};
use afpi_sdk::{Error, FieldProblem, Plugin, Result};

/// The name under which an administrator enters the token.
const TOKEN: &str = "token";

struct Ypareo;

/// The host's capabilities.
struct Host;

impl Plugin for Ypareo {
    type Config = Settings;

    fn validate(settings: &Settings) -> Vec<FieldProblem> {
        let mut problems: Vec<FieldProblem> =
            base_address(&settings.base_url).err().map(|bad| bad.problem()).into_iter().collect();
        problems.extend(settings.problems());
        problems
    }
}

impl Connector for Ypareo {
    type Pass = pass::Pass<Host>;

    fn check(settings: &Settings) -> Vec<Probe> {
        check::check(Host, settings.clone(), secrets::has(TOKEN))
    }

    fn open(settings: Settings, entities: Vec<String>) -> Result<Self::Pass> {
        pass::Pass::open(Host, settings, &entities)
    }
}

impl Pass for pass::Pass<Host> {
    fn next(&mut self, max: u32) -> Result<Batch> {
        self.next(max)
    }
}

impl Outside for Host {
    type Answer = http::Response;

    fn get(&mut self, url: &str, timeout_ms: u32) -> std::result::Result<http::Response, Trouble> {
        http::get(url)
            .header("Accept", "application/json")
            .secret_header("X-Auth-Token", "", TOKEN)
            .timeout_ms(timeout_ms)
            .send()
            .map_err(trouble)
    }

    fn now(&self) -> i64 {
        clock::now()
    }

    fn recall(&self, key: &str) -> Option<Vec<u8>> {
        kv::get(key).ok().flatten()
    }

    fn remember(&mut self, key: &str, value: &[u8]) -> bool {
        kv::set(key, value).is_ok()
    }

    fn warn(&self, line: &str) {
        log::warn(line);
    }
}

impl Answer for http::Response {
    fn status(&self) -> u16 {
        self.status()
    }

    fn header(&self, name: &str) -> Option<String> {
        self.header(name)
    }

    fn read(&mut self) -> std::result::Result<Option<Vec<u8>>, Trouble> {
        self.chunk().map_err(trouble)
    }
}

fn trouble(error: Error) -> Trouble {
    match error {
        Error::Denied(text) => Trouble::Denied(text),
        Error::RateLimited(ms) => Trouble::Wait(ms),
        Error::Unavailable(why) | Error::Other(why) => Trouble::Away(why),
        other => Trouble::Away(other.to_string()),
    }
}

afpi_sdk::connector::export!(Ypareo);
