//! `config`: the plugin's settings on this site.

use crate::bindings::host::afpi::host::config::Host;
use crate::state::CallState;

impl Host for CallState {
    fn get(&mut self) -> wasmtime::Result<String> {
        self.spend(1)?;
        Ok(self.seat.config.to_string())
    }
}
