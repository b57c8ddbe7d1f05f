//! `random`: bytes from the system's generator. Without the grant it returns no bytes.

use crate::bindings::host::afpi::host::random::Host;
use crate::state::CallState;
use afpi_plugin_manifest::Capability;

const MOST: u32 = 1024;

impl Host for CallState {
    fn bytes(&mut self, count: u32) -> wasmtime::Result<Vec<u8>> {
        if !self.admit(Capability::Random, 1)? {
            return Ok(Vec::new());
        }
        let mut bytes = vec![0; count.min(MOST) as usize];
        self.ports.ambience.random(&mut bytes)?;
        Ok(bytes)
    }
}
