//! `clock`: whole milliseconds, so that plugins cannot measure short times. Without the grant it always returns 0.

use crate::bindings::host::afpi::host::clock::Host;
use crate::state::CallState;
use afpi_plugin_manifest::Capability;

impl Host for CallState {
    fn now(&mut self) -> wasmtime::Result<i64> {
        if !self.admit(Capability::Clock, 1)? {
            return Ok(0);
        }
        Ok(self.ports.ambience.now())
    }
}
