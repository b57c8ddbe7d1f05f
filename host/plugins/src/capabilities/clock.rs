//! `clock`: whole milliseconds, so that it is no stopwatch. Without the grant it stands still at 0.

use crate::bindings::host::afpi::host::clock::Host;
use crate::state::CallState;
use afpi_plugin_manifest::Capability;
use std::time::{SystemTime, UNIX_EPOCH};

impl Host for CallState {
    fn now(&mut self) -> wasmtime::Result<i64> {
        if !self.admit(Capability::Clock, 1)? {
            return Ok(0);
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(i64::try_from(now.as_millis()).unwrap_or(i64::MAX))
    }
}
