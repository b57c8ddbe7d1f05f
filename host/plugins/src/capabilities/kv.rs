//! `kv`: a plugin's own notes on a site. A call reads its own writes at once. Other calls read them after it has ended.

use super::{denied, invalid, space};
use crate::bindings::host::afpi::host::kv::Host;
use crate::contract::{Error, Text};
use crate::ports::{Ledger, Quota, Space, StoreError};
use crate::state::CallState;
use afpi_plugin_manifest::Capability;
use std::collections::BTreeMap;

const LONGEST_KEY: usize = 256;
const LONGEST_VALUE: usize = 64 << 10;
const MOST_KEYS: usize = 500;

impl Host for CallState {
    async fn get(&mut self, key: String) -> wasmtime::Result<Result<Option<Vec<u8>>, Error>> {
        if let Err(refusal) = self.admit_notes(check_key(&key))? {
            return Ok(Err(refusal));
        }
        Ok(self.note(&key).await)
    }

    async fn set(&mut self, key: String, value: Vec<u8>) -> wasmtime::Result<Result<(), Error>> {
        if let Err(refusal) = self.admit_notes(check_key(&key).and_then(|()| check_value(&value)))? {
            return Ok(Err(refusal));
        }
        Ok(self.put_note(key, Some(value)).await)
    }

    async fn delete(&mut self, key: String) -> wasmtime::Result<Result<(), Error>> {
        if let Err(refusal) = self.admit_notes(check_key(&key))? {
            return Ok(Err(refusal));
        }
        Ok(self.put_note(key, None).await)
    }

    async fn keys(&mut self, prefix: String, after: Option<String>) -> wasmtime::Result<Result<Vec<String>, Error>> {
        if let Err(refusal) = self.admit_notes(Ok(()))? {
            return Ok(Err(refusal));
        }
        Ok(self.note_keys(&prefix, after).await)
    }
}

impl CallState {
    /// Checks the grant first, then the input.
    fn admit_notes(&mut self, input: Result<(), Error>) -> wasmtime::Result<Result<(), Error>> {
        let granted = self.admit(Capability::Kv, 20)? && self.seat.plugin.manifest().capabilities.kv.is_some();
        Ok(if granted { input } else { Err(denied(Capability::Kv)) })
    }

    async fn note(&mut self, key: &str) -> Result<Option<Vec<u8>>, Error> {
        if let Some(own) = self.effects.notes.get(key) {
            return Ok(own.clone());
        }
        let (ports, seat) = (self.ports.clone(), self.seat.clone());
        self.outside(ports.ledger.note(space(&seat), key)).await.map_err(away)
    }

    /// Writes or deletes a note, if the quota allows it.
    async fn put_note(&mut self, key: String, value: Option<Vec<u8>>) -> Result<(), Error> {
        let (ports, seat) = (self.ports.clone(), self.seat.clone());
        let mut usage = match self.usage {
            Some(known) => known,
            None => self.outside(ports.ledger.usage(space(&seat))).await.map_err(away)?,
        };
        let before = usage;
        if let Some(old) = self.note(&key).await? {
            usage.keys = usage.keys.saturating_sub(1);
            usage.bytes = usage.bytes.saturating_sub((key.len() + old.len()) as u64);
        }
        if let Some(value) = &value {
            usage.keys += 1;
            usage.bytes += (key.len() + value.len()) as u64;
        }
        if usage.breaks(Quota::from(&seat.plugin.manifest().capabilities), before) {
            return Err(full());
        }
        self.usage = Some(usage);
        self.effects.notes.insert(key, value);
        Ok(())
    }

    /// The keys in the store and the keys that this call has written, without those that it has deleted.
    async fn note_keys(&mut self, prefix: &str, after: Option<String>) -> Result<Vec<String>, Error> {
        let (ports, seat) = (self.ports.clone(), self.seat.clone());
        let own = std::mem::take(&mut self.effects.notes);
        let others = self.outside(others(&*ports.ledger, space(&seat), prefix, after.as_deref(), &own)).await;
        self.effects.notes = own;
        let mut found = others.map_err(away)?;
        let wanted = |key: &&String| key.starts_with(prefix) && after.as_ref().is_none_or(|after| *key > after);
        let written = self.effects.notes.iter().filter(|(_, value)| value.is_some()).map(|(key, _)| key);
        found.extend(written.filter(wanted).cloned());
        found.sort_unstable();
        found.truncate(MOST_KEYS);
        Ok(found)
    }
}

/// A page of keys that are not in `own`. Keys of `own` may fill whole pages of the store, so several pages are read
/// until there are enough keys.
async fn others(
    ledger: &dyn Ledger,
    space: Space<'_>,
    prefix: &str,
    after: Option<&str>,
    own: &BTreeMap<String, Option<Vec<u8>>>,
) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    let mut from = after.map(str::to_owned);
    loop {
        let page = ledger.notes(space, prefix, from.as_deref(), MOST_KEYS).await?;
        let last = page.len() < MOST_KEYS;
        from = page.last().cloned();
        found.extend(page.into_iter().filter(|key| !own.contains_key(key)));
        if last || found.len() >= MOST_KEYS {
            return Ok(found);
        }
    }
}

fn away(error: StoreError) -> Error {
    Error::Unavailable(error.to_string())
}

fn full() -> Error {
    Error::Conflict(Text {
        fr: "Les notes de cette extension ont atteint leur limite.".into(),
        en: "This plugin's notes have reached their quota.".into(),
    })
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
