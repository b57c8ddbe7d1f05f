//! `kv`: a plugin's own notes on a site. Sizes are checked here, quotas by the store in the write itself.

use super::{denied, invalid, space};
use crate::bindings::host::afpi::host::kv::Host;
use crate::contract::{Error, Text};
use crate::ports::StoreError;
use crate::state::CallState;
use afpi_plugin_manifest::{Capability, KvRequest};

const LONGEST_KEY: usize = 256;
const LONGEST_VALUE: usize = 64 << 10;
const MOST_KEYS: usize = 500;

impl Host for CallState {
    async fn get(&mut self, key: String) -> wasmtime::Result<Result<Option<Vec<u8>>, Error>> {
        if let Err(refusal) = self.open_notes(check_key(&key))? {
            return Ok(Err(refusal));
        }
        let found = self.ports.kv.get(space(&self.seat), &key).await;
        Ok(self.close_notes(found))
    }

    async fn set(&mut self, key: String, value: Vec<u8>) -> wasmtime::Result<Result<(), Error>> {
        let quota = match self.open_notes(check_key(&key).and_then(|()| check_value(&value)))? {
            Ok(quota) => quota,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let written = self.ports.kv.set(space(&self.seat), &key, &value, quota).await;
        Ok(self.close_notes(written))
    }

    async fn delete(&mut self, key: String) -> wasmtime::Result<Result<(), Error>> {
        if let Err(refusal) = self.open_notes(check_key(&key))? {
            return Ok(Err(refusal));
        }
        let deleted = self.ports.kv.delete(space(&self.seat), &key).await;
        Ok(self.close_notes(deleted))
    }

    async fn keys(&mut self, prefix: String, after: Option<String>) -> wasmtime::Result<Result<Vec<String>, Error>> {
        if let Err(refusal) = self.open_notes(Ok(()))? {
            return Ok(Err(refusal));
        }
        let found = self.ports.kv.keys(space(&self.seat), &prefix, after.as_deref(), MOST_KEYS).await;
        Ok(self.close_notes(found))
    }
}

impl CallState {
    /// Grant, then input; the guest's clock stops until [`CallState::close_notes`]. Answers the quota.
    fn open_notes(&mut self, input: Result<(), Error>) -> wasmtime::Result<Result<KvRequest, Error>> {
        let granted = self.admit(Capability::Kv, 20)?;
        let quota = self.seat.plugin.manifest().capabilities.kv.filter(|_| granted);
        let open = quota.ok_or_else(|| denied(Capability::Kv)).and_then(|quota| input.map(|()| quota));
        if open.is_ok() {
            self.cpu.pause();
        }
        Ok(open)
    }

    fn close_notes<T>(&mut self, result: Result<T, StoreError>) -> Result<T, Error> {
        self.cpu.resume();
        result.map_err(|error| match error {
            StoreError::Full => Error::Conflict(Text {
                fr: "Les notes de cette extension ont atteint leur limite.".into(),
                en: "This plugin's notes have reached their quota.".into(),
            }),
            other => Error::Unavailable(other.to_string()),
        })
    }
}

fn check_key(key: &str) -> Result<(), Error> {
    if (1..=LONGEST_KEY).contains(&key.len()) {
        return Ok(());
    }
    Err(invalid("/key", "out-of-range", "Une clé a de 1 à 256 octets.", "A key has 1 to 256 bytes."))
}

fn check_value(value: &[u8]) -> Result<(), Error> {
    if value.len() <= LONGEST_VALUE {
        return Ok(());
    }
    Err(invalid("/value", "out-of-range", "Une valeur a au plus 64 Kio.", "A value has at most 64 KiB."))
}
